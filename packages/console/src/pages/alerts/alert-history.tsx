import { RelativeTime } from '../../parts/relative-time.tsx';
import type { OpenAlert } from './alert-detail.tsx';

type Event = OpenAlert['history'][number];

/** What became of an alert, oldest first. */
export function AlertHistory({ history, firstAt }: { readonly history: readonly Event[]; readonly firstAt: string }) {
  return (
    <section className="alert-part">
      <h3>History</h3>
      <ol className="alert-list">
        <li>
          Raised <RelativeTime at={firstAt} />
        </li>
        {history.map((event) => (
          <li key={`${event.at} ${event.by?.id} ${event.state} ${event.comment}`}>
            <span className="soft">
              {event.by === null ? 'It ended by itself' : `${event.by.name || event.by.email} ${didOf(event)}`}{' '}
              <RelativeTime at={event.at} />
            </span>
            {event.comment !== null && <p className="alert-comment">{event.comment}</p>}
          </li>
        ))}
      </ol>
    </section>
  );
}

const did = { open: 'opened it again', acknowledged: 'took it on', resolved: 'resolved it', dismissed: 'dismissed it' };

function didOf({ state, owner, comment, by }: Event): string {
  if (state !== null) return did[state];
  if (owner === null) return 'gave it back';
  if (owner !== undefined) return owner.id === by?.id ? 'took it on' : `gave it to ${owner.name || owner.email}`;
  return comment === null ? 'changed it' : 'said';
}
