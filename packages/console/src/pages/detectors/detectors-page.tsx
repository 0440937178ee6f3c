import { Link } from '@tanstack/react-router';
import { useRead } from '../../api/hub.ts';
import { Page } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { groupName } from '../policies/policy-words.ts';
import { byGroup, type Detector, qualityWords } from './quality-words.ts';

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
  { key: 'found', head: 'Finds', align: 'end', cell: (detector) => qualityWords(detector)?.found ?? 'see the docs' },
  {
    key: 'taken',
    head: 'Takes look-alikes',
    align: 'end',
    cell: (detector) => qualityWords(detector)?.taken ?? 'see the docs',
  },
];

export function DetectorsPage() {
  const detectors = useRead('listDetectors', {});
  const items = detectors.data?.items;
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
          <section key={group}>
            <h2>{capital(groupName(group))}</h2>
            <Table caption={capital(groupName(group))} columns={columns} rows={some} rowKey={({ id }) => id} />
          </section>
        ))}
    </Page>
  );
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
