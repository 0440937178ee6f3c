import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { ScrollText, X } from 'lucide-react';
import { type ItemOf, usePages } from '../../api/hub.ts';
import { clock } from '../../format.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { MoreButton } from '../../parts/more-button.tsx';
import { Page } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { LinkTabs } from '../../parts/tabs.tsx';
import { AuditCalls } from './audit-calls.tsx';
import { useAuditProof } from './audit-proof.tsx';
import { AuditRules } from './audit-rules.tsx';
import type { AuditTab } from './audit-tabs.ts';
import { DestinationList } from './destination-list.tsx';
import { ExportAudit } from './export-audit.tsx';
import './audit-page.css';

type Entry = ItemOf<'listAudit'>;

const route = getRouteApi('/signed-in/audit');

export function AuditPage() {
  const { tab = 'changes', server } = route.useSearch();
  const proof = useAuditProof();
  const link = (label: string, to: AuditTab) =>
    ({ label, link: { to: '/audit', search: { tab: to } }, active: tab === to }) as const;
  return (
    <Page
      title="Audit"
      text="Who changed what, who called what, and who read the originals of messages: in one log that proves itself."
      actions={
        <>
          {proof.button}
          <ExportAudit />
        </>
      }
    >
      {proof.result}
      <LinkTabs
        label="Sections of the audit log"
        tabs={[
          link('Changes', 'changes'),
          link('Calls', 'calls'),
          link('Destinations', 'destinations'),
          link('Rules', 'rules'),
        ]}
      />
      {tab === 'changes' && <Changes />}
      {tab === 'calls' && <AuditCalls server={server} />}
      {tab === 'destinations' && <DestinationList />}
      {tab === 'rules' && <AuditRules />}
    </Page>
  );
}

function Changes() {
  const { action, actor } = route.useSearch();
  const navigate = useNavigate();
  const entries = usePages('listAudit', { action, actor });
  const show = (next: { readonly action?: string | undefined; readonly actor?: string | undefined }) =>
    void navigate({ to: '/audit', search: next, replace: true });
  const isFiltered = action !== undefined || actor !== undefined;
  return (
    <>
      <div className="row">
        <SearchField
          label="Only one action"
          placeholder="Action, such as servers.create"
          value={action ?? ''}
          onChange={(wanted) => show({ actor, action: wanted || undefined })}
        />
        {actor !== undefined && <Badge tone="accent">by {actor}</Badge>}
        {isFiltered && (
          <Button size="small" kind="quiet" icon={X} onClick={() => show({})}>
            Clear
          </Button>
        )}
      </div>
      {entries.error && !entries.items ? (
        <Problem error={entries.error} onRetry={() => void entries.refetch()} />
      ) : entries.items?.length === 0 ? (
        <EmptyState icon={ScrollText} title="No entries" text="Nothing in the record fits." />
      ) : (
        <Table
          caption="Audit entries, newest first"
          columns={columns}
          rows={entries.items}
          rowKey={(entry) => entry.id}
        />
      )}
      <MoreButton query={entries} />
    </>
  );
}

const columns: readonly Column<Entry>[] = [
  {
    key: 'at',
    head: 'When',
    cell: (entry) => (
      <span className="soft audit-time" title={clock(new Date(entry.at))}>
        <RelativeTime at={entry.at} />
      </span>
    ),
  },
  {
    key: 'actor',
    head: 'Who',
    cell: ({ actor, detail }) => (
      <div>
        <Link to="/audit" search={{ actor: actor.id }} className="row-link">
          {actor.label}
        </Link>
        {typeof detail['from'] === 'string' && (
          <p className="faint audit-from">
            {typeof detail['role'] === 'string' && `${detail['role']}, `}from {detail['from']}
          </p>
        )}
      </div>
    ),
  },
  {
    key: 'action',
    head: 'Did',
    phone: 'bare',
    cell: (entry) => (
      <span className="row">
        <Link to="/audit" search={{ action: entry.action }} className="row-link mono">
          {entry.action}
        </Link>
        {entry.outcome === 'refused' && <Badge tone="bad">refused</Badge>}
      </span>
    ),
  },
  { key: 'subject', head: 'To', wide: true, cell: (entry) => <Subject entry={entry} /> },
];

/** What it was done to, as a link where there is a page for it, and what else was noted. */
function Subject({ entry: { subject, detail } }: { readonly entry: Entry }) {
  const noted = Object.entries(detail).filter(([name, value]) => !shownElsewhere.has(name) && says(value));
  return (
    <div className="audit-subject">
      {subject !== null && <SubjectLink subject={subject} />}
      {noted.length > 0 && (
        <p className="faint">
          {noted.map(([name, value]) => (
            <span key={name}>
              {name} <code>{typeof value === 'string' ? value : JSON.stringify(value)}</code>
            </span>
          ))}
        </p>
      )}
    </div>
  );
}

const shownElsewhere: ReadonlySet<string> = new Set(['from', 'role']);

function says(value: unknown): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}

function SubjectLink({ subject }: { readonly subject: string }) {
  if (subject.startsWith('srv_')) {
    return (
      <Link to="/servers/$id" params={{ id: subject }} className="mono">
        {subject}
      </Link>
    );
  }
  if (subject.startsWith('mem_')) {
    return (
      <Link to="/members/$id" params={{ id: subject }} className="mono">
        {subject}
      </Link>
    );
  }
  if (subject.startsWith('msg_')) {
    return (
      <Link to="/messages/$id" params={{ id: subject }} className="mono">
        {subject}
      </Link>
    );
  }
  return <code>{subject}</code>;
}
