// `mcpvault completion`, and the hidden command that its scripts ask.
import { Argument, Command } from 'commander';
import { CommandFailure } from '../command-failure.ts';
import { type AskHub, candidates } from '../completion/candidates.ts';
import { scripts, type Shell, shells } from '../completion/scripts.ts';
import { action, createInvocation, type Host, type Invocation } from '../invocation.ts';
import { safeLine } from '../output/safe-text.ts';
import { allPages, pageSize } from './all-pages.ts';
import { addExamples } from './examples.ts';

export function completionCommand(host: Host): Command {
  const command = new Command('completion')
    .description('Print the script that completes mcpvault in your shell')
    .addArgument(new Argument('<shell>', 'which shell').choices(shells))
    .action(
      action(host, ({ out }, shell: Shell) => {
        out.result({ shell, script: scripts[shell] }, () => scripts[shell]);
        return Promise.resolve();
      }),
    );
  return addExamples(
    command,
    { command: 'source <(mcpvault completion bash)', does: 'In ~/.bashrc' },
    { command: 'source <(mcpvault completion zsh)', does: 'In ~/.zshrc, after compinit' },
    { command: 'mcpvault completion fish > ~/.config/fish/completions/mcpvault.fish', does: 'Once, for fish' },
  );
}

/** Nobody waits longer than this for a completion, in seconds. */
const patience = '2';

export function completeCommand(host: Host): Command {
  const command = new Command('__complete').argument('[words...]');
  return command.action(async (words: readonly string[]) => {
    const { io } = host;
    const program = command.parent ?? command;
    const run = createInvocation(io, { quiet: true, input: false, timeout: patience });
    for (const { value, description } of await candidates(program, words, askHub(run))) {
      io.stdout.write(`${safeLine(value)}\t${safeLine(description)}\n`);
    }
    host.finish('ok');
  });
}

/** Without a hub or a sign-in there is nothing to offer, and nothing to say about it. */
function askHub(run: Invocation): AskHub {
  return async (kind, operands) => {
    try {
      const hub = await run.connect();
      if (kind === 'server') {
        const servers = await allPages((cursor) => hub.call('listServers', { limit: pageSize, cursor }));
        return servers.map(({ name }) => name);
      }
      const [id] = operands;
      if (id === undefined) return [];
      const tools = await allPages((cursor) => hub.call('listServerTools', { id, limit: pageSize, cursor }));
      return tools.map(({ name }) => name);
    } catch (error) {
      if (error instanceof CommandFailure) return [];
      throw error;
    }
  };
}
