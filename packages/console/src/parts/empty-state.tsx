import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { CodeBlock } from './code-block.tsx';
import './empty-state.css';

interface EmptyStateProps {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly text: ReactNode;
  /** One real command that does the thing. */
  readonly command?: string;
  readonly action?: ReactNode;
}

/** Nothing here yet: says what would be here, and how it comes to be. */
export function EmptyState({ icon: Icon, title, text, command, action }: EmptyStateProps) {
  return (
    <div className="empty">
      <span className="empty-icon">
        <Icon size={20} aria-hidden="true" />
      </span>
      <h2>{title}</h2>
      <div className="empty-text">{text}</div>
      {action && <div className="row">{action}</div>}
      {command && (
        <div className="empty-command">
          <p className="faint">or from a terminal</p>
          <CodeBlock label="Command" text={command} />
        </div>
      )}
    </div>
  );
}
