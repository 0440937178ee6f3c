import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { relativeTime } from '../../output/words.ts';
import { addExamples } from '../examples.ts';
import { findRole } from '../roles/find-role.ts';

interface InviteOptions {
  readonly name?: string;
  readonly role?: string;
}

export function inviteMemberCommand(host: Host): Command {
  const command = new Command('invite')
    .description('Invite a member, and print the link with which they choose a password')
    .argument('<email>', 'their e-mail address')
    .option('--name <name>', 'their name (default: the address up to the @)')
    .option('--role <role>', 'what they may do, from "mcpvault roles list" (default: member)')
    .action(action(host, inviteMember));
  return addExamples(command, {
    command: 'mcpvault members invite ada@example.org --name "Ada Lovelace"',
    does: 'Invite a colleague',
  });
}

async function inviteMember(run: Invocation, email: string, options: InviteOptions): Promise<void> {
  const hub = await run.connect();
  const role = options.role === undefined ? undefined : (await findRole(hub, options.role)).id;
  const name = options.name ?? email.split('@')[0] ?? email;
  const member = await hub.call('createMember', { email, name, role });
  const { invitation } = member;
  run.out.result(member, () => invitation?.url ?? `Added ${member.email}.`);
  if (invitation !== null) {
    run.out.note(
      `Hand this link to ${member.name}: it works once and ends ${relativeTime(invitation.expiresAt, run.io.clock.now())}.`,
    );
  }
}
