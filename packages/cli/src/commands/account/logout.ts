import { Command } from 'commander';
import { CommandFailure } from '../../command-failure.ts';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { addExamples } from '../examples.ts';

export function logoutCommand(host: Host): Command {
  const command = new Command('logout')
    .description('End the sign-in and forget its credentials')
    .action(action(host, logout));
  return addExamples(command, { command: 'mcpvault logout', does: 'End the sign-in to the current hub' });
}

async function logout(run: Invocation): Promise<void> {
  const hub = await run.hub();
  const stored = await run.credentials.get(hub);
  const endedAtHub = stored?.kind === 'sign-in' && (await endAtHub(run));
  await run.credentials.remove(hub);
  run.out.result({ hub, signedOut: stored !== undefined, endedAtHub }, () => {
    if (stored === undefined) return `You were not signed in to ${hub}.`;
    if (stored.kind === 'token')
      return `Forgot the token for ${hub}. It still works; end it with: mcpvault tokens revoke`;
    return `Signed out of ${hub}.`;
  });
}

/** The credentials go even when the hub is away; then they only expire there. */
async function endAtHub(run: Invocation): Promise<boolean> {
  try {
    const connection = await run.connect();
    await connection.call('logout', {});
    return true;
  } catch (error) {
    if (!(error instanceof CommandFailure) || error.exit === 'interrupted') throw error;
    if (error.exit !== 'not_signed_in') {
      run.out.warn(`The hub could not be told (${error.message}) The sign-in ends there when it expires.`);
    }
    return false;
  }
}
