import { useRead } from '../api/hub.ts';
import './waiting-count.css';

/** How many held calls wait for the reader's answer. */
export function WaitingCount() {
  const waiting = useRead('listApprovals', { decidable: 'true', limit: 100 }).data;
  const count = waiting?.items.length ?? 0;
  if (count === 0) return null;
  const more = waiting?.next === null ? '' : '+';
  return (
    <span className="nav-count">
      {`${count}${more}`}
      <span className="visually-hidden"> waiting for you</span>
    </span>
  );
}
