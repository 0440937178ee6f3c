// Reads one config file of a client: what state it is in, and the maps or lists of servers it holds. The states are told
// apart because each asks for something else: an absent file is nothing, a malformed one hides servers.
import type { ConfigFormat } from '../catalogue/client.ts';
import type { DialectName } from '../catalogue/dialects.ts';
import type { FileContent } from '../machine/machine.ts';
import { type ConfigNode, type ConfigTree, MalformedConfig, type MapNode, nodeAt, pointerTo } from './config-tree.ts';
import { decodeConfig } from './decode.ts';
import { type ReadableFormat, readTree } from './read-tree.ts';

export const configStates = {
  ok: 'it was read, and its servers are listed',
  absent: 'there is no such file',
  empty: 'it holds nothing, or whitespace only',
  'no-servers': 'it is fine, and names no servers',
  malformed: 'it does not follow its format, so what it holds is unknown',
  'duplicate-keys': 'a key is written twice, and readers disagree on which one counts',
  'wrong-container': 'what should hold the servers is something else',
  'unsupported-encoding': 'it is not UTF-8',
  'no-permission': 'this account may not read it',
  'privacy-denied': 'the operating system keeps this program from reading another’s data',
  'not-a-file': 'it is a folder, a pipe or a device',
  'too-large': 'it is larger than any config ought to be',
  unreadable: 'reading it failed',
  opaque: 'the client runs it or keeps it in a form that cannot be read safely',
} as const;

export type ConfigState = keyof typeof configStates;

/** Nothing larger is read. The largest seen, live state with years of history, has a few megabytes. */
export const largestConfig = 64 * 1024 * 1024;
const largestLines = 1024 * 1024;

export interface ReadConfig {
  readonly state: ConfigState;
  /** What is wrong and where, without anything of the content. */
  readonly problem?: string;
  readonly document?: ConfigDocument;
}

export interface ConfigDocument {
  readonly format: ReadableFormat;
  readonly text: string;
  readonly hasBom: boolean;
  readonly tree: ConfigTree;
}

export function readConfig(content: FileContent, format: ConfigFormat): ReadConfig {
  if (content.state !== 'read') return { state: content.state };
  if (format === 'opaque') return { state: 'opaque' };
  const decoded = decodeConfig(content.bytes);
  if (decoded === undefined) return { state: 'unsupported-encoding', problem: 'It is neither UTF-8 nor UTF-16.' };
  const { text, hasBom, encoding } = decoded;
  if (text.trim() === '') return { state: 'empty' };
  if ((format === 'yaml' || format === 'toml') && text.length > largestLines) return { state: 'too-large' };
  try {
    const document = { format, text, hasBom, tree: readTree(text, format) };
    if (encoding !== 'utf-8') return { state: 'unsupported-encoding', problem: `It is ${encoding}.`, document };
    return { state: 'ok', document };
  } catch (error) {
    if (!(error instanceof MalformedConfig)) throw error;
    return { state: error.isDuplicate ? 'duplicate-keys' : 'malformed', problem: error.message };
  }
}

/** A map or list of servers in a document. */
export interface Container {
  readonly path: readonly string[];
  readonly node: ConfigNode;
}

/**
 * The containers under a pointer, whose `*` stands for every key. Empty where the pointer leads nowhere. A container of the
 * wrong kind is among them: the caller says so.
 */
export function containersAt(root: ConfigNode, pointer: readonly string[]): readonly Container[] {
  const star = pointer.indexOf('*');
  if (star < 0) {
    const node = nodeAt(root, pointer);
    return node === undefined ? [] : [{ path: pointer, node }];
  }
  const above = nodeAt(root, pointer.slice(0, star));
  if (above?.kind !== 'map') return [];
  const keys = [...new Set(above.members.map(({ key }) => key))];
  return keys.flatMap((key) => containersAt(root, [...pointer.slice(0, star), key, ...pointer.slice(star + 1)]));
}

/** Keys that other clients use for the same thing: files are copied between clients, so the content decides. */
const usualPointers: readonly { readonly pointer: readonly string[]; readonly dialect: DialectName }[] = [
  { pointer: ['mcpServers'], dialect: 'mcpServers-basic' },
  { pointer: ['servers'], dialect: 'vscode' },
];

export interface FoundContainers {
  readonly containers: readonly Container[];
  /** Set where the content speaks another dialect than the location promises. */
  readonly dialect?: DialectName;
}

/**
 * What the declared pointer leads to or, in a file that is all about servers, what others call the same, or the document
 * itself where every member of it looks like a server.
 */
export function findContainers(root: ConfigNode, pointer: readonly string[], isServersFile: boolean): FoundContainers {
  const declared = pointer.length === 0 ? [] : containersAt(root, pointer);
  if (declared.length > 0) return { containers: declared };
  if (!isServersFile && pointer.length > 0) return { containers: [] };
  for (const { pointer: usual, dialect } of usualPointers) {
    const found = containersAt(root, usual);
    if (found.length > 0) return { containers: found, dialect };
  }
  return root.kind === 'map' && isFlatMap(root) ? { containers: [{ path: [], node: root }] } : { containers: [] };
}

function isFlatMap({ members }: MapNode): boolean {
  return members.length > 0 && members.every(({ value }) => value.kind === 'map' && looksLikeServer(value));
}

const reaching = ['command', 'cmd', 'url', 'serverUrl', 'httpUrl', 'uri'];

function looksLikeServer({ members }: MapNode): boolean {
  return members.some(({ key }) => reaching.includes(key));
}

/** Pointers of keys written twice on the way to a container, or anywhere in it. */
export function duplicatesTouching(tree: ConfigTree, { path }: Container): readonly string[] {
  const pointer = pointerTo(path);
  return tree.duplicates.filter((each) => each.startsWith(`${pointer}/`) || isPrefix(each, pointer));
}

function isPrefix(each: string, pointer: string): boolean {
  return pointer === each || pointer.startsWith(`${each}/`);
}
