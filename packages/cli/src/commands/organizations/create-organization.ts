import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { relativeTime } from '../../output/words.ts';
import { addExamples } from '../examples.ts';

export function createOrganizationCommand(host: Host): Command {
  const command = new Command('create')
    .description('Make an organization, and print the link with which its first admin chooses a password')
    .argument('<name>', 'what it is called')
    .argument('<admin-email>', 'the e-mail address of its first admin')
    .option('--admin-name <name>', 'their name (default: the address up to the @)')
    .action(action(host, createOrganization));
  return addExamples(command, {
    command: 'mcpvault organizations create "Analytical Engines" ada@example.org',
    does: 'Let another organization live here',
  });
}

async function createOrganization(
  run: Invocation,
  name: string,
  email: string,
  { adminName = email.split('@')[0] ?? email }: { readonly adminName?: string },
): Promise<void> {
  const hub = await run.connect();
  const made = await hub.call('createOrganization', { name, admin: { email, name: adminName } });
  run.out.result(made, () => made.invitation.url);
  const ends = relativeTime(made.invitation.expiresAt, run.io.clock.now());
  run.out.note(`Hand this link to ${adminName}: it works once and ends ${ends}.`);
}
