import { Command } from 'commander';
import { action, type Host, type Invocation, type Outcome } from '../../invocation.ts';
import { safeLine, safeText } from '../../output/safe-text.ts';
import { allPages, pageSize } from '../all-pages.ts';
import { addExamples } from '../examples.ts';
import { type Definition, type Draft, readNaming } from './policy-names.ts';
import { readPolicies } from './read-policies.ts';

export function applyPoliciesCommand(host: Host): Command {
  const command = new Command('apply')
    .description(
      'Make the hub’s policies those of files: policies are found by name, added, changed, or left as they are',
    )
    .argument('<file...>', 'YAML files')
    .option('--dry-run', 'only show what would change')
    .option('--prune', 'remove policies that are in none of the files')
    .option('-y, --yes', 'do not ask before removing')
    .action(action(host, applyPolicies));
  return addExamples(
    command,
    { command: 'mcpvault policies apply policies/*.yaml --dry-run', does: 'See what would change' },
    {
      command: 'mcpvault policies apply policies/*.yaml --prune --yes',
      does: 'From a pipeline: the files are all there is',
    },
  );
}

export function diffPoliciesCommand(host: Host): Command {
  const command = new Command('diff')
    .description('Show how files differ from the hub’s policies; ends with 1 where they do')
    .argument('<file...>', 'YAML files')
    .action(
      action(host, async (run: Invocation, files: readonly string[]): Promise<Outcome> => {
        const plan = await planFor(run, files);
        show(run, plan, false);
        return plan.every(({ does }) => does === 'keep' || does === 'leave') ? 'ok' : 'general';
      }),
    );
  return addExamples(command, {
    command: 'mcpvault policies diff policies/*.yaml',
    does: 'Has anybody changed them by hand?',
  });
}

interface Options {
  readonly dryRun?: true;
  readonly prune?: true;
  readonly yes?: true;
}

async function applyPolicies(
  run: Invocation,
  files: readonly string[],
  { dryRun, prune, yes }: Options,
): Promise<Outcome> {
  const plan = (await planFor(run, files)).map((step) =>
    step.does === 'leave' && prune === true ? { ...step, does: 'remove' as const } : step,
  );
  const removed = plan.filter(({ does }) => does === 'remove');
  if (dryRun === true) {
    show(run, plan, false);
    return 'ok';
  }
  if (
    removed.length > 0 &&
    !(await run.confirm(`Remove ${removed.length} policies that are in none of the files?`, yes))
  )
    return 'ok';
  const hub = await run.connect();
  for (const { does, draft, before } of plan) {
    if (does === 'add' && draft !== null) await hub.call('createDefinition', draft);
    if (does === 'change' && draft !== null && before !== null)
      await hub.call('replaceDefinition', { id: before.id, ...draft });
    if (does === 'remove' && before !== null) await hub.call('removePolicy', { id: before.id });
  }
  show(run, plan, true);
  return 'ok';
}

interface Step {
  readonly name: string;
  readonly does: 'add' | 'change' | 'keep' | 'leave' | 'remove';
  readonly draft: Draft | null;
  readonly before: Definition | null;
  /** The policy as YAML, now and then. */
  readonly from: string;
  readonly to: string;
}

/** All is read and found before anything is changed. */
async function planFor(run: Invocation, files: readonly string[]): Promise<Step[]> {
  const wanted = await readPolicies(files);
  const { writePolicyDocument } = await import('@mcpvault/hub/policies/policy-file');
  const hub = await run.connect();
  const naming = await readNaming(hub);
  const there = await allPages((cursor) => hub.call('listDefinitions', { cursor, limit: pageSize }));
  const byName = new Map(there.toReversed().map((one) => [one.name, one]));
  const steps = wanted.map((policy): Step => {
    const before = byName.get(policy.name) ?? null;
    const from = before === null ? '' : writePolicyDocument(naming.toFile(before));
    const to = writePolicyDocument(policy);
    const does = before === null ? 'add' : from === to ? 'keep' : 'change';
    return { name: policy.name, does, draft: naming.toDraft(policy), before, from, to };
  });
  const named = new Set(wanted.map(({ name }) => name));
  const others = there.filter(({ name }) => !named.has(name));
  return [
    ...steps,
    ...others.map(
      (before): Step => ({ ...{ name: before.name, does: 'leave', draft: null }, before, from: '', to: '' }),
    ),
  ];
}

function show(run: Invocation, plan: readonly Step[], isDone: boolean): void {
  const words = isDone ? done : planned;
  run.out.result(
    plan.map(({ name, does }) => ({ name, does })),
    () =>
      plan
        .flatMap(({ name, does, from, to }) => [
          `${words[does]} ${safeLine(name)}`,
          ...(does === 'change' ? changedLines(from, to).map((line) => safeText(line)) : []),
        ])
        .join('\n'),
  );
}

const planned = {
  add: '+ would add',
  change: '~ would change',
  keep: '= unchanged',
  leave: '. not in the files',
  remove: '- would remove',
};
const done = {
  add: '+ added',
  change: '~ changed',
  keep: '= unchanged',
  leave: '. not in the files',
  remove: '- removed',
};

/** Lines that are in one of them only, those that go first; policies are short. */
function changedLines(from: string, to: string): string[] {
  const [before, after] = [from.split('\n'), to.split('\n')];
  const gone = before.filter((line) => !after.includes(line)).map((line) => `    - ${line}`);
  const come = after.filter((line) => !before.includes(line)).map((line) => `    + ${line}`);
  return [...gone, ...come];
}
