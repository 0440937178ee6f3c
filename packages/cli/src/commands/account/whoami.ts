import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { renderDetails } from '../../output/table.ts';
import { safeLine } from '../../output/safe-text.ts';
import { addExamples } from '../examples.ts';

export function whoamiCommand(host: Host): Command {
  const command = new Command('whoami')
    .description('Show who is signed in, where, and what they may do')
    .action(action(host, whoami));
  return addExamples(command, { command: 'mcpvault whoami --json', does: 'The same for a script' });
}

async function whoami(run: Invocation): Promise<void> {
  const connection = await run.connect();
  const { member, organization, permissions } = await connection.call('me', {});
  const by = run.io.env.MCPVAULT_TOKEN ? 'MCPVAULT_TOKEN' : (await run.credentials.get(connection.hub))?.kind;
  const { hub } = connection;
  run.out.result({ hub, member, organization, permissions, by: by ?? null }, () =>
    renderDetails(
      [
        ['Hub', hub],
        ['Member', `${safeLine(member.name)} (${safeLine(member.email)})`],
        ['Role', member.role],
        ['Organization', safeLine(organization.name)],
        ['Teams', member.teams.length === 0 ? undefined : member.teams.map((team) => safeLine(team.name)).join(', ')],
        ['Signed in by', by === 'sign-in' ? 'a sign-in' : by === 'token' ? 'a personal token' : by],
        ['May', permissions.join(', ')],
      ],
      run.out.style,
    ),
  );
}
