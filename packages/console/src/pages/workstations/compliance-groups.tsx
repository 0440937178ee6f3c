import type { OutputOf } from '@mcpvault/contract/operation';
import type { Operations } from '@mcpvault/contract/operations';
import { useRead } from '../../api/hub.ts';
import { Card, Facts } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { type Column, Table } from '../../parts/table.tsx';

export type Grouping = 'member' | 'client' | 'server';

type Row = OutputOf<Operations['getCompliance']>['rows'][number];

const heads: Readonly<Record<Grouping, string>> = { member: 'Member', client: 'Client', server: 'Server' };

/** All workstations in one line. */
export function ComplianceTotal() {
  const compliance = useRead('getCompliance', {});
  if (compliance.error && !compliance.data) {
    return <Problem error={compliance.error} onRetry={() => void compliance.refetch()} />;
  }
  const total = compliance.data?.total;
  if (total === undefined) return null;
  return (
    <Card>
      <Facts
        items={[
          ['Compliant', `${total.compliant} of ${total.workstations}`],
          ['Not compliant', String(total.nonCompliant)],
          ['Cannot be told', String(total.undetermined)],
          ['Overdue', String(total.overdue)],
          ['Servers', `${total.servers}, ${total.byKind['unmanaged'] ?? 0} of them unmanaged`],
        ]}
      />
    </Card>
  );
}

/** The same, from the side of members, clients or servers. */
export function ComplianceGroups({ by }: { readonly by: Grouping }) {
  const compliance = useRead('getCompliance', { by });
  if (compliance.error && !compliance.data) {
    return <Problem error={compliance.error} onRetry={() => void compliance.refetch()} />;
  }
  const first: Column<Row> = { key: 'label', head: heads[by], phone: 'bare', cell: ({ label }) => label, wide: true };
  return (
    <Table
      caption={`Compliance by ${by}`}
      columns={[first, ...columns]}
      rows={compliance.data?.rows}
      rowKey={({ key }) => key}
    />
  );
}

const columns: readonly Column<Row>[] = [
  { key: 'workstations', head: 'Workstations', align: 'end', cell: ({ workstations }) => workstations },
  { key: 'compliant', head: 'Comply', align: 'end', cell: ({ compliant }) => compliant },
  { key: 'nonCompliant', head: 'Do not', align: 'end', cell: ({ nonCompliant }) => nonCompliant },
  { key: 'overdue', head: 'Overdue', align: 'end', cell: ({ overdue }) => overdue },
  { key: 'unmanaged', head: 'Unmanaged', align: 'end', cell: ({ byKind }) => byKind['unmanaged'] ?? 0 },
  { key: 'errors', head: 'Errors', align: 'end', cell: ({ findings }) => findings.error },
  { key: 'oldest', head: 'Oldest report', cell: ({ oldest }) => <RelativeTime at={oldest} /> },
];
