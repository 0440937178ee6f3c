import type { KnownJob } from '@mcpvault/workstation/agent/job-ledger';
import { Command } from 'commander';
import { CommandFailure } from '../../command-failure.ts';
import { action, type Host, type Invocation, type Outcome } from '../../invocation.ts';
import { type Column, renderTable } from '../../output/table.ts';
import { relativeTime } from '../../output/words.ts';
import { addExamples } from '../examples.ts';
import { explained } from './carry-out.ts';

export function jobsCommand(host: Host): Command {
  const list = new Command('list')
    .description('What the hub asked of this computer, and what became of it')
    .action(action(host, listJobs));
  const accept = new Command('accept')
    .description('Let the agent carry out a job that waits for your word')
    .argument('<job>', 'its id')
    .action(action(host, (run, id: string) => say(run, id, 'given')));
  const decline = new Command('decline')
    .description('Say no to a job that waits for your word')
    .argument('<job>', 'its id')
    .action(action(host, (run, id: string) => say(run, id, 'declined')));
  return new Command('jobs')
    .description('Work that the hub asks of this computer')
    .addCommand(
      addExamples(list, {
        command: 'mcpvault workstation jobs list',
        does: 'Those that wait for you, and those of before',
      }),
    )
    .addCommand(
      addExamples(accept, { command: 'mcpvault workstation jobs accept job_01', does: 'The agent does it next' }),
    )
    .addCommand(addExamples(decline, { command: 'mcpvault workstation jobs decline job_01', does: 'The hub is told' }));
}

async function listJobs(run: Invocation): Promise<void> {
  const { jobsOf } = await import('../../workstation/jobs-of.ts');
  const known = (await jobsOf(run.io).all()).toReversed();
  const items = known.map(({ job, outcome, asks, consent, since }) => ({
    ...{ id: job.id, kind: job.kind, requestedBy: job.requestedBy, reason: job.reason, input: job.input },
    state: outcome?.state ?? (asks && consent === null ? 'waits for you' : 'under way'),
    detail: outcome?.detail ?? '',
    since: new Date(since).toISOString(),
  }));
  run.out.result({ jobs: items }, () => {
    if (items.length === 0) return 'The hub has asked nothing of this computer.';
    const columns: readonly Column<(typeof items)[number]>[] = [
      { header: 'JOB', value: ({ id }) => id },
      { header: 'KIND', value: ({ kind }) => kind },
      { header: 'STATE', value: ({ state }) => state },
      { header: 'BY', value: ({ requestedBy }) => requestedBy ?? 'the hub' },
      { header: 'SINCE', value: ({ since }) => relativeTime(since, run.io.clock.now()) },
      { header: 'WHAT CAME OF IT', value: ({ detail, reason }) => detail || reason, shrinks: true },
    ];
    return renderTable(items, columns, run.out.style, run.out.width);
  });
}

async function say(run: Invocation, id: string, consent: NonNullable<KnownJob['consent']>): Promise<Outcome> {
  return explained<Outcome>(async () => {
    const { jobsOf } = await import('../../workstation/jobs-of.ts');
    const jobs = jobsOf(run.io);
    const known = await jobs.find(id);
    if (known === null || known.outcome !== null || !known.asks) {
      throw new CommandFailure('general', 'not_found', `No job ${id} waits for your word.`, {
        fix: 'See: mcpvault workstation jobs list',
      });
    }
    await jobs.keep({ ...known, consent });
    run.out.result({ job: id, consent }, () =>
      consent === 'given' ? 'The agent carries it out next.' : 'The agent tells the hub that you said no.',
    );
    return 'ok';
  });
}
