// What may come next on a command line, from the tree of commands itself.
import type { Command, Option } from 'commander';

export interface Candidate {
  readonly value: string;
  readonly description: string;
}

/** Values that only the hub knows, such as the names of servers; `operands` are the arguments before it. */
export type AskHub = (kind: 'server' | 'tool', operands: readonly string[]) => Promise<readonly string[]>;

/** `words` are those after `mcpvault`; the last one, perhaps empty, is being typed. */
export async function candidates(program: Command, words: readonly string[], askHub: AskHub): Promise<Candidate[]> {
  const typed = words.at(-1) ?? '';
  const { command, operands, pending, verbatim } = follow(program, words.slice(0, -1));
  if (verbatim) return [];
  const found = await choices(command, operands, pending, typed, askHub);
  return found.filter(({ value }) => value.startsWith(typed));
}

interface Place {
  readonly command: Command;
  readonly operands: readonly string[];
  /** The option whose value is being typed. */
  readonly pending: Option | undefined;
  /** After `--`, where the words are not ours. */
  readonly verbatim: boolean;
}

function follow(program: Command, words: readonly string[]): Place {
  let command = program;
  let pending: Option | undefined;
  const operands: string[] = [];
  for (const word of words) {
    if (word === '--') return { command, operands, pending: undefined, verbatim: true };
    if (pending !== undefined) pending = undefined;
    else if (word.startsWith('-')) pending = valueTaker(command, word);
    else {
      const next = operands.length > 0 ? undefined : subcommand(command, word);
      if (next === undefined) operands.push(word);
      else command = next;
    }
  }
  return { command, operands, pending, verbatim: false };
}

async function choices(
  command: Command,
  operands: readonly string[],
  pending: Option | undefined,
  typed: string,
  askHub: AskHub,
): Promise<Candidate[]> {
  const named = async (kind: string): Promise<Candidate[]> =>
    kind === 'server' || kind === 'tool' ? plain(await askHub(kind, operands)) : [];
  if (pending !== undefined) return plain(pending.argChoices ?? []).concat(await named(pending.attributeName()));
  if (typed.startsWith('-')) return optionsOf(command).flatMap(flags);
  if (command.commands.length > 0) return operands.length > 0 ? [] : command.commands.filter(isShown).map(described);
  const argument = command.registeredArguments[operands.length];
  if (argument === undefined) return [];
  return plain(argument.argChoices ?? []).concat(await named(argument.name()));
}

/** The option a word names, where it takes a value that is not in the same word. */
function valueTaker(command: Command, word: string): Option | undefined {
  const option = optionsOf(command).find(({ long, short }) => word === long || word === short);
  return option?.required ? option : undefined;
}

/** Its own options and those of all commands. */
function optionsOf(command: Command): readonly Option[] {
  const above = command.parent === null ? [] : optionsOf(command.parent);
  return [...command.options, ...above].filter(({ hidden }) => !hidden);
}

function flags({ long, short, description }: Option): Candidate[] {
  const value = long ?? short;
  return value === undefined ? [] : [{ value, description }];
}

function subcommand(command: Command, word: string): Command | undefined {
  return command.commands.find((each) => each.name() === word || each.aliases().includes(word));
}

function isShown(command: Command): boolean {
  return !command.name().startsWith('__');
}

function described(command: Command): Candidate {
  return { value: command.name(), description: command.description() };
}

function plain(values: readonly string[]): Candidate[] {
  return values.map((value) => ({ value, description: '' }));
}
