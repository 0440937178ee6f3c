import { getRouteApi, Link } from '@tanstack/react-router';
import { Activity, Ban, ScanSearch } from 'lucide-react';
import type { OutputOf } from '@mcpvault/contract/operation';
import type { Operations } from '@mcpvault/contract/operations';
import { type ItemOf, useRead, useWrite } from '../../api/hub.ts';
import { useMay, useMe } from '../../api/me.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button, buttonLook } from '../../parts/button.tsx';
import { useConfirm } from '../../parts/confirm.tsx';
import { Card, Facts, Page, Section } from '../../parts/page.tsx';
import { Problem, sentenceOf } from '../../parts/problem.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { say, warn } from '../../parts/toast.tsx';
import { Standing } from './workstation-standing.tsx';

type Workstation = OutputOf<Operations['getWorkstation']>;
type Report = OutputOf<Operations['getScanReport']>;
type Job = ItemOf<'listAgentJobs'>;

const route = getRouteApi('/signed-in/workstations/$id');
const trail = <Link to="/workstations">Workstations</Link>;

export function WorkstationPage() {
  const id = route.useParams().id as `wst_${string}`;
  const workstation = useRead('getWorkstation', { id });
  if (workstation.data) return <Shown workstation={workstation.data} />;
  return (
    <Page title="Workstation" trail={trail}>
      {workstation.error ? (
        <Problem error={workstation.error} onRetry={() => void workstation.refetch()} />
      ) : (
        <SkeletonLines count={6} label="Loading the workstation" />
      )}
    </Page>
  );
}

