import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRead } from '../../api/hub.ts';
import { duration } from '../../format.ts';
import { useLiveEvents } from '../../live/use-live.ts';
import { Badge } from '../../parts/badge.tsx';
import { Card, Section } from '../../parts/page.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { MessageTitle } from '../messages/message-title.tsx';
import { OutcomeDot } from '../messages/outcome.tsx';

const asked = { limit: 8 };

/** The newest few; read again, at most every two seconds, when more arrive. */
export function LatestMessages() {
  const { data } = useRead('listMessages', asked, { keep: true });
  const queries = useQueryClient();
  useLiveEvents((event) => {
    if (event.type !== 'messages') return;
    void queries.invalidateQueries({ queryKey: ['messages', 'listMessages', asked] }, { cancelRefetch: false });
  });
  if (!data || data.items.length === 0) return null;
  return (
    <Section title="Latest messages" actions={<Link to="/messages">All messages</Link>}>
      <Card padded={false}>
        <ul className="latest">
          {data.items.map((message) => (
            <li key={message.id}>
              <Link to="/messages" search={{ open: message.id }}>
                <OutcomeDot outcome={message.outcome} />
                <MessageTitle message={message} />
                <span className="clip soft">{message.server?.name ?? '—'}</span>
                <span>{message.redactions > 0 && <Badge tone="brass">{message.redactions} redacted</Badge>}</span>
                <span className="faint num" title={`took ${duration(message.durationUs)}`}>
                  <RelativeTime at={message.at} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      </Card>
    </Section>
  );
}
