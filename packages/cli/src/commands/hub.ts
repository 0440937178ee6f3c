import { Command } from 'commander';
import type { Io } from '../io.ts';
import { ownVariables } from '../settings.ts';
import { addExamples } from './examples.ts';

/** Shown in help and reference; `runHubCommand` takes the whole command line before commander would read it. */
export function hubCommand(): Command {
  const command = new Command('hub')
    .description('Run the hub here, in the foreground; "mcpvault hub --help" lists its settings')
    .usage('[settings]')
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments();
  return addExamples(
    command,
    { command: 'mcpvault hub', does: 'On this machine, with its data in ./.mcpvault' },
    { command: 'mcpvault hub --port 8080 --data /var/lib/mcpvault', does: 'With other settings' },
  );
}

/** Resolves to the exit code when the hub has stopped. `argv` is what follows `hub`. */
export async function runHubCommand(argv: readonly string[], env: Io['env']): Promise<number> {
  const { runHub } = await import('@mcpvault/hub/main');
  const forHub = Object.fromEntries(Object.entries(env).filter(([name]) => !Object.hasOwn(ownVariables, name)));
  return runHub(argv, forHub);
}
