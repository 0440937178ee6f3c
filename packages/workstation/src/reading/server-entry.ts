// One server as a client's config describes it, whatever dialect the client speaks.
import { type Dialect, type DialectName, dialectNamed } from '../catalogue/dialects.ts';
import type { Container } from './read-config.ts';
import { type ConfigNode, type MapNode, memberOf, nodeAt, pointerTo, stringOf } from './config-tree.ts';

export type Transport = 'stdio' | 'http' | 'sse' | 'ws' | 'builtin' | 'extension' | 'invalid';

export interface ServerEntry {
  /** What the client calls it. */
  readonly name: string;
  /** JSON pointer of the entry in its file; items of lists by their number. */
  readonly pointer: string;
  readonly transport: Transport;
  /** Why the client can do nothing with it; for `invalid` only. */
  readonly why?: string;
  readonly launch?: Launch;
  readonly isDisabled: boolean;
  readonly dialect: DialectName;
  /** The entry itself. */
  readonly node: ConfigNode;
  /** The map that holds the core elements: the entry, or an object within. */
  readonly core?: MapNode;
}

export type Launch =
  | {
      readonly kind: 'command';
      readonly command: string;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
      readonly cwd?: string;
    }
  | { readonly kind: 'url'; readonly url: string; readonly headers: Readonly<Record<string, string>> };

/** All entries of a container, in order. Of entries with equal names only the last counts, as for every reader. */
export function entriesOf({ path, node }: Container, dialectName: DialectName): readonly ServerEntry[] {
  const dialect = dialectNamed(dialectName);
  if (node.kind === 'map') {
    const last = new Map(node.members.map((member) => [member.key, member]));
    return [...last.values()].map(({ key, value }) => readEntry(key, pointerTo([...path, key]), value, dialectName));
  }
  if (node.kind !== 'list' || dialect.nameMember === undefined) return [];
  const { nameMember, notServer } = dialect;
  return node.items.flatMap((item, index) => {
    if (notServer !== undefined && memberOf(item, notServer) !== undefined) return [];
    const name = stringOf(memberOf(item, nameMember)?.value) ?? `#${index + 1}`;
    return [readEntry(name, pointerTo([...path, index]), item, dialectName)];
  });
}

function readEntry(name: string, pointer: string, node: ConfigNode, dialectName: DialectName): ServerEntry {
  const dialect = dialectNamed(dialectName);
  const about = { name, pointer, node, dialect: dialectName };
  if (node.kind !== 'map') return { ...about, isDisabled: false, transport: 'invalid', why: 'It is no object.' };
  const isDisabled = isOff(node, dialect);
  const core = coreOf(node, dialect);
  return { ...about, isDisabled, core, ...reached(core, dialect) };
}

/** The map with the core elements of an entry. */
function coreOf(entry: MapNode, { wrapper }: Dialect): MapNode {
  const wrapped = wrapper === undefined ? undefined : memberOf(entry, wrapper)?.value;
  return wrapped?.kind === 'map' ? wrapped : entry;
}

function isOff(entry: MapNode, { toggle }: Dialect): boolean {
  const node = toggle === undefined ? undefined : memberOf(entry, toggle.member)?.value;
  const value = node?.kind === 'scalar' ? node.value : undefined;
  return toggle?.means === 'enabled' ? value === false : value === true;
}

type Reached = Pick<ServerEntry, 'transport' | 'why' | 'launch'>;

function reached(core: MapNode, dialect: Dialect): Reached {
  const type = (stringOf(typeNode(core, dialect)) ?? '').toLowerCase();
  if (dialect.builtIn === 'other-types' && !isKnownType(type)) return { transport: 'builtin' };
  const command = commandOf(core, dialect);
  const address = addressOf(core, dialect);
  if (command !== undefined && address !== undefined) {
    return { transport: 'invalid', why: 'It has both a command and an address.' };
  }
  if (command !== undefined) return { transport: 'stdio', launch: command };
  if (address !== undefined) {
    const headers = texts(nodeAt(core, dialect.headers));
    const launch = { kind: 'url', url: address.url, headers } as const;
    return { transport: urlTransport(type, address, dialect), launch };
  }
  if (dialect.emptyEntry === 'extension') return { transport: 'extension' };
  return { transport: 'invalid', why: 'It has neither a command nor an address.' };
}

function typeNode(core: MapNode, { type, oldType }: Dialect): ConfigNode | undefined {
  const now = type === undefined ? undefined : memberOf(core, type)?.value;
  return now ?? (oldType === undefined ? undefined : memberOf(core, oldType)?.value);
}

function isKnownType(type: string): boolean {
  return type === '' || type === 'stdio' || type === 'sse' || type.includes('http');
}

function commandOf(core: MapNode, dialect: Dialect): Launch | undefined {
  const node = memberOf(core, dialect.command)?.value;
  const cwd = dialect.cwd === undefined ? undefined : stringOf(memberOf(core, dialect.cwd)?.value);
  const where = cwd === undefined ? {} : { cwd };
  if (dialect.argv === true && node?.kind === 'list') {
    const [command, ...args] = strings(node);
    if (command === undefined || command === '') return undefined;
    return { kind: 'command', command, args, env: texts(memberOf(core, dialect.env)?.value), ...where };
  }
  const inner = dialect.commandObject;
  if (inner !== undefined && node?.kind === 'map') {
    const command = stringOf(memberOf(node, inner.command)?.value);
    if (command === undefined || command === '') return undefined;
    const args = strings(memberOf(node, inner.args)?.value);
    return { kind: 'command', command, args, env: texts(memberOf(node, inner.env)?.value), ...where };
  }
  const command = stringOf(node);
  if (command === undefined || command === '') return undefined;
  const args = strings(memberOf(core, dialect.args)?.value);
  return { kind: 'command', command, args, env: texts(memberOf(core, dialect.env)?.value), ...where };
}

interface Address {
  readonly url: string;
  readonly member: string;
}

function addressOf(core: MapNode, { urls }: Dialect): Address | undefined {
  for (const member of urls) {
    const url = stringOf(memberOf(core, member)?.value);
    if (url !== undefined && url !== '') return { url, member };
  }
  return undefined;
}

function urlTransport(type: string, { url, member }: Address, dialect: Dialect): Transport {
  if (/^wss?:/i.test(url) || type === 'ws') return 'ws';
  if (type === 'sse') return 'sse';
  if (type !== '' && type !== 'stdio') return 'http';
  return dialect.transportOfUrl?.[member] ?? dialect.urlWithoutType ?? 'http';
}

/** Strings, and what stands for them: numbers and booleans are written out, as clients do. */
function strings(node: ConfigNode | undefined): string[] {
  return node?.kind === 'list' ? node.items.map((item) => textOf(item) ?? '') : [];
}

function texts(node: ConfigNode | undefined): Record<string, string> {
  const found: Record<string, string> = Object.create(null);
  if (node?.kind !== 'map') return found;
  for (const { key, value } of node.members) {
    const text = textOf(value);
    if (text !== undefined) found[key] = text;
  }
  return found;
}

function textOf(node: ConfigNode): string | undefined {
  if (node.kind !== 'scalar' || node.value === null) return undefined;
  return node.isString ? String(node.value) : String(node.value).replace(/^(?:number|date):/, '');
}
