import { isPending, linkStates } from '@mcpvault/workstation/sync/link-states';
import { afterLooking, lookAt } from '@mcpvault/workstation/sync/look-again';
import { planFiles, pushFile, type PushDeps, remember } from '@mcpvault/workstation/sync/push-links';
import type { Link } from '@mcpvault/workstation/sync/workstation-store';
import { Command } from 'commander';
import { CommandFailure } from '../../command-failure.ts';
import { action, type Host, type Invocation, type Outcome } from '../../invocation.ts';
import { type Column, renderTable } from '../../output/table.ts';
import { relativeTime } from '../../output/words.ts';
import type { StateReport } from '../../workstation/state-report.ts';
import { addExamples } from '../examples.ts';
import { explained } from './carry-out.ts';
import { thisWorkstation } from './this-workstation.ts';

interface RefreshChoice {
  readonly force?: boolean;
  readonly pushFirst?: boolean;
}

export function workstationStatusCommand(host: Host): Command {
  const command = new Command('status')
    .description('Show the adopted servers, what is planned, and what clients’ files say by now')
    .action(action(host, showLinks));
  return addExamples(command, { command: 'mcpvault workstation status', does: 'Writes nothing' });
}

export function refreshCommand(host: Host): Command {
  const command = new Command('refresh')
    .description('Take over what clients’ files say by now; what is planned and not written would be lost')
    .option('--push-first', 'write what is planned before looking')
    .option('--force', 'drop what is planned')
    .action(action(host, refresh));
  return addExamples(command, {
    command: 'mcpvault workstation refresh --push-first',
    does: 'Nothing that is planned is lost',
  });
}

async function showLinks(run: Invocation): Promise<void> {
  const deps = thisWorkstation(run.io);
  const links = await explained(async () => seen((await deps.store.read()).links, deps));
  const { stateReport } = await import('../../workstation/state-report.ts');
  showAll(run, links, await explained(() => stateReport(run.io)));
}

async function refresh(run: Invocation, choice: RefreshChoice): Promise<Outcome> {
  const deps = thisWorkstation(run.io);
  return explained<Outcome>(async () => {
    const { links } = await deps.store.read();
    const pending = links.filter(({ state }) => isPending(state));
    if (pending.length > 0 && choice.pushFirst === true) {
      for (const change of await planFiles(pending, deps.files, deps.now())) await pushFile(change, deps);
    } else if (pending.length > 0 && choice.force !== true) {
      const names = pending.map(({ client, address }) => `${address.name} of ${client}`).join(', ');
      const fix = 'Write them first with --push-first, or drop them with --force.';
      throw new CommandFailure('general', 'pending_changes', `Planned changes would be lost: ${names}.`, { fix });
    }
    const now = await deps.store.read();
    const looked: Link[] = [];
    for (const link of now.links) looked.push(afterLooking(link, await lookAt(link, deps.files), deps.now()));
    await remember(deps.store, looked);
    showAll(
      run,
      looked.filter(({ state }) => state !== 'unmanaged'),
    );
    return 'ok';
  });
}

/** What is planned stays planned here: only looking at it does not lose it. */
async function seen(links: readonly Link[], deps: PushDeps): Promise<readonly Link[]> {
  const found: Link[] = [];
  for (const link of links) {
    found.push(isPending(link.state) ? link : afterLooking(link, await lookAt(link, deps.files), link.since));
  }
  return found;
}

function showAll(run: Invocation, links: readonly Link[], report?: StateReport): void {
  const items = links.map(({ client, scope, path, address, state, server, since }) => ({
    ...{ client, scope, path, name: address.name, server: server.name },
    kind: server.isLocal ? 'local' : 'hosted',
    ...{ state, explanation: linkStates[state], since: new Date(since).toISOString() },
  }));
  run.out.result({ links: items, ...(report !== undefined && { hub: hubOf(report) }) }, () => {
    if (report?.enrolment != null) run.out.note(hubText(report, run.io.clock.now()));
    if (items.length === 0) return 'Nothing is adopted yet. Begin with: mcpvault workstation adopt --dry-run';
    const now = run.io.clock.now();
    const columns: readonly Column<(typeof items)[number]>[] = [
      { header: 'SERVER', value: ({ name }) => name, shrinks: true },
      { header: 'CLIENT', value: ({ client }) => client },
      { header: 'STATE', value: ({ state }) => state, tone: ({ state }) => (state === 'managed' ? 'green' : 'yellow') },
      { header: 'BEHIND IT', value: ({ kind, server }) => `${kind} ${server}` },
      { header: 'SINCE', value: ({ since }) => relativeTime(since, now) },
      { header: 'FILE', value: ({ path }) => path, shrinks: true },
    ];
    return renderTable(items, columns, run.out.style, run.out.width);
  });
}

function hubOf({ enrolment, bundle, agent, journals, scan, jobsWaiting }: StateReport) {
  if (enrolment === null) return null;
  const { hub, workstation, organization, member } = enrolment;
  return {
    ...{ hub, workstation, organization, member, agent, journals, scan, jobsWaiting },
    bundle: bundle !== null && 'bundle' in bundle ? bundle.bundle.version : null,
  };
}

function hubText({ enrolment, agent, journals, bundle }: StateReport, now: number): string {
  const seen =
    agent?.polledAt == null
      ? 'never spoke with it'
      : `spoke with it ${relativeTime(new Date(agent.polledAt).toISOString(), now)}`;
  const held =
    bundle !== null && 'bundle' in bundle ? `policies of version ${bundle.bundle.version} hold` : 'no policies hold';
  const runs = agent?.isRunning === true ? 'the agent runs and' : 'the agent does not run; it';
  return `${enrolment?.workstation ?? ''} at ${enrolment?.hub ?? ''}: ${runs} ${seen}; ${held}; ${journals.waiting} messages wait.`;
}
