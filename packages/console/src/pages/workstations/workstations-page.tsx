import { Link } from '@tanstack/react-router';
import { Download, KeyRound, MonitorCheck, SlidersHorizontal } from 'lucide-react';
import { useState } from 'react';
import { useAll, useWrite } from '../../api/hub.ts';
import { useMay } from '../../api/me.ts';
import { Button } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Page } from '../../parts/page.tsx';
import { Problem, sentenceOf } from '../../parts/problem.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { Segments } from '../../parts/tabs.tsx';
import { warn } from '../../parts/toast.tsx';
import { saveFile } from '../audit/save-file.ts';
import { ComplianceGroups, ComplianceTotal, type Grouping } from './compliance-groups.tsx';
import { EditRules } from './edit-rules.tsx';
import { EnrolmentKeys } from './enrolment-keys.tsx';
import { Standing, type Workstation } from './workstation-standing.tsx';

type Side = Grouping | 'workstation';

const sides: readonly { readonly value: Side; readonly label: string }[] = [
  { value: 'workstation', label: 'Workstations' },
  { value: 'member', label: 'Members' },
  { value: 'client', label: 'Clients' },
  { value: 'server', label: 'Servers' },
];

export function WorkstationsPage() {
  const may = useMay();
  const workstations = useAll('listWorkstations', {});
  const [side, setSide] = useState<Side>('workstation');
  const [open, setOpen] = useState<'rules' | 'keys' | null>(null);
  const mayWrite = may('workstations:write');
  const isEmpty = workstations.data?.length === 0;
  return (
    <Page
      title="Workstations"
      text="Computers of members: which AI clients and servers they use, and whether that complies. What is in their files stays there; findings name kind and place."
      actions={
        mayWrite && (
          <>
            <Button icon={SlidersHorizontal} onClick={() => setOpen('rules')}>
              Rules
            </Button>
            <Button icon={KeyRound} onClick={() => setOpen('keys')}>
              Enrolment keys
            </Button>
          </>
        )
      }
    >
      {workstations.error && !workstations.data ? (
        <Problem error={workstations.error} onRetry={() => void workstations.refetch()} />
      ) : isEmpty ? (
        <EmptyState
          icon={MonitorCheck}
          title="No workstations"
          text="Each member enrols their own computer: it says what it will send, then shows its AI clients and servers here. For silent installs, make an enrolment key."
          command="mcpvault workstation enroll"
        />
      ) : (
        <>
          <ComplianceTotal />
          <div className="row">
            <Segments label="Seen by" value={side} options={sides} onChange={setSide} />
            {may('workstations:read') && <Export />}
          </div>
          {side === 'workstation' ? (
            <Table
              caption="Workstations"
              columns={columns}
              rows={workstations.data}
              rowKey={({ id }) => id}
              dim={({ state }) => state !== 'active'}
            />
          ) : (
            <ComplianceGroups by={side} />
          )}
        </>
      )}
      {open === 'rules' && <EditRules onClose={() => setOpen(null)} />}
      {open === 'keys' && <EnrolmentKeys onClose={() => setOpen(null)} />}
    </Page>
  );
}

const columns: readonly Column<Workstation>[] = [
  {
    key: 'name',
    head: 'Workstation',
    phone: 'bare',
    cell: ({ id, name }) => (
      <Link to="/workstations/$id" params={{ id }} className="row-link">
        {name}
      </Link>
    ),
  },
  { key: 'stands', head: 'Stands', cell: (workstation) => <Standing workstation={workstation} /> },
  { key: 'member', head: 'Member', cell: ({ member }) => member.email, wide: true },
  {
    key: 'servers',
    head: 'Servers',
    align: 'end',
    cell: ({ report }) => (report === null ? <span className="faint">unknown</span> : report.judged.counts.servers),
  },
  {
    key: 'unmanaged',
    head: 'Unmanaged',
    align: 'end',
    cell: ({ report }) => report?.judged.counts.byKind['unmanaged'] ?? 0,
  },
  {
    key: 'agent',
    head: 'Agent',
    phone: 'hidden',
    cell: ({ platform, agentVersion }) => `${platform}, ${agentVersion}`,
  },
  {
    key: 'seen',
    head: 'Seen',
    cell: ({ online, lastSeenAt }) => (online ? 'now' : <RelativeTime at={lastSeenAt} />),
  },
];

function Export() {
  const ask = useWrite('exportCompliance');
  const save = () =>
    ask.mutate(
      { format: 'csv', of: 'servers' },
      {
        onSuccess: ({ text, name, mediaType }) => saveFile([text], name, mediaType),
        onError: (error) => warn('The reports could not be exported', sentenceOf(error)),
      },
    );
  return (
    <Button icon={Download} busy={ask.isPending} onClick={save}>
      Export CSV
    </Button>
  );
}
