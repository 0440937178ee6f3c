import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { relativeTime } from '../../output/words.ts';
import { addExamples } from '../examples.ts';
import { futureMoment } from '../moments.ts';
import { memberId } from './find-member.ts';

export function superviseMemberCommand(host: Host): Command {
  const command = new Command('supervisor')
    .description('Say who supervises a member, and so may act as them for a stated reason')
    .argument('<member>', 'their e-mail or id')
    .argument('<supervisor>', 'the supervisor’s e-mail or id, or "none"')
    .action(action(host, superviseMember));
  return addExamples(command, {
    command: 'mcpvault members supervisor ada@example.org charles@example.org',
    does: 'Ada answers to Charles',
  });
}

export function expireMemberCommand(host: Host): Command {
  const command = new Command('expire')
    .description('Say until when a member has access; then all of it ends by itself')
    .argument('<member>', 'their e-mail or id')
    .argument('<when>', 'a span such as 90d, a day such as 2027-01-31, or "never"')
    .action(action(host, expireMember));
  return addExamples(command, { command: 'mcpvault members expire ada@example.org 90d', does: 'For a quarter' });
}

async function superviseMember(run: Invocation, given: string, by: string): Promise<void> {
  const hub = await run.connect();
  const supervisor = by === 'none' ? null : await memberId(hub, by);
  const member = await hub.call('updateMember', { id: await memberId(hub, given), supervisor });
  run.out.result(member, () => `${member.email} is supervised by ${member.supervisor?.email ?? 'nobody'}.`);
}

async function expireMember(run: Invocation, given: string, when: string): Promise<void> {
  const now = run.io.clock.now();
  const expiresAt = when === 'never' ? null : futureMoment(when, now);
  const hub = await run.connect();
  const member = await hub.call('updateMember', { id: await memberId(hub, given), expiresAt });
  run.out.result(member, () =>
    member.expiresAt === null
      ? `${member.email} has access for good.`
      : `${member.email} has access until ${member.expiresAt}, ${relativeTime(member.expiresAt, now)}.`,
  );
}
