// The servers that this workstation runs itself. Equal servers under different names become one; different servers that share
// a name stay two, with names made different.
import type { Launch } from '../reading/server-entry.ts';

export interface LocalServer {
  /** What the bridge is told; unlike all others. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export type Definition = Omit<LocalServer, 'name'>;

/** The server of that definition: one that is there already, or a new one whose name is made of `wanted` and is free. */
export function serverFor(
  definition: Definition,
  wanted: string,
  servers: readonly LocalServer[],
  reserved: readonly string[] = [],
): LocalServer {
  const same = servers.find((each) => isSameDefinition(each, definition));
  if (same !== undefined) return same;
  const base = nameFrom(wanted);
  const taken = new Set([...reserved, ...servers.map(({ name }) => name)]);
  let name = base;
  for (let number = 1; taken.has(name); number += 1) name = `${base}${number}`;
  return { name, ...definition };
}

/** `kept` are the variables that stay in the client's file, because only the client can fill them in. */
export function definitionOf(
  launch: Extract<Launch, { kind: 'command' }>,
  kept: (value: string) => boolean,
): Definition {
  const env = Object.entries(launch.env).filter(([, value]) => !kept(value));
  return { command: launch.command, args: launch.args, env: Object.fromEntries(env) };
}

export function isSameDefinition(one: Definition, other: Definition): boolean {
  return canonical(one) === canonical(other);
}

function canonical({ command, args, env }: Definition): string {
  return JSON.stringify([command, args, Object.entries(env).toSorted(([a], [b]) => (a < b ? -1 : 1))]);
}

/** Letters, digits, `-` and `_`: a name must never be taken for an option, an address or a path. */
function nameFrom(wanted: string): string {
  const plain = wanted
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();
  const name = plain
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^[-_]+|[-_]+$/g, '')
    .slice(0, 40);
  return name === '' ? 'server' : name;
}
