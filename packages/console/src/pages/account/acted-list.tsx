import { type ItemOf, usePages } from '../../api/hub.ts';
import { Badge } from '../../parts/badge.tsx';
import { MoreButton } from '../../parts/more-button.tsx';
import { Section } from '../../parts/page.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { type Column, Table } from '../../parts/table.tsx';

type Impersonation = ItemOf<'listImpersonations'>;

/** When somebody acted as the reader, or the reader as somebody. */
export function ActedList() {
  const all = usePages('listImpersonations', {});
  if (all.items === undefined || all.items.length === 0) return null;
  return (
    <Section title="Acting as somebody" text="When others acted as you, and you as others.">
      <Table caption="Impersonations" columns={columns} rows={all.items} rowKey={(one) => one.id} />
      <MoreButton query={all} />
    </Section>
  );
}

const columns: readonly Column<Impersonation>[] = [
  {
    key: 'who',
    head: 'Who',
    phone: 'bare',
    wide: true,
    cell: (one) => (
      <span className="row">
        <span className="row-link">
          {one.actor.name} as {one.subject.name}
        </span>
        {one.underway && <Badge tone="warn">under way</Badge>}
      </span>
    ),
  },
  { key: 'why', head: 'Why', cell: (one) => <span className="soft">{one.reason}</span> },
  { key: 'began', head: 'Began', cell: (one) => <RelativeTime at={one.createdAt} /> },
  { key: 'ended', head: 'Ends', align: 'end', cell: (one) => <RelativeTime at={one.endedAt ?? one.expiresAt} /> },
];
