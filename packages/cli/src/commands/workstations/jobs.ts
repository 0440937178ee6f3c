import type { OutputOf } from '@mcpvault/contract/operation';
import type { Operations } from '@mcpvault/contract/operations';
import { Argument, Command } from 'commander';
import { action, type Host, type Invocation, type Outcome } from '../../invocation.ts';
import { safeLine } from '../../output/safe-text.ts';
import { renderTable } from '../../output/table.ts';
import { relativeTime } from '../../output/words.ts';
import { addExamples } from '../examples.ts';
import { workstationId } from './find-workstation.ts';

type Job = OutputOf<Operations['getAgentJob']>;

const asked = ['scan', 'report', 'refresh', 'read-servers'] as const;
const open: readonly Job['state'][] = ['queued', 'leased', 'asking'];
/** Seconds that one question waits. */
const atOnce = 20;

interface AskOptions {
  readonly reason?: string;
  /** False with `--no-wait`. */
  readonly wait: boolean;
}

export function askWorkstationCommand(host: Host): Command {
  const command = new Command('ask')
    .description('Ask something of a workstation, and wait for what becomes of it')
    .argument('<workstation>', 'its name or id')
    .addArgument(new Argument('<what>', 'what to do').choices([...asked]))
    .option('--reason <text>', 'why: the member sees it')
    .option('--no-wait', 'do not wait for the end')
    .action(action(host, ask));
  return addExamples(command, { command: 'mcpvault workstations ask ada-laptop scan', does: 'A scan, now' });
}

export function workstationJobsCommand(host: Host): Command {
  const command = new Command('jobs')
    .description('List what was asked of workstations, and what became of it')
    .argument('[workstation]', 'only of this one, by name or id')
    .action(action(host, listJobs));
  return addExamples(command, { command: 'mcpvault workstations jobs ada-laptop', does: 'Of one workstation' });
}

async function ask(
  run: Invocation,
  given: string,
  kind: (typeof asked)[number],
  { reason = '', wait }: AskOptions,
): Promise<Outcome> {
  const hub = await run.connect();
  const workstation = await workstationId(hub, given);
  const { id } = await hub.call('createAgentJob', { workstation, job: { kind, input: {} }, reason });
  let job = await hub.call('getAgentJob', { id });
  while (wait && open.includes(job.state)) job = await hub.call('getAgentJob', { id, wait: atOnce });
  run.out.result(job, () => (open.includes(job.state) ? `Asked ${given}: ${id}.` : said(job)));
  return open.includes(job.state) || job.state === 'done' ? 'ok' : 'general';
}

function said({ state, detail, result }: Job): string {
  const servers = (result?.servers ?? []).map(({ name, kind, state: how }) => safeLine(`${name}  ${kind}  ${how}`));
  return [`${state}${detail ? `: ${safeLine(detail)}` : '.'}`, ...servers].join('\n');
}

async function listJobs(run: Invocation, given: string | undefined): Promise<void> {
  const hub = await run.connect();
  const workstation = given === undefined ? undefined : await workstationId(hub, given);
  const { items, next } = await hub.call('listAgentJobs', { workstation });
  const now = run.io.clock.now();
  run.out.result({ items, next }, () =>
    items.length === 0
      ? 'Nothing was asked of workstations yet.'
      : renderTable<Job>(
          items,
          [
            { header: 'ID', value: ({ id }) => id },
            { header: 'WORKSTATION', value: (job) => safeLine(job.workstation.name), shrinks: true },
            { header: 'WHAT', value: ({ kind }) => kind },
            { header: 'STATE', value: ({ state }) => state },
            { header: 'BY', value: ({ requestedBy }) => requestedBy?.email ?? 'the hub', shrinks: true },
            { header: 'ASKED', value: ({ createdAt }) => relativeTime(createdAt, now) },
            { header: 'DETAIL', value: ({ detail }) => safeLine(detail ?? ''), shrinks: true },
          ],
          run.out.style,
          run.out.width,
        ),
  );
}
