import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Ellipsis, Library, Plus, ShieldCheck } from 'lucide-react';
import { useAll, useHub, useRead } from '../../api/hub.ts';
import { useMay } from '../../api/me.ts';
import { count } from '../../format.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button, buttonLook, IconButton } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Select } from '../../parts/field.tsx';
import { Menu } from '../../parts/menu.tsx';
import { Page } from '../../parts/page.tsx';
import { Problem, sentenceOf } from '../../parts/problem.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { warn } from '../../parts/toast.tsx';
import { saveFile } from '../audit/save-file.ts';
import { ImportPolicies } from './import/import-policies.tsx';
import { modeTones, severityTones } from './mode-tones.ts';
import { fits, isFiltered, type PoliciesSearch } from './policy-filters.ts';
import { PolicyLibrary } from './policy-library.tsx';
import { type Definition, type Detector, type Hits, modeWords, scopeWords, sentenceOfPolicy } from './policy-words.ts';
import { usePolicyActions } from './use-policy-actions.ts';
import './policies-page.css';

const route = getRouteApi('/signed-in/policies');

const nothing: readonly never[] = [];

/** Every policy: how it holds, where, what it did in the last day and when it was changed. */
export function PoliciesPage() {
  const search = route.useSearch();
  const navigate = useNavigate();
  const mayWrite = useMay()('policies:write');
  const policies = useAll('listDefinitions', {});
  const hits = useRead('countPolicyHits', {}, { every: 30_000 }).data;
  const detectors = useRead('listDetectors', {}).data?.items ?? nothing;
  const servers = useAll('listServers', {}).data ?? nothing;
  const set = (part: Partial<PoliciesSearch>) =>
    void navigate({ to: '/policies', search: { ...search, ...part }, replace: true });
  const serverId = servers.find(({ name }) => name === search.server)?.id ?? null;
  const groupOf = (id: string) => detectors.find((one) => one.id === id)?.group;
  const shown = policies.data?.filter((policy) => fits(policy, search, serverId, groupOf));
  const menu = usePageMenu(mayWrite, set);

  return (
    <Page
      title="Policies"
      text="What happens to which messages: refused, held, redacted, tagged, alerted. Changes hold from the next message on."
      actions={
        <>
          {menu}
          {mayWrite && (
            <Link to="/policies/new" {...buttonLook({ kind: 'primary' })}>
              <Plus size={15} aria-hidden="true" />
              Add policy
            </Link>
          )}
        </>
      }
    >
      {policies.error && !policies.data && <Problem error={policies.error} onRetry={() => void policies.refetch()} />}
      {!policies.data && !policies.error && <SkeletonLines count={6} label="Loading policies" />}
      {policies.data?.length === 0 && <NoPolicies mayWrite={mayWrite} onLibrary={() => set({ open: 'library' })} />}
      {shown !== undefined && policies.data !== undefined && policies.data.length > 0 && (
        <>
          <Filters search={search} set={set} servers={servers.map(({ name }) => name)} />
          {shown.length === 0 ? (
            <EmptyState
              icon={ShieldCheck}
              title="No policy fits"
              text="Others are there, and hold."
              action={<Button onClick={() => void navigate({ to: '/policies', search: {} })}>Clear the filters</Button>}
            />
          ) : (
            <PolicyTable
              policies={shown}
              hits={hits?.items ?? null}
              detectors={detectors}
              serverName={(id) => servers.find((one) => one.id === id)?.name ?? id}
              mayWrite={mayWrite}
            />
          )}
          {hits?.complete === false && (
            <p className="soft">The last day had more messages than are counted here: the newest 100,000.</p>
          )}
        </>
      )}
      {search.open === 'library' && <PolicyLibrary onClose={() => set({ open: undefined })} mayWrite={mayWrite} />}
      {search.open === 'import' && mayWrite && <ImportPolicies onClose={() => set({ open: undefined })} />}
    </Page>
  );
}

function usePageMenu(mayWrite: boolean, set: (part: Partial<PoliciesSearch>) => void) {
  const { client } = useHub();
  const download = async () => {
    try {
      const { text } = await client.call('readPolicyText', {});
      saveFile([text], 'policies.yaml', 'application/yaml');
    } catch (error) {
      warn('The policies could not be exported', sentenceOf(error));
    }
  };
  return (
    <Menu
      trigger={<IconButton icon={Ellipsis} kind="plain" label="Library, import and export" />}
      actions={[
        { label: 'Browse the library', onSelect: () => set({ open: 'library' }) },
        ...(mayWrite ? [{ label: 'Import YAML…', onSelect: () => set({ open: 'import' }) }] : []),
        { label: 'Export all as YAML', onSelect: () => void download() },
      ]}
    />
  );
}

function NoPolicies({ mayWrite, onLibrary }: { readonly mayWrite: boolean; readonly onLibrary: () => void }) {
  return (
    <EmptyState
      icon={ShieldCheck}
      title="No policies"
      text="Without a policy, messages pass as they are. MCPVault comes with a library to begin with, each policy with its tests: secrets, cards, injections, destructive tools and more."
      action={
        <>
          <Button kind="primary" icon={Library} onClick={onLibrary}>
            Browse the library
          </Button>
          {mayWrite && (
            <Link to="/policies/new" {...buttonLook()}>
              Write one
            </Link>
          )}
        </>
      }
      command="mcpvault policies export --library > policies.yaml && mcpvault policies apply policies.yaml --dry-run"
    />
  );
}

