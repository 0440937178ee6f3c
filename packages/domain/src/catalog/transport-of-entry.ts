import { isObject, type Json, type JsonObject, member } from './jsonc.ts';
import type { RemoteType, Transport } from './server.ts';

/** One thing about a server that a person should see to: what is wrong, and what to do. */
export interface Concern {
  readonly problem: string;
  readonly fix: string;
}

/** `transport` null means that the entry cannot be used as it is. */
export interface ReadEntry {
  readonly transport: Transport | null;
  readonly concerns: readonly Concern[];
}

const addressKeys = ['url', 'serverUrl', 'httpUrl', 'uri', 'endpoint'];
const commandKeys = ['command', 'cmd'];

/** True for an object that says how one server is reached, in any client's spelling. */
export function looksLikeEntry(value: Json): value is JsonObject {
  if (!isObject(value)) return false;
  if (isObject(member(value, 'transport'))) return true;
  return [...addressKeys, ...commandKeys].some((key) => {
    const found = member(value, key);
    return typeof found === 'string' || Array.isArray(found) || (key === 'command' && isObject(found));
  });
}

/** Reads one server's entry, whichever client it was written for. Nothing of it is run or resolved. */
export function transportOfEntry(entry: Json): ReadEntry {
  if (!isObject(entry))
    return unusable('It is not an object with a command or a url.', 'Write {"command": …, "args": […]} or {"url": …}.');
  const transport = member(entry, 'transport');
  const merged = isObject(transport) ? { members: [...entry.members, ...transport.members] } : entry;
  const type = [member(merged, 'type'), transport, member(merged, 'transportType')].find(
    (one) => typeof one === 'string',
  );
  const hasCommand = commandKeys.some((key) => isGiven(member(merged, key)));
  const address = addressKeys.map((key) => member(merged, key)).find(isGiven);
  if (hasCommand && address !== undefined)
    return unusable('It has a command and a url, so it is not clear which one is meant.', 'Keep one of the two.');
  if (hasCommand) return process(merged);
  if (address !== undefined) return remote(merged, address, type);
  if (type === 'builtin' || type === 'platform' || member(merged, 'settings') !== undefined)
    return unusable(
      'It is built into the client or one of its extensions.',
      'Look up how to run that server by itself.',
    );
  return unusable('It has neither a command nor a url.', 'Add the command that starts the server, or its url.');
}

const isGiven = (value: Json | undefined): value is Json => value !== undefined && value !== null && value !== '';

function unusable(problem: string, fix: string): ReadEntry {
  return { transport: null, concerns: [{ problem, fix }] };
}

function process(entry: JsonObject): ReadEntry {
  const concerns: Concern[] = [];
  const given = commandKeys.map((key) => member(entry, key)).find(isGiven) ?? null;
  const inner = isObject(given) ? given : null;
  const words = [
    ...texts(inner === null ? given : (member(inner, 'path') ?? null)),
    ...texts(member(inner ?? entry, 'args') ?? null),
  ];
  if (words.some((word) => word === null))
    return unusable('Its command or args are not texts.', 'Write the program as a text and args as a list of texts.');
  const [command, ...args] = withoutWindowsShell(
    words.filter((word) => word !== null),
    concerns,
  );
  if (command === undefined || command.trim() === '')
    return unusable('Its command is empty.', 'Name the program that starts the server.');
  const env = textMap([
    member(entry, 'env'),
    member(entry, 'environment'),
    inner === null ? undefined : member(inner, 'env'),
  ]);
  const cwd = [member(entry, 'cwd'), member(entry, 'working_directory'), member(entry, 'workingDirectory')].find(
    isGiven,
  );
  const transport: Transport = { type: 'stdio', command, args, env, ...(typeof cwd === 'string' && { cwd }) };
  if (isGiven(member(entry, 'envFile')))
    concerns.push({
      problem: 'It reads variables from a file (envFile) on the computer it was copied from.',
      fix: 'Add the variables of that file to its environment.',
    });
  return { transport, concerns: [...concerns, ...variableConcerns(transport)] };
}

/** A list of texts from one text or a list; null for what is neither text nor number. */
function texts(value: Json): (string | null)[] {
  const list = Array.isArray(value) ? value : value === null ? [] : [value];
  return list.map((item) => (typeof item === 'string' ? item : typeof item === 'number' ? String(item) : null));
}

