// Runs one command line from beginning to exit code. The only place where failures become words and numbers.
import { type Command, CommanderError } from 'commander';
import { CommandFailure, usageFailure } from './command-failure.ts';
import { runHubCommand } from './commands/hub.ts';
import { type ExitName, exitCodes } from './exit-codes.ts';
import type { Io } from './io.ts';
import { createOutput, type Output } from './output/output.ts';
import { createProgram } from './program.ts';

/** `argv` is what follows `mcpvault`. */
export async function runCli(argv: readonly string[], io: Io): Promise<number> {
  // The hub has settings of its own, some of the same name.
  if (argv[0] === 'hub') return runHubCommand(argv.slice(1), io.env);
  let exit: ExitName = 'ok';
  const program = createProgram({ io, finish: (how) => (exit = how) });
  if (argv.length === 0) {
    program.outputHelp();
    return exitCodes.ok;
  }
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    exit = conclude(error, program, argv, createOutput(io, { format: formatIn(argv, io), quiet: false }));
  }
  return exitCodes[exit];
}

function conclude(error: unknown, program: Command, argv: readonly string[], out: Output): ExitName {
  const failure = error instanceof CommanderError ? misuse(error, program, argv) : error;
  if (failure === undefined) return error instanceof CommanderError && error.exitCode === 0 ? 'ok' : 'usage';
  if (failure instanceof CommandFailure) {
    if (failure.exit !== 'interrupted') out.fail(failure);
    return failure.exit;
  }
  const said = failure instanceof Error ? (failure.stack ?? failure.message) : 'what it threw is no error';
  out.fail(new CommandFailure('general', 'internal', `This is a mistake in mcpvault itself: ${said}`));
  return 'general';
}

/** undefined where commander has already said all there is, as after --help. */
function misuse(error: CommanderError, program: Command, argv: readonly string[]): CommandFailure | undefined {
  if (error.code.startsWith('commander.help') || error.code === 'commander.version') return undefined;
  const [first = '', ...hints] = error.message.replace(/^error: /, '').split('\n');
  const [said, hint] = [
    `${first.charAt(0).toUpperCase()}${first.slice(1)}.`,
    hints.join(' ').replace(/^\((.*)\)$/, '$1'),
  ];
  const fix = `See: ${commandIn(program, argv)} --help`;
  return usageFailure(said.replace('..', '.'), hint === '' ? fix : `${hint} ${fix}`);
}

/** The command that was meant, as far as it could be recognised. */
function commandIn(program: Command, argv: readonly string[]): string {
  let command = program;
  let path = program.name();
  for (const word of argv) {
    const next = command.commands.find((each) => each.name() === word || each.aliases().includes(word));
    if (next === undefined) continue;
    command = next;
    path += ` ${next.name()}`;
  }
  return path;
}

/** The form of output, even when the command line cannot be read otherwise. */
function formatIn(argv: readonly string[], io: Io): 'json' | 'table' {
  const ours = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  if (ours.includes('--json') || ours.includes('--output=json') || ours.includes('-ojson')) return 'json';
  const at = ours.findIndex((word) => word === '-o' || word === '--output');
  const chosen = at < 0 ? io.env.MCPVAULT_OUTPUT : ours[at + 1];
  return chosen === 'json' ? 'json' : 'table';
}
