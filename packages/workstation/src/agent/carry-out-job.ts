// What each kind of job does here. Nothing is carried out that is not in this list; what writes has the person's word before
// it comes here, and says how to go back.
import { Failure } from '@mcpvault/domain/failure';
import { type AgentJob, jobKinds } from '@mcpvault/protocol/hub-link/agent-job';
import type { Scan } from '../scanning/scan.ts';
import { nextState } from '../sync/link-states.ts';
import { afterLooking, lookAt } from '../sync/look-again.ts';
import { planAdoption } from '../sync/plan-adoption.ts';
import { type FileChange, planFiles, type PushDeps, pushFile, type Refusal, remember } from '../sync/push-links.ts';
import { rememberAdoption } from '../sync/remember-adoption.ts';
import type { Link } from '../sync/workstation-store.ts';
import type { JobOutcome } from './job-ledger.ts';

export interface JobDeps {
  readonly push: PushDeps;
  /** How clients start the bridge. */
  readonly bridge: readonly string[];
  scan(): Promise<Scan>;
  /** Scans, or sends what was scanned last; resolves to the report's id, null where there is none. */
  report(job: AgentJob): Promise<string | null>;
  /** Fetches the bundle; resolves to what became of it, for people. */
  refresh(): Promise<string>;
  /** The agent's own last lines. */
  lines(): readonly string[];
}

type Remediation = ReturnType<(typeof jobKinds)['remediate']['input']['parse']>;
type Reversal = ReturnType<(typeof jobKinds)['revert']['input']['parse']>;

/** Never rejects, except where the hub went away in the middle. */
export async function carryOutJob(job: AgentJob, deps: JobDeps): Promise<JobOutcome> {
  try {
    return await byKind(job, deps);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { state: 'failed', detail: error.message.slice(0, 4000), report: null, result: null };
  }
}

async function byKind(job: AgentJob, deps: JobDeps): Promise<JobOutcome> {
  const { kind, input } = job;
  switch (kind) {
    case 'scan':
    case 'report': {
      const report = await deps.report(job);
      if (report === null) return failed('Nothing was scanned yet.');
      return { ...done('Scanned and reported.'), report };
    }
    case 'refresh':
      return done(await deps.refresh());
    case 'read-servers':
      return readServers(deps);
    case 'fetch-logs': {
      const { server, lines } = jobKinds[kind].input.parse(input);
      if (server !== null) return refused('What servers log, the clients that start them keep.');
      return { ...done('The last lines of the agent.'), result: { lines: [...deps.lines().slice(-lines)] } };
    }
    case 'update-delegated':
      return refused('This computer runs no delegated servers.');
    case 'remediate': {
      const remediation = jobKinds[kind].input.parse(input);
      if (remediation.does === 'remove') return refused('This agent takes no entry out of a client’s config.');
      return adopt(remediation, deps);
    }
    case 'revert':
      return revert(jobKinds[kind].input.parse(input), deps);
  }
}

async function readServers({ push }: JobDeps): Promise<JobOutcome> {
  const { servers, links } = await push.store.read();
  const listed = servers.map((server) => {
    const used = links.filter((link) => link.server.isLocal && link.server.name === server.name);
    const state = used.some((link) => link.state === 'managed') ? 'managed' : (used[0]?.state ?? 'unused');
    const clients = [...new Set(used.map(({ client }) => client))].join(', ');
    return {
      name: server.name,
      kind: 'local',
      state,
      detail: `${'url' in server ? 'remote' : 'started here'}; used by ${clients}`.slice(0, 500),
    };
  });
  return { ...done(`${listed.length} servers.`), result: { servers: listed.slice(0, 1000) } };
}

async function adopt({ entry, to, preview }: Remediation, deps: JobDeps): Promise<JobOutcome> {
  const { push, bridge } = deps;
  const found = await deps.scan();
  const only: Scan = { clients: found.clients.filter((config) => config.path === entry.path && holds(config, entry)) };
  if (only.clients.length === 0) return failed('There is no such entry any more; scan again.');
  const wish = { names: [entry.server], bridge, ...(to !== null && { to }) };
  const plan = await planAdoption(only, wish, await push.store.read(), push.files, push.now());
  const changes = await planFiles(plan.links, push.files, push.now());
  const refusals = [...plan.refused, ...changes.flatMap((change) => change.refused)];
  if (refusals.length > 0) return refused(reasonsOf(refusals));
  if (!preview) {
    await rememberAdoption(push.store, plan.links, plan.servers);
    for (const change of changes) await pushFile(change, push);
  }
  return told(changes, preview, 'adopted');
}

async function revert({ entry, preview }: Reversal, { push }: JobDeps): Promise<JobOutcome> {
  const { links } = await push.store.read();
  const chosen = links.filter(
    (link) =>
      entry === null ||
      (link.path === entry.path && link.client === entry.client && link.address.name === entry.server),
  );
  if (chosen.length === 0)
    return entry === null ? done('Nothing is adopted here.') : failed('That entry is not adopted.');
  const planned: Link[] = [];
  for (const link of chosen) {
    const seen = afterLooking(link, await lookAt(link, push.files), push.now());
    const state = nextState(seen.state, 'plan-revert');
    if (state === 'pending-revert' && seen.undo !== null) planned.push({ ...seen, state });
  }
  const changes = await planFiles(planned, push.files, push.now());
  const refusals = changes.flatMap((change) => change.refused);
  if (refusals.length > 0) return refused(reasonsOf(refusals));
  if (!preview) {
    await remember(push.store, planned);
    for (const change of changes) await pushFile(change, push);
  }
  return told(changes, preview, 'what they were');
}

function holds({ pointer, servers }: Scan['clients'][number], entry: Remediation['entry']): boolean {
  return servers.some(
    (server) => server.name === entry.server && (server.pointer === entry.pointer || pointer === entry.pointer),
  );
}

function told(changes: readonly FileChange[], preview: boolean, what: string): JobOutcome {
  const entries = changes.flatMap(({ links }) => links).length;
  const difference = changes
    .map(({ preview: text }) => text.trimEnd())
    .join('\n')
    .slice(0, 1024 * 1024);
  const detail = preview
    ? `${entries} entries would be ${what}; nothing was changed.`
    : `${entries} entries are ${what}.`;
  return { ...done(detail), result: { difference } };
}

function reasonsOf(refusals: readonly Refusal[]): string {
  return refusals
    .map(({ server, client, reason }) => `${server} of ${client}: ${reason}.`)
    .join(' ')
    .slice(0, 4000);
}

function done(detail: string): JobOutcome {
  return { state: 'done', detail, report: null, result: null };
}

function failed(detail: string): JobOutcome {
  return { state: 'failed', detail, report: null, result: null };
}

function refused(detail: string): JobOutcome {
  return { state: 'refused', detail, report: null, result: null };
}
