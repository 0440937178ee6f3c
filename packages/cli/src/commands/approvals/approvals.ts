// `mcpvault approvals`: held calls that wait for somebody's yes, and saying it.
import type { OutputOf } from '@mcpvault/contract/operation';
import type { Operations } from '@mcpvault/contract/operations';
import { approvalStates } from '@mcpvault/domain/approvals/approval';
import { Command, Option } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { safeLine, safeText } from '../../output/safe-text.ts';
import { renderTable } from '../../output/table.ts';
import { count, relativeTime } from '../../output/words.ts';
import { allPages, pageSize } from '../all-pages.ts';
import { checkedId } from '../checked-id.ts';
import { addExamples } from '../examples.ts';

type Asked = OutputOf<Operations['listApprovals']>['items'][number];
type Detail = OutputOf<Operations['getApproval']>;

const fromList = 'its id, from "mcpvault approvals list"';

export function approvalsCommand(host: Host): Command {
  return new Command('approvals')
    .description('See held calls, and approve or refuse them')
    .addCommand(listCommand(host))
    .addCommand(showCommand(host))
    .addCommand(approveCommand(host))
    .addCommand(refuseCommand(host))
    .addCommand(withdrawCommand(host));
}

function listCommand(host: Host): Command {
  const command = new Command('list')
    .alias('ls')
    .description('List held calls: your own, and those that are yours to decide')
    .addOption(new Option('--state <state>', 'only those that stand so').choices([...approvalStates]))
    .option('--mine-to-decide', 'only those that you may decide on now')
    .action(action(host, listApprovals));
  return addExamples(command, {
    command: 'mcpvault approvals list --mine-to-decide',
    does: 'What waits for you',
  });
}

function showCommand(host: Host): Command {
  const command = new Command('show')
    .description('Show a held call: its arguments, why it is held, and similar ones of before')
    .argument('<approval-id>', fromList)
    .action(action(host, showApproval));
  return addExamples(command, { command: 'mcpvault approvals show apr_01k…', does: 'Before you decide' });
}

function approveCommand(host: Host): Command {
  const command = new Command('approve')
    .description('Approve a held call')
    .argument('<approval-id>', fromList)
    .option('--session', 'every call of this tool in its conversation, whatever its arguments')
    .option('--propose-policy', 'also make a draft of a policy that would no longer hold such calls of this member')
    .option('--reason <text>', 'why; kept with the request')
    .action(action(host, approve));
  return addExamples(command, { command: 'mcpvault approvals approve apr_01k…', does: 'This call, once' });
}

function refuseCommand(host: Host): Command {
  const command = new Command('refuse')
    .description('Refuse a held call, or take an approval back that was not used yet')
    .argument('<approval-id>', fromList)
    .option('--reason <text>', 'why; its asker reads it')
    .action(action(host, refuse));
  return addExamples(command, {
    command: 'mcpvault approvals refuse apr_01k… --reason "Ask the database team"',
    does: 'With a reason',
  });
}

function withdrawCommand(host: Host): Command {
  const command = new Command('withdraw')
    .description('Take back a request of your own')
    .argument('<approval-id>', fromList)
    .action(action(host, withdraw));
  return addExamples(command, { command: 'mcpvault approvals withdraw apr_01k…', does: 'It is not needed any more' });
}

interface ListOptions {
  readonly state?: (typeof approvalStates)[number];
  readonly mineToDecide?: true;
}

async function listApprovals(run: Invocation, { state, mineToDecide }: ListOptions): Promise<void> {
  const hub = await run.connect();
  const decidable = mineToDecide ? ('true' as const) : undefined;
  const items = await allPages((cursor) => hub.call('listApprovals', { limit: pageSize, cursor, state, decidable }));
  const now = run.io.clock.now();
  run.out.result({ items, next: null }, () => {
    if (items.length === 0) return 'No held calls.';
    const columns = [
      { header: 'WHO', value: (one: Asked) => one.member.email, shrinks: true },
      { header: 'WANTS', value: whatText, shrinks: true },
      { header: 'STATE', value: stateText },
      { header: 'ASKED', value: (one: Asked) => relativeTime(one.createdAt, now) },
      { header: 'ID', value: (one: Asked) => one.id },
    ];
    return renderTable(items, columns, run.out.style, run.out.width);
  });
}

