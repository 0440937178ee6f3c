import type { Message } from './message-search.ts';
import './message-title.css';

/** What a message asked for: the tool, prompt or resource first, the method beside it. */
export function MessageTitle({ message }: { readonly message: Pick<Message, 'method' | 'target'> }) {
  const { method, target } = message;
  if (target === null) return <span className="message-title mono clip">{method}</span>;
  return (
    <span className="message-title">
      <span className="mono clip">{target}</span>
      <span className="message-method faint clip">{method}</span>
    </span>
  );
}