interface FiltersProps {
  readonly search: PoliciesSearch;
  readonly set: (part: Partial<PoliciesSearch>) => void;
  readonly servers: readonly string[];
}

function Filters({ search, set, servers }: FiltersProps) {
  const choice = (name: 'mode' | 'severity' | 'server', label: string, any: string, options: readonly string[]) => (
    <Select
      aria-label={label}
      value={search[name] ?? ''}
      onChange={(event) => set({ [name]: event.target.value || undefined })}
    >
      <option value="">{any}</option>
      {options.map((option) => (
        <option key={option}>{option}</option>
      ))}
    </Select>
  );
  return (
    <div className="policy-filters" role="search" aria-label="Policies">
      <SearchField
        label="Search names, reasons, owners, conditions and tools"
        value={search.q ?? ''}
        onChange={(q) => set({ q: q || undefined })}
      />
      {choice('mode', 'Mode', 'Any mode', ['enforce', 'shadow', 'draft'])}
      {choice('severity', 'Severity', 'Any severity', ['critical', 'high', 'medium', 'low', 'info'])}
      {choice('server', 'Server', 'Any server', servers)}
      {search.detector !== undefined && (
        <Button size="small" onClick={() => set({ detector: undefined })}>
          {`Detector ${search.detector} ×`}
        </Button>
      )}
      {isFiltered(search) && (
        <Link to="/policies" search={{}} {...buttonLook({ kind: 'quiet', size: 'small' })}>
          Clear
        </Link>
      )}
    </div>
  );
}

interface PolicyTableProps {
  readonly policies: readonly Definition[];
  /** null until they are counted. */
  readonly hits: readonly Hits[] | null;
  readonly detectors: readonly Detector[];
  readonly serverName: (id: string) => string;
  readonly mayWrite: boolean;
}

const modeActions = [
  ['enforce', 'Enforce it'],
  ['shadow', 'Only watch'],
  ['draft', 'Switch off'],
] as const;

function PolicyTable({ policies, hits, detectors, serverName, mayWrite }: PolicyTableProps) {
  const actions = usePolicyActions();
  const columns: Column<Definition>[] = [
    {
      key: 'name',
      head: 'Policy',
      wide: true,
      phone: 'bare',
      cell: (policy) => (
        <>
          <Link to="/policies/$id" params={{ id: policy.id }} className="row-link">
            {policy.name}
          </Link>
          <p className="soft policy-sentence">{sentenceOfPolicy(policy, detectors)}</p>
        </>
      ),
    },
    {
      key: 'mode',
      head: 'Mode',
      cell: (policy) => (
        <span className="row policy-mode">
          <Badge tone={modeTones[policy.mode]}>{modeWords(policy)}</Badge>
          {policy.fellBack !== null && <Badge tone="warn">fell back</Badge>}
        </span>
      ),
    },
    {
      key: 'severity',
      head: 'Severity',
      cell: ({ severity }) => <Badge tone={severityTones[severity]}>{severity}</Badge>,
    },
    { key: 'scope', head: 'Scope', cell: (policy) => <span className="soft">{scopeWords(policy, serverName)}</span> },
    {
      key: 'hits',
      head: 'Last day',
      align: 'end',
      cell: ({ id, mode }) => (
        <HitWords hits={hits && (hits.find(({ policy }) => policy === id) ?? 'none')} mode={mode} />
      ),
    },
    { key: 'changed', head: 'Changed', align: 'end', cell: ({ updatedAt }) => <RelativeTime at={updatedAt} /> },
  ];
  if (mayWrite)
    columns.push({
      key: 'menu',
      head: 'Actions',
      quiet: true,
      align: 'end',
      cell: (policy) => (
        <Menu
          trigger={<IconButton icon={Ellipsis} label={`Actions for ${policy.name}`} />}
          actions={[
            ...modeActions
              .filter(([mode]) => mode !== policy.mode)
              .map(([mode, label]) => ({ label, onSelect: () => void actions.setMode(policy, mode) })),
            null,
            { label: 'Remove…', danger: true, onSelect: () => void actions.remove(policy) },
          ]}
        />
      ),
    });
  return (
    <Table
      caption="Policies"
      columns={columns}
      rows={policies}
      rowKey={({ id }) => id}
      dim={({ mode }) => mode === 'draft'}
    />
  );
}

function HitWords({ hits, mode }: { readonly hits: Hits | 'none' | null; readonly mode: Definition['mode'] }) {
  if (hits === null) return <span className="faint">…</span>;
  if (hits === 'none' || hits.matched === 0)
    return <span className="faint num">{mode === 'draft' ? '—' : 'none'}</span>;
  const { matched, acted, watched } = hits;
  const parts = [acted > 0 ? `${count(acted)} acted` : null, watched > 0 ? `${count(watched)} watched` : null];
  return (
    <span className="num" title={`Asked ${count(hits.asked)} times`}>
      {count(matched)} {matched === 1 ? 'hit' : 'hits'}
      <span className="soft policy-hit-parts">{parts.filter((part) => part !== null).join(', ')}</span>
    </span>
  );
}
