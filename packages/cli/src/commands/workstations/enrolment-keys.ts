import type { OutputOf } from '@mcpvault/contract/operation';
import type { Operations } from '@mcpvault/contract/operations';
import { Command } from 'commander';
import { usageFailure } from '../../command-failure.ts';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { safeLine } from '../../output/safe-text.ts';
import { renderTable } from '../../output/table.ts';
import { relativeTime } from '../../output/words.ts';
import { checkedId } from '../checked-id.ts';
import { addExamples } from '../examples.ts';
import { memberId } from '../members/find-member.ts';
import { futureMoment } from '../moments.ts';

type Key = OutputOf<Operations['listEnrolmentKeys']>['items'][number];

export function enrolmentKeysCommand(host: Host): Command {
  return new Command('keys')
    .description('Keys with which computers enrol where nobody signs in, such as silent installs')
    .addCommand(listCommand(host))
    .addCommand(createCommand(host))
    .addCommand(revokeCommand(host));
}

function listCommand(host: Host): Command {
  const command = new Command('list').alias('ls').description('List enrolment keys').action(action(host, listKeys));
  return addExamples(command, { command: 'mcpvault workstations keys list', does: 'All keys, used up ones too' });
}

interface CreateOptions {
  readonly member?: string;
  readonly uses: string;
  readonly expires?: string;
}

function createCommand(host: Host): Command {
  const command = new Command('create')
    .description('Make an enrolment key and print it: the only time it can be seen')
    .argument('<name>', 'what it is for')
    .option('--member <member>', 'whose workstations it makes, by e-mail or id (default: whoever installs says so)')
    .option('--uses <number>', 'how many computers may enrol with it', '1')
    .option('--expires <when>', 'a span such as 12h or 30d, or a day (default: 7d; 90d at most)')
    .action(action(host, createKey));
  return addExamples(
    command,
    { command: 'mcpvault workstations keys create laptops --uses 50 --expires 30d', does: 'For device management' },
    {
      command: 'mcpvault workstations keys create ada --member ada@example.org',
      does: 'For one computer of one member',
    },
  );
}

function revokeCommand(host: Host): Command {
  const command = new Command('revoke')
    .description('Revoke an enrolment key; workstations that enrolled with it stay')
    .argument('<key-id>', 'its id, from "mcpvault workstations keys list"')
    .action(action(host, revokeKey));
  return addExamples(command, { command: 'mcpvault workstations keys revoke wek_01k…', does: 'Revoke a key' });
}

async function listKeys(run: Invocation): Promise<void> {
  const hub = await run.connect();
  const keys = await hub.call('listEnrolmentKeys', {});
  const now = run.io.clock.now();
  run.out.result(keys, () =>
    keys.items.length === 0
      ? 'No enrolment keys. Make one with: mcpvault workstations keys create NAME'
      : renderTable<Key>(
          keys.items,
          [
            { header: 'ID', value: ({ id }) => id },
            { header: 'NAME', value: ({ name }) => safeLine(name), shrinks: true },
            { header: 'KEY', value: ({ prefix }) => `${prefix}…` },
            { header: 'FOR', value: ({ member }) => member?.email ?? 'whom the installer names', shrinks: true },
            { header: 'USED', value: ({ uses, usesAtMost }) => `${uses} of ${usesAtMost}` },
            { header: 'ENDS', value: (key) => (key.revokedAt === null ? relativeTime(key.expiresAt, now) : 'revoked') },
          ],
          run.out.style,
          run.out.width,
        ),
  );
}

async function createKey(run: Invocation, name: string, { member, uses, expires }: CreateOptions): Promise<void> {
  const usesAtMost = Number(uses);
  if (!Number.isInteger(usesAtMost) || usesAtMost < 1) throw usageFailure('--uses takes a whole number from 1 on.');
  const expiresAt = expires === undefined ? undefined : futureMoment(expires, run.io.clock.now());
  const hub = await run.connect();
  const key = await hub.call('createEnrolmentKey', {
    ...{ name, usesAtMost, expiresAt },
    ...(member === undefined ? {} : { member: await memberId(hub, member) }),
  });
  run.out.result(key, () => key.key);
  run.out.note('This is shown once. Enrol with: mcpvault workstation enroll --key KEY');
}

async function revokeKey(run: Invocation, given: string): Promise<void> {
  const id = checkedId('wek', given, 'mcpvault workstations keys list');
  const hub = await run.connect();
  await hub.call('revokeEnrolmentKey', { id });
  run.out.result({ id, revoked: true }, () => `Revoked ${id}.`);
}