function Shown({ workstation }: { readonly workstation: Workstation }) {
  const { id, name, member, bundle, journal, report, journals, localPolicies } = workstation;
  const isOurs = useMe()?.member.id === member.id;
  const mayAct = useMay()('workstations:write') || isOurs;
  const missing = journals.flatMap((one) => one.missing).reduce((sum, { from, to }) => sum + to - from + 1, 0);
  return (
    <Page
      title={name}
      trail={trail}
      heading={
        <>
          {name} <Standing workstation={workstation} />
        </>
      }
      text={member.email}
      actions={
        <>
          <Link to="/messages" search={{ member: member.id }} {...buttonLook()}>
            <Activity size={15} aria-hidden="true" /> Messages
          </Link>
          {mayAct && workstation.state === 'active' && <Actions workstation={workstation} />}
        </>
      }
    >
      <Card>
        <Facts
          items={[
            ['System', `${workstation.platform} ${workstation.osVersion} (${workstation.architecture})`],
            ['Host', workstation.hostName],
            ['Agent', workstation.agentVersion],
            ['Seen', workstation.online ? 'now' : <RelativeTime key="seen" at={workstation.lastSeenAt} />],
            ['From', workstation.observedAddress],
            ['Enrolled', <RelativeTime key="enrolled" at={workstation.enrolledAt} />],
            ['Bundle', bundleText(bundle)],
            journal && ['Waits to be sent', `${journal.waiting} items, ${journal.lost} lost`],
            missing > 0 ? ['Never came', `${missing} items of its journal`] : null,
            workstation.stateWhy === null ? null : ['Why', workstation.stateWhy],
          ]}
        />
      </Card>
      {report ? <LastReport id={report.id} /> : <p className="soft">It has not reported a scan yet.</p>}
      {localPolicies && localPolicies.policies.length > 0 && (
        <Section title="Policies of its own" text="They are changed on the workstation; here they can only be read.">
          <ul>
            {localPolicies.policies.map((policy) => (
              <li key={policy.id}>
                {policy.name} {!policy.holds && <Badge tone="warn">does not hold</Badge>}
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Jobs id={id} />
    </Page>
  );
}

function bundleText({ version, applied, refused, detail }: Workstation['bundle']): string {
  if (refused !== null) return `refused ${version}: ${detail ?? refused}`;
  if (applied === version) return `follows ${version}, the newest`;
  return applied === null ? `has not taken ${version} yet` : `follows ${applied}; ${version} is newer`;
}

function Actions({ workstation: { id, name } }: { readonly workstation: Workstation }) {
  const ask = useWrite('createAgentJob');
  const revoke = useWrite('revokeWorkstation');
  const confirm = useConfirm();
  const scan = () =>
    ask.mutate(
      { workstation: id, job: { kind: 'scan', input: {} } },
      {
        onSuccess: () => say(`${name} was asked to scan`),
        onError: (error) => warn('The scan could not be asked for', sentenceOf(error)),
      },
    );
  const askToRevoke = async () => {
    const sure = await confirm({
      title: `Revoke ${name}?`,
      text: 'Its next request is refused, and it has to enrol again. What it reported stays.',
      action: 'Revoke workstation',
      danger: true,
    });
    if (!sure) return;
    revoke.mutate(
      { id },
      {
        onSuccess: () => say(`${name} is revoked`),
        onError: (error) => warn('The workstation still has access', sentenceOf(error)),
      },
    );
  };
  return (
    <>
      <Button icon={ScanSearch} busy={ask.isPending} onClick={scan}>
        Scan now
      </Button>
      <Button kind="danger" icon={Ban} onClick={() => void askToRevoke()}>
        Revoke
      </Button>
    </>
  );
}

function LastReport({ id }: { readonly id: `rep_${string}` }) {
  const report = useRead('getScanReport', { id });
  if (report.error && !report.data) return <Problem error={report.error} onRetry={() => void report.refetch()} />;
  if (!report.data) return <SkeletonLines count={4} label="Loading the report" />;
  const { counted, takenAt, clients } = report.data;
  return (
    <>
      <Section
        title="What counts"
        text={
          <>
            By the scan of <RelativeTime at={takenAt} />.
          </>
        }
      >
        {counted.length === 0 ? (
          <p className="soft">Nothing was found that counts.</p>
        ) : (
          <Table
            caption="What counts"
            columns={reasonColumns}
            rows={counted}
            rowKey={({ code, path, place, server }) => `${code} ${path} ${place} ${server ?? ''}`}
          />
        )}
      </Section>
      {clients.map((config) => (
        <Section
          key={`${config.client} ${config.path} ${config.pointer ?? ''}`}
          title={config.name}
          text={<code>{config.path}</code>}
        >
          {config.servers.length === 0 ? (
            <p className="soft">{config.explanation}</p>
          ) : (
            <Table
              caption={`Servers of ${config.name}`}
              columns={serverColumns}
              rows={config.servers}
              rowKey={({ pointer }) => pointer}
              dim={({ disabled }) => disabled}
            />
          )}
        </Section>
      ))}
    </>
  );
}

const tones = { error: 'bad', warning: 'warn', note: 'neutral' } as const;

const reasonColumns: readonly Column<Report['counted'][number]>[] = [
  {
    key: 'severity',
    head: 'How bad',
    phone: 'bare',
    cell: ({ severity }) => <Badge tone={tones[severity]}>{severity}</Badge>,
  },
  { key: 'message', head: 'What', phone: 'bare', wide: true, cell: ({ message }) => message },
  { key: 'path', head: 'Where', cell: ({ path, place }) => <code>{`${path} ${place}`}</code> },
  { key: 'fix', head: 'What to do', cell: ({ fix }) => fix },
];

const serverColumns: readonly Column<Report['clients'][number]['servers'][number]>[] = [
  { key: 'name', head: 'Server', phone: 'bare', cell: ({ name }) => name, wide: true },
  {
    key: 'kind',
    head: 'Kind',
    cell: ({ kind }) => <Badge tone={kind === 'unmanaged' ? 'warn' : 'ok'}>{kind}</Badge>,
  },
  { key: 'runs', head: 'Runs', cell: ({ runs, transport }) => runs ?? transport },
  { key: 'package', head: 'Package', cell: (server) => server.package ?? server.url ?? server.command ?? '' },
  {
    key: 'pinned',
    head: 'Pinned',
    cell: ({ pinned }) => (pinned === null ? <span className="faint">nothing to pin</span> : pinned ? 'yes' : 'no'),
  },
];

function Jobs({ id }: { readonly id: `wst_${string}` }) {
  const jobs = useRead('listAgentJobs', { workstation: id });
  if (jobs.data?.items.length === 0) return null;
  return (
    <Section title="Jobs" text="What was asked of this workstation. Its member sees the same list.">
      {jobs.error && !jobs.data ? (
        <Problem error={jobs.error} />
      ) : (
        <Table caption="Jobs" columns={jobColumns} rows={jobs.data?.items} rowKey={(job) => job.id} />
      )}
    </Section>
  );
}

const jobColumns: readonly Column<Job>[] = [
  { key: 'kind', head: 'Job', phone: 'bare', cell: ({ kind }) => kind },
  { key: 'state', head: 'State', cell: ({ state }) => state },
  { key: 'by', head: 'Asked by', cell: ({ requestedBy }) => requestedBy?.email ?? 'the hub' },
  { key: 'at', head: 'Asked', cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
  { key: 'detail', head: 'What became of it', wide: true, cell: ({ detail }) => detail ?? '' },
];
