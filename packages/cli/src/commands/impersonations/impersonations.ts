// `mcpvault impersonations`: acting as somebody whom one supervises, for a reason and a time, seen by them.
import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { renderTable } from '../../output/table.ts';
import { relativeTime } from '../../output/words.ts';
import { allPages, pageSize } from '../all-pages.ts';
import { checkedId } from '../checked-id.ts';
import { addExamples } from '../examples.ts';
import { memberId } from '../members/find-member.ts';
import { usageFailure } from '../../command-failure.ts';

export function impersonationsCommand(host: Host): Command {
  return new Command('impersonations')
    .description('Act as somebody whom you supervise, and see who acted as whom')
    .addCommand(listCommand(host))
    .addCommand(startCommand(host))
    .addCommand(endCommand(host));
}

function listCommand(host: Host): Command {
  const command = new Command('list')
    .alias('ls')
    .description('List when you acted as somebody, or somebody as you')
    .option('--all', 'those of everybody')
    .action(action(host, listImpersonations));
  return addExamples(command, { command: 'mcpvault impersonations list --all', does: 'Who acted as whom' });
}

function startCommand(host: Host): Command {
  const command = new Command('start')
    .description(
      'Act as a member, and print the access token with which you do; they see it, and so does the audit log',
    )
    .argument('<member>', 'their e-mail or id')
    .requiredOption('--reason <text>', 'why; the member reads it')
    .option('--minutes <number>', 'for how long, at most 480 (default: 30)')
    .action(action(host, startImpersonation));
  return addExamples(command, {
    command: 'mcpvault impersonations start ada@example.org --reason "She is ill; the report is due today"',
    does: 'For half an hour',
  });
}

function endCommand(host: Host): Command {
  const command = new Command('end')
    .description('End acting as somebody, also when it is somebody who acts as you')
    .argument('<impersonation-id>', 'its id, from "mcpvault impersonations list"')
    .action(action(host, endImpersonation));
  return addExamples(command, { command: 'mcpvault impersonations end imp_01k…', does: 'Before its time' });
}

async function listImpersonations(run: Invocation, options: { readonly all?: boolean }): Promise<void> {
  const hub = await run.connect();
  const of = options.all ? 'all' : 'mine';
  const items = await allPages((cursor) => hub.call('listImpersonations', { limit: pageSize, cursor, of }));
  const now = run.io.clock.now();
  run.out.result({ items, next: null }, () => {
    if (items.length === 0) return 'Nobody acted as anybody.';
    type Row = (typeof items)[number];
    const columns = [
      { header: 'WHO', value: (one: Row) => one.actor.email, shrinks: true },
      { header: 'AS', value: (one: Row) => one.subject.email, shrinks: true },
      { header: 'WHY', value: (one: Row) => one.reason, shrinks: true },
      { header: 'BEGAN', value: (one: Row) => relativeTime(one.createdAt, now) },
      { header: 'ENDS', value: (one: Row) => relativeTime(one.endedAt ?? one.expiresAt, now) },
      { header: 'ID', value: (one: Row) => one.id },
    ];
    return renderTable(items, columns, run.out.style, run.out.width);
  });
}

interface StartOptions {
  readonly reason: string;
  readonly minutes?: string;
}

async function startImpersonation(run: Invocation, given: string, options: StartOptions): Promise<void> {
  const minutes = options.minutes === undefined ? undefined : Number(options.minutes);
  if (minutes !== undefined && !Number.isInteger(minutes)) throw usageFailure('--minutes takes a whole number.');
  const hub = await run.connect();
  const subject = await memberId(hub, given);
  const started = await hub.call('startImpersonation', { subject, reason: options.reason, minutes });
  run.out.result(started, () => started.accessToken);
  const until = relativeTime(started.expiresAt, run.io.clock.now());
  run.out.note(`With it you act as ${started.subject.email}, who sees it. It ends ${until}.`);
}

async function endImpersonation(run: Invocation, given: string): Promise<void> {
  const id = checkedId('imp', given, 'mcpvault impersonations list');
  const hub = await run.connect();
  await hub.call('endImpersonation', { id });
  run.out.result({ id, ended: true }, () => `Ended ${id}.`);
}
