import { type Json, JsoncError, parseJsonc } from './jsonc.ts';
import { type ShellWords, shellWords } from './shell-words.ts';
import type { Transport } from './server.ts';
import { type ReadEntry, transportOfEntry } from './transport-of-entry.ts';

/** What one command line describes: a server started by it, or one that it would add to a client. */
export interface CommandLineConfig extends ReadEntry {
  /** The name that the line gives the server; null when it gives none. */
  readonly name: string | null;
}

/** Reads `npx -y @x/y`, `KEY=value uvx z`, `claude mcp add …` and their like. Runs nothing. */
export function commandLineConfig(line: string): CommandLineConfig {
  const split: ShellWords = shellWords(line.trim().replace(/^[$>%]\s+/, ''));
  if ('refused' in split)
    return refused(
      null,
      split.refused,
      'Servers are started without a shell: give the one command that starts this one.',
    );
  const { env, rest } = withoutAssignments(split.words);
  const adding = rest.findIndex((word, at) => word === 'mcp' && /^add(?:-json)?$/.test(rest[at + 1] ?? ''));
  if (adding > 0 && adding <= 2) return added(rest[adding + 1] === 'add-json', rest.slice(adding + 2));
  const addMcp = rest.findIndex((word) => word === '--add-mcp');
  if (addMcp > 0) return fromJson(null, rest[addMcp + 1] ?? '');
  const [command, ...args] = rest;
  if (command === undefined)
    return refused(null, 'The line has no command.', 'Give the command that starts the server.');
  return { name: null, ...read({ type: 'stdio', command, args, env }) };
}

function refused(name: string | null, problem: string, fix: string): CommandLineConfig {
  return { name, transport: null, concerns: [{ problem, fix }] };
}

const assignment = /^([A-Za-z_]\w*)=([^]*)$/;

function withoutAssignments(words: readonly string[]): { env: Record<string, string>; rest: readonly string[] } {
  const env = new Map<string, string>();
  let at = words[0] === 'env' ? 1 : 0;
  for (let found = assignment.exec(words[at] ?? ''); found !== null; found = assignment.exec(words[++at] ?? ''))
    env.set(found[1] ?? '', found[2] ?? '');
  return { env: Object.fromEntries(env), rest: words.slice(at) };
}

interface AddFlags {
  readonly words: string[];
  readonly env: Map<string, string>;
  readonly headers: Map<string, string>;
  transport: string | null;
  url: string | null;
  command: readonly string[];
}

/** `mcp add` of the various clients: flags, a name, and a command (often behind `--`) or a url. */
function added(asJson: boolean, words: readonly string[]): CommandLineConfig {
  const flags = readFlags(words, asJson);
  const [name = null, ...rest] = flags.words;
  if (asJson) return fromJson(name, rest[0] ?? '');
  const [command = '', ...args] = [...rest, ...flags.command];
  if (flags.url !== null || /^(?:https?|wss?):\/\//.test(command)) {
    const type = flags.transport === 'http' ? 'streamable-http' : (flags.transport ?? undefined);
    const headers = Object.fromEntries(flags.headers);
    return { name, ...transportOfEntry(asEntry({ type, url: flags.url ?? command, headers })) };
  }
  if (command === '') return refused(name, 'The line names no command and no url.', 'Paste the whole line.');
  return { name, ...read({ type: 'stdio', command, args, env: Object.fromEntries(flags.env) }) };
}

const valued =
  /^(?:-s|--scope|-t|--transport|-e|--env|-H|--header|--url|--type|--timeout|--description|--bearer-token-env-var|--client-id|--callback-port)$/;

function readFlags(words: readonly string[], asJson: boolean): AddFlags {
  const flags: AddFlags = { words: [], env: new Map(), headers: new Map(), transport: null, url: null, command: [] };
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '--') {
      flags.command = words.slice(at + 1);
      break;
    }
    const [, long = '', inline = ''] = /^(--[a-z-]+)=([^]*)$/.exec(word) ?? [];
    // Behind a command all that follows is its own, flags too.
    if (flags.words.length >= 2 && !asJson && !/^(?:https?|wss?):\/\//.test(flags.words[1] ?? ''))
      flags.words.push(word);
    else if (long !== '') setFlag(flags, long, inline);
    else if (valued.test(word)) {
      setFlag(flags, word, words[++at] ?? '');
      while (/^(?:-e|--env)$/.test(word) && assignment.test(words[at + 1] ?? ''))
        setFlag(flags, word, words[++at] ?? '');
    } else if (!word.startsWith('-')) flags.words.push(word);
  }
  return flags;
}

function setFlag(flags: AddFlags, flag: string, value: string): void {
  if (flag === '-e' || flag === '--env') {
    const [, name, text = ''] = assignment.exec(value) ?? [];
    if (name !== undefined) flags.env.set(name, text);
  } else if (flag === '-H' || flag === '--header') {
    const [, name, text = ''] = /^([^:\s]+):\s*([^]*)$/.exec(value) ?? [];
    if (name !== undefined) flags.headers.set(name, text);
  } else if (flag === '-t' || flag === '--transport' || flag === '--type') flags.transport = value;
  else if (flag === '--url') flags.url = value;
}

function fromJson(name: string | null, text: string): CommandLineConfig {
  try {
    const entry = parseJsonc(text);
    const own = typeof entry === 'object' && entry !== null && 'members' in entry ? entry.members : [];
    const inner = own.find(({ key }) => key === 'name')?.value;
    return { name: name ?? (typeof inner === 'string' ? inner : null), ...transportOfEntry(entry) };
  } catch (error) {
    if (!(error instanceof JsoncError)) throw error;
    return refused(name, `The JSON in the line cannot be read. ${error.message}`, 'Paste the whole line.');
  }
}

/** Through the same reading as an entry of a file, so that the same is noticed about it. */
function read(transport: Transport): ReadEntry {
  return transportOfEntry(asEntry(transport));
}

function asEntry(value: unknown): Json {
  return parseJsonc(JSON.stringify(value));
}
