import { Link, type LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { count } from '../../format.ts';
import { useNow } from '../../parts/now.tsx';
import type { Overview } from './overview-page.tsx';

/** Each number leads to the list that it counts. */
export function Numbers({ overview }: { readonly overview: Overview }) {
  const { servers, lastDay } = overview;
  // To the minute, so that the link does not change at every look.
  const from = new Date(Math.floor(useNow() / 60_000) * 60_000 - 86_400_000).toISOString();
  return (
    <nav className="numbers" aria-label="The last 24 hours">
      <Tile
        link={{ to: '/servers' }}
        name={servers.unavailable > 0 ? `servers ready, ${servers.unavailable} not` : 'servers ready'}
        tone={servers.unavailable > 0 ? 'warn' : undefined}
      >
        {count(servers.ready)}
        <small> / {count(servers.total)}</small>
      </Tile>
      <Tile link={{ to: '/messages', search: { from } }} name="messages">
        {count(lastDay.messages)}
      </Tile>
      <Tile
        link={{ to: '/messages', search: { from, redacted: 'yes' } }}
        name="redactions"
        tone={lastDay.redactions > 0 ? 'brass' : undefined}
      >
        {count(lastDay.redactions)}
      </Tile>
      <Tile
        link={{ to: '/messages', search: { from, outcome: 'refused' } }}
        name="refused"
        tone={lastDay.refused > 0 ? 'warn' : undefined}
      >
        {count(lastDay.refused)}
      </Tile>
      <Tile
        link={{ to: '/messages', search: { from, outcome: 'trouble' } }}
        name="failed"
        tone={lastDay.failed > 0 ? 'bad' : undefined}
      >
        {count(lastDay.failed)}
      </Tile>
    </nav>
  );
}

interface TileProps {
  readonly link: LinkProps;
  readonly name: string;
  readonly tone?: 'bad' | 'warn' | 'brass' | undefined;
  readonly children: ReactNode;
}

function Tile({ link, name, tone, children }: TileProps) {
  return (
    <Link {...link} className="number">
      <span className="number-value" data-tone={tone}>
        {children}
      </span>
      <span className="number-name">{name}</span>
    </Link>
  );
}
