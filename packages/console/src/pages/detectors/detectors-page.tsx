import { Link } from '@tanstack/react-router';
import { useAll, useRead } from '../../api/hub.ts';
import { counted } from '../../format.ts';
import { Page } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { groupName } from '../policies/policy-words.ts';
import { byGroup, type Detector, qualityWords, usersOf } from './quality-words.ts';
import './detectors-page.css';

export function DetectorsPage() {
  const detectors = useRead('listDetectors', {});
  const policies = useAll('listDefinitions', {}).data;
  const items = detectors.data?.items;
  const columns: readonly Column<Detector>[] = [
    {
      key: 'title',
      head: 'Detector',
      wide: true,
      phone: 'bare',
      cell: ({ title, description }) => (
        <>
          <strong>{title}</strong>
          <p className="soft">{description}</p>
        </>
      ),
    },
    { key: 'id', head: 'Name in policies', cell: ({ id }) => <code>{id}</code> },
    {
      key: 'found',
      head: 'Finds',
      align: 'end',
      cell: (detector) => qualityWords(detector)?.found ?? measuredWords(detector),
    },
    {
      key: 'taken',
      head: 'Takes look-alikes',
      align: 'end',
      cell: (detector) => qualityWords(detector)?.taken ?? measuredWords(detector),
    },
    {
      key: 'used',
      head: 'Used by',
      align: 'end',
      cell: (detector) => {
        if (policies === undefined) return <span className="faint">…</span>;
        const users = usersOf(detector, policies);
        const [only] = users;
        if (only === undefined) return <span className="faint">no policy</span>;
        return users.length === 1 ? (
          <Link to="/policies/$id" params={{ id: only.id }}>
            {only.name}
          </Link>
        ) : (
          <Link to="/policies" search={{ detector: detector.id }}>
            {counted(users.length, 'policy', 'policies')}
          </Link>
        );
      },
    },
  ];
  return (
    <Page
      title="Detectors"
      text={
        <>
          What policies can look for, and how well each one does: of made-up texts that hold it, and of texts that only
          look like it. A detector that no <Link to="/policies">policy</Link> names looks at nothing.
        </>
      }
    >
      {detectors.error && !items && <Problem error={detectors.error} onRetry={() => void detectors.refetch()} />}
      {!items && !detectors.error && <SkeletonLines count={8} label="Loading detectors" />}
      {items &&
        byGroup(items).map(([group, some]) => (
          <section key={group} className="detector-section">
            <h2>{capital(groupName(group))}</h2>
            <Table caption={capital(groupName(group))} columns={columns} rows={some} rowKey={({ id }) => id} />
            {some
              .filter(({ tables }) => tables.length > 0)
              .map((detector) => (
                <Measured key={detector.id} detector={detector} />
              ))}
          </section>
        ))}
    </Page>
  );
}

function measuredWords({ tables }: Detector): string {
  return tables.length > 0 ? 'see below' : 'see the docs';
}

/** Figures on texts that others labelled, as they are published, with their ranges. */
function Measured({ detector: { title, tables } }: { readonly detector: Detector }) {
  return (
    <details className="measured">
      <summary>{`How well “${title}” was measured to do, with 95 % ranges`}</summary>
      {tables.map((table) => (
        <section key={table.title}>
          <h3>{table.title}</h3>
          <div className="measured-table" tabIndex={0} role="region" aria-label={table.title}>
            <Table
              caption={table.title}
              rows={table.rows}
              rowKey={(row) => row[0] ?? ''}
              columns={table.head.map((head, at) => ({
                key: head,
                head,
                ...(at === 0 ? { phone: 'bare' as const } : { align: 'end' as const }),
                cell: (row: string[]) => <span className="num">{row[at] ?? ''}</span>,
              }))}
            />
          </div>
        </section>
      ))}
    </details>
  );
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
