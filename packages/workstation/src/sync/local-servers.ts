// The servers that this workstation runs itself. Equal servers under different names become one; different servers that share
// a name stay two, with names made different.
import type { Launch } from '../reading/server-entry.ts';

export type LocalServer = Definition & {
  /** What the bridge is told; unlike all others. */
  readonly name: string;
};

export type Definition = StartedServer | RemoteServer;

export interface StartedServer {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Reached over Streamable HTTP, with what signs in to it in the headers. */
export interface RemoteServer {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

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
export function definitionOf(launch: Launch, kept: (value: string) => boolean): Definition {
  if (launch.kind === 'url') return { url: launch.url, headers: launch.headers };
  const env = Object.entries(launch.env).filter(([, value]) => !kept(value));
  return { command: launch.command, args: launch.args, env: Object.fromEntries(env) };
}

export function isSameDefinition(one: Definition, other: Definition): boolean {
  return canonical(one) === canonical(other);
}

function canonical(definition: Definition): string {
  if ('url' in definition) return JSON.stringify([definition.url, sorted(definition.headers)]);
  return JSON.stringify([definition.command, definition.args, sorted(definition.env)]);
}

function sorted(values: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1));
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
