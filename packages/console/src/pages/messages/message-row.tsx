import { clock, count, duration, exactTime } from '../../format.ts';
import { Badge } from '../../parts/badge.tsx';
import { useNow } from '../../parts/now.tsx';
import type { Message } from './message-search.ts';
import { MessageTitle } from './message-title.tsx';
import { OutcomeDot } from './outcome.tsx';

export const messageHeads = [
  { key: 'outcome', label: 'Outcome' },
  { key: 'at', label: 'Time' },
  { key: 'what', label: 'Message' },
  { key: 'server', label: 'Server' },
  { key: 'member', label: 'Member' },
  { key: 'redactions', label: 'Redacted' },
  { key: 'took', label: 'Took', align: 'end' },
] as const;

export function MessageCells({ message }: { readonly message: Message }) {
  const at = new Date(message.at);
  return (
    <>
      <div role="gridcell" data-column="outcome">
        <OutcomeDot outcome={message.outcome} />
      </div>
      <div role="gridcell" data-column="at" className="num soft" title={exactTime(at)}>
        <Day at={at} />
        {clock(at)}
      </div>
      <div role="gridcell" data-column="what">
        <MessageTitle message={message} />
      </div>
      <div role="gridcell" data-column="server" className="soft">
        {message.server?.name ?? (message.endpoint === null ? 'all servers' : message.endpoint)}
      </div>
      <div role="gridcell" data-column="member" className="soft" title={message.member.email}>
        {message.member.name || message.member.email}
      </div>
      <div role="gridcell" data-column="redactions">
        {message.redactions > 0 && (
          <Badge tone="brass">
            {count(message.redactions)} <span className="visually-hidden">redactions</span>
          </Badge>
        )}
      </div>
      <div role="gridcell" data-column="took" data-align="end" className="num soft">
        {message.outcome === 'sent' ? '' : duration(message.durationUs)}
      </div>
    </>
  );
}

/** The day, where it is not today. */
function Day({ at }: { readonly at: Date }) {
  const today = new Date(useNow()).toDateString() === at.toDateString();
  return today ? null : (
    <span className="faint">{at.toLocaleDateString('en', { day: 'numeric', month: 'short' })} </span>
  );
}
