import type { Command } from 'commander';

export interface Example {
  readonly command: string;
  /** What it does, as a short phrase. */
  readonly does: string;
}

const known = new WeakMap<Command, readonly Example[]>();

/** Shows the examples below the command's help, and in the reference. */
export function addExamples(command: Command, ...examples: readonly Example[]): Command {
  known.set(command, examples);
  const lines = examples.map(({ command: line, does }) => `  # ${does}\n  ${line}`);
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n\n')}`);
}

export function examplesOf(command: Command): readonly Example[] {
  return known.get(command) ?? [];
}
