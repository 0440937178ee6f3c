import { Link } from '@tanstack/react-router';
import { count, counted } from '../../format.ts';
import { Badge } from '../../parts/badge.tsx';
import { Card } from '../../parts/page.tsx';
import type { Overview } from './overview-page.tsx';

export function TopServers({ servers }: { readonly servers: Overview['topServers'] }) {
  const most = Math.max(1, ...servers.map((server) => server.messages));
  if (servers.length === 0) {
    return (
      <Card>
        <p className="soft">Nothing was called in the last 24 hours.</p>
      </Card>
    );
  }
  return (
    <Card padded={false}>
      <ul className="top-servers">
        {servers.slice(0, 6).map((server) => (
          <li key={server.id}>
            <Link to="/messages" search={{ server: server.name }}>
              <span className="top-share" style={{ width: `${(server.messages / most) * 96}%` }} aria-hidden="true" />
              <span className="clip">{server.name}</span>
              <span className="row num">
                {server.failed > 0 && <Badge tone="bad">{counted(server.failed, 'failed', 'failed')}</Badge>}
                {count(server.messages)}
                <span className="visually-hidden">messages</span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