function withoutWindowsShell(words: readonly string[], concerns: Concern[]): readonly string[] {
  if (!/^(?:.*[\\/])?cmd(?:\.exe)?$/i.test(words[0] ?? '') || !/^\/c$/i.test(words[1] ?? '')) return words;
  concerns.push({
    problem: 'It was written for Windows; the “cmd /c” before the command was left out.',
    fix: 'Check that the command is right for the computer that will run it.',
  });
  return words.slice(2);
}

function remote(entry: JsonObject, address: Json, type: Json | undefined): ReadEntry {
  const url = typeof address === 'string' ? address.trim() : '';
  const protocol = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  const spoken = remoteTypeOf(type, protocol, url);
  const schemes = spoken === 'websocket' ? ['ws', 'wss'] : ['http', 'https'];
  if (protocol !== undefined && !schemes.includes(protocol))
    return unusable(
      `Its address begins with ${protocol}:, not with ${schemes.join(': or ')}:.`,
      `Use the server’s ${schemes[0]} address.`,
    );
  if (protocol === undefined && !hasVariable(url))
    return unusable('Its address is not a URL.', 'Write it whole, such as https://example.com/mcp.');
  if (!hasVariable(url) && URL.parse(url) === null)
    return unusable('Its address is not a URL.', 'Write it whole, such as https://example.com/mcp.');
  const nested = [member(entry, 'requestInit'), member(entry, 'requestOptions')].filter(isObject);
  const headers = textMap([
    member(entry, 'headers'),
    member(entry, 'http_headers'),
    ...nested.map((options) => member(options, 'headers')),
  ]);
  const transport: Transport = { type: spoken, url, headers };
  const concerns: Concern[] = [...variableConcerns(transport)];
  if (isGiven(member(entry, 'headersHelper')))
    concerns.push({
      problem: 'A program of the client makes its headers (headersHelper).',
      fix: 'Add the headers themselves.',
    });
  return { transport, concerns };
}

const webSocketTypes = new Set<unknown>(['websocket', 'ws', 'wss']);

/** As its entry says, else as its address looks: `…/sse` is where servers of the older transport are. */
function remoteTypeOf(type: Json | undefined, protocol: string | undefined, url: string): RemoteType {
  if (webSocketTypes.has(type) || (type === undefined && (protocol === 'ws' || protocol === 'wss'))) return 'websocket';
  if (type === 'sse' || type === 'legacy-sse') return 'sse';
  return type === undefined && /\/sse\/?(?:\?|$)/.test(url) ? 'sse' : 'streamable-http';
}

/** Names and texts of several maps; values that are neither text, number nor boolean are left out. */
function textMap(maps: readonly (Json | undefined)[]): Readonly<Record<string, string>> {
  const entries = maps
    .filter((map) => isObject(map))
    .flatMap(({ members }) => members)
    .flatMap(({ key, value }): [string, string][] =>
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? [[key, String(value)]]
        : [],
    );
  return Object.fromEntries(entries);
}

/** `${X}`, `${env:X}`, `${{ x }}`, `{env:X}`, `{file:x}`, `$X`, `%X%`, `$(x)`, `<x>`: what only the client can fill in. */
const variable = /\$\{[^}]+\}|\{(?:env|file):[^}]+\}|\$[A-Za-z_]\w+|%[A-Za-z_]\w+%|\$\([^)]+\)|^<[^>]+>$/;

const hasVariable = (text: string): boolean => variable.test(text);

/** Places are named and values are not: they may be secrets. */
function variableConcerns(transport: Transport): Concern[] {
  const places =
    transport.type === 'stdio'
      ? [
          ...(hasVariable(transport.command) ? ['the command'] : []),
          ...(transport.args.some(hasVariable) ? ['the arguments'] : []),
          ...(hasVariable(transport.cwd ?? '') ? ['the working directory'] : []),
          ...named(transport.env),
        ]
      : [...(hasVariable(transport.url) ? ['the url'] : []), ...named(transport.headers)];
  if (places.length === 0) return [];
  return [
    {
      problem: `The client would fill in ${places.join(', ')} from its own variables or inputs.`,
      fix: 'Write the values themselves; they are sealed when the server is saved.',
    },
  ];
}

function named(map: Readonly<Record<string, string>>): string[] {
  return Object.entries(map)
    .filter(([, value]) => hasVariable(value))
    .map(([key]) => key);
}
