import { count } from '../../format.ts';
import { Badge } from '../../parts/badge.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import type { Alert } from './alert-search.ts';
import { SeverityDot, stateTones } from './severity.tsx';

export const alertHeads = [
  { key: 'pick', label: '' },
  { key: 'severity', label: 'Severity' },
  { key: 'title', label: 'Alert' },
  { key: 'where', label: 'Where' },
  { key: 'times', label: 'Times', align: 'end' },
  { key: 'last', label: 'Last' },
  { key: 'state', label: 'State' },
] as const;

interface AlertCellsProps {
  readonly alert: Alert;
  readonly picked: boolean;
  readonly onPick: () => void;
}

export function AlertCells({ alert, picked, onPick }: AlertCellsProps) {
  const { severity, title, count: times, lastAt, state, owner } = alert;
  return (
    <>
      <div role="gridcell" data-column="pick">
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={`Choose ${title}`}
          checked={picked}
          onClick={(event) => event.stopPropagation()}
          onChange={onPick}
        />
      </div>
      <div role="gridcell" data-column="severity">
        <SeverityDot severity={severity} />
      </div>
      <div role="gridcell" data-column="title" title={title}>
        {title}
      </div>
      <div role="gridcell" data-column="where" className="soft">
        {whereOf(alert)}
      </div>
      <div role="gridcell" data-column="times" data-align="end" className="num soft">
        {times > 1 && <>×&thinsp;{count(times)}</>}
      </div>
      <div role="gridcell" data-column="last" className="soft">
        <RelativeTime at={lastAt} />
      </div>
      <div role="gridcell" data-column="state" title={owner?.email}>
        <Badge tone={stateTones[state]}>{state}</Badge>{' '}
        {owner && <span className="soft">{owner.name || owner.email}</span>}
      </div>
    </>
  );
}

export function whereOf({ tool, server, member, kind }: Alert): string {
  const place = [tool, server?.name].filter((part) => part != null).join(' on ');
  const parts = [member?.name || member?.email, place].filter((part) => part !== undefined && part !== '');
  return parts.length > 0 ? parts.join(': ') : kind === 'operational' ? 'MCPVault' : '';
}