async function showApproval(run: Invocation, given: string): Promise<void> {
  const hub = await run.connect();
  const asked = await hub.call('getApproval', { id: idOf(given) });
  run.out.result(asked, () => detailText(asked, run.io.clock.now()));
}

interface ApproveOptions {
  readonly session?: true;
  readonly proposePolicy?: true;
  readonly reason?: string;
}

async function approve(run: Invocation, given: string, options: ApproveOptions): Promise<void> {
  const hub = await run.connect();
  const asked = await hub.call('approveCall', {
    id: idOf(given),
    scope: options.session ? 'session' : 'once',
    reason: options.reason,
    proposePolicy: options.proposePolicy === true,
  });
  run.out.result(asked, () => {
    const more = asked.needed - asked.votes.filter(({ says }) => says === 'approve').length;
    const left = asked.state === 'pending' ? `; it takes ${more} more` : '';
    return `You approved ${whatText(asked)} of ${safeLine(asked.member.email)}${left}.`;
  });
  if (asked.proposed !== null)
    run.out.note(`Drafted the policy “${safeLine(asked.proposed.name)}” (${asked.proposed.id}).`);
}

async function refuse(run: Invocation, given: string, { reason }: { readonly reason?: string }): Promise<void> {
  const hub = await run.connect();
  const asked = await hub.call('refuseCall', { id: idOf(given), reason });
  run.out.result(asked, () => `You refused ${whatText(asked)} of ${safeLine(asked.member.email)}.`);
}

async function withdraw(run: Invocation, given: string): Promise<void> {
  const hub = await run.connect();
  const asked = await hub.call('withdrawCall', { id: idOf(given) });
  run.out.result(asked, () => `Took back ${whatText(asked)}.`);
}

function idOf(given: string) {
  return checkedId('apr', given, 'mcpvault approvals list');
}

function whatText({ server, target, method }: Pick<Asked, 'server' | 'target' | 'method'>): string {
  return safeLine([server?.name, target ?? method].filter((part) => part !== undefined).join(' '));
}

function stateText({ state, needed, votes, scope }: Asked): string {
  const yes = votes.filter(({ says }) => says === 'approve').length;
  if (state === 'pending' && needed > 1) return `pending ${yes}/${needed}`;
  return scope === 'session' && state === 'approved' ? 'approved (session)' : state;
}

function detailText(asked: Detail, now: number): string {
  const lines = [
    `${whatText(asked)}: ${stateText(asked)}`,
    `asked by  ${safeLine(asked.member.email)}${asked.actor === null ? '' : `, as whom ${safeLine(asked.actor.email)} acts`}`,
    `with      ${safeLine(asked.client ?? 'an unnamed client')}, ${relativeTime(asked.createdAt, now)}`,
    ...asked.policies.map(({ name, reason }) => `held by   ${safeLine(name)}: ${safeLine(reason)}`),
    ...(asked.note === null ? [] : [`they say  ${safeLine(asked.note)}`]),
    ...asked.votes.map(
      ({ member, says, reason }) =>
        `${says === 'approve' ? 'approved ' : 'refused  '} by ${safeLine(member.email)}${reason === null ? '' : `: ${safeLine(reason)}`}`,
    ),
    `expires   ${relativeTime(asked.expiresAt, now)}`,
    '',
    safeText(asked.arguments),
    ...(asked.isCut ? ['… and more than anybody would read.'] : []),
    '',
    `Last 30 days with it: ${count(asked.calls.answered, 'answer')}, ${asked.calls.failed} failed, ${asked.calls.refused} refused.`,
    ...asked.similar.map(
      (one) =>
        `Before: ${safeLine(one.member.email)}${one.isSame ? ', the very same' : ''}, ${one.state} ${relativeTime(one.createdAt, now)} (${one.id})`,
    ),
    ...(asked.whyNot === null || asked.state !== 'pending' ? [] : ['', asked.whyNot]),
  ];
  return lines.join('\n');
}
