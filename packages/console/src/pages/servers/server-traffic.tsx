import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Activity } from 'lucide-react';
import { type ItemOf, useRead } from '../../api/hub.ts';
import { duration } from '../../format.ts';
import { useLiveEvents } from '../../live/use-live.ts';
import { Badge } from '../../parts/badge.tsx';
import { buttonLook } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Problem } from '../../parts/problem.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { MessageTitle } from '../messages/message-title.tsx';
import { OutcomeDot } from '../messages/outcome.tsx';
import type { Server } from './server-status.tsx';

type Message = ItemOf<'listMessages'>;

/** The newest messages of one server; all of them, with every filter, on the messages page. */
export default function ServerTraffic({ server }: { readonly server: Server }) {
  const asked = { server: server.id, limit: 50 };
  const messages = useRead('listMessages', asked);
  const queries = useQueryClient();
  useLiveEvents((event) => {
    if (event.type !== 'messages' || !event.items.some((message) => message.server?.id === server.id)) return;
    void queries.invalidateQueries({ queryKey: ['messages', 'listMessages', asked] }, { cancelRefetch: false });
  });
  if (messages.error && !messages.data)
    return <Problem error={messages.error} onRetry={() => void messages.refetch()} />;
  if (messages.data?.items.length === 0) {
    return (
      <EmptyState icon={Activity} title="Nobody has called it yet" text="Its messages appear here as they happen." />
    );
  }
  return (
    <div className="stack">
      <div>
        <Link to="/messages" search={{ server: server.name }} {...buttonLook({ size: 'small' })}>
          <Activity size={14} aria-hidden="true" /> Open in Messages
        </Link>
      </div>
      <Table
        caption={`Messages of ${server.name}`}
        columns={columns}
        rows={messages.data?.items}
        rowKey={({ id }) => id}
      />
    </div>
  );
}

const columns: readonly Column<Message>[] = [
  {
    key: 'what',
    head: 'Message',
    phone: 'bare',
    wide: true,
    cell: (message) => (
      <Link to="/messages/$id" params={{ id: message.id }} className="row-link">
        <MessageTitle message={message} />
      </Link>
    ),
  },
  { key: 'outcome', head: 'Outcome', cell: (message) => <OutcomeDot outcome={message.outcome} /> },
  {
    key: 'member',
    head: 'Member',
    cell: (message) => <span className="soft">{message.member.name || message.member.email}</span>,
  },
  {
    key: 'redactions',
    head: 'Redacted',
    phone: 'hidden',
    cell: ({ redactions }) => (redactions > 0 ? <Badge tone="brass">{redactions}</Badge> : null),
  },
  {
    key: 'took',
    head: 'Took',
    align: 'end',
    phone: 'hidden',
    cell: (message) => <span className="num soft">{duration(message.durationUs)}</span>,
  },
  {
    key: 'at',
    head: 'When',
    align: 'end',
    cell: (message) => (
      <span className="soft">
        <RelativeTime at={message.at} />
      </span>
    ),
  },
];
