// What is measured: the table of cases. `npm run bench -- --only` takes their names.

export interface CallCase {
  readonly kind: 'call';
  readonly name: string;
  readonly server: 'http' | 'events' | 'list' | 'stdio';
  /** Each has one call under way, or as many calls a second together as `rate` says. */
  readonly sessions: number;
  /** Length of the message, both ways. */
  readonly bytes: number;
  readonly rate?: number;
}

/** Two ways of running the hub against each other. */
export interface HubCase {
  readonly kind: 'tokens' | 'record';
  readonly name: string;
  readonly bytes: number;
}

/** Sessions that do nothing, with or without a stream on which the client listens. */
export interface HeldCase {
  readonly kind: 'held';
  readonly name: string;
  readonly sessions: number;
  readonly streams: boolean;
}

export interface DriftCase {
  readonly kind: 'drift';
  readonly name: string;
  readonly minutes: number;
}

export type Case = CallCase | HubCase | HeldCase | DriftCase;

const kibibyte = 1024;
const held = 10_000;

export const cases: readonly Case[] = [
  { kind: 'call', name: 'http-100B-c1', server: 'http', sessions: 1, bytes: 100 },
  { kind: 'call', name: 'http-100B-c32', server: 'http', sessions: 32, bytes: 100 },
  { kind: 'call', name: 'http-10KB-c32', server: 'http', sessions: 32, bytes: 10 * kibibyte },
  { kind: 'call', name: 'http-1MB-c4', server: 'http', sessions: 4, bytes: kibibyte * kibibyte },
  { kind: 'call', name: 'http-rate200', server: 'http', sessions: 64, bytes: 100, rate: 200 },
  { kind: 'call', name: 'events-100B-c32', server: 'events', sessions: 32, bytes: 100 },
  { kind: 'call', name: 'stdio-100B-c32', server: 'stdio', sessions: 32, bytes: 100 },
  { kind: 'call', name: 'stdio-10KB-c32', server: 'stdio', sessions: 32, bytes: 10 * kibibyte },
  { kind: 'call', name: 'list-1000', server: 'list', sessions: 8, bytes: 0 },
  { kind: 'tokens', name: 'tokens-200', bytes: 100 },
  { kind: 'record', name: 'record-off', bytes: 100 },
  { kind: 'held', name: 'sessions-10k', sessions: held, streams: false },
  { kind: 'held', name: 'streams-10k', sessions: held, streams: true },
  { kind: 'drift', name: 'drift', minutes: 10 },
];

/** Those that are asked for: by name or by the beginning of names with a `*`; without any, all but the long ones. */
export function chosen(all: readonly Case[], only: readonly string[], drift: boolean): readonly Case[] {
  const unknown = only.filter((pattern) => !all.some(({ name }) => matches(name, pattern)));
  if (unknown.length > 0) {
    throw new Error(`There is no case ${unknown.join(', ')}; there are ${all.map(({ name }) => name).join(', ')}.`);
  }
  return all.filter(({ name, kind }) => {
    if (kind === 'drift' && drift) return true;
    return only.length === 0 ? kind !== 'drift' : only.some((pattern) => matches(name, pattern));
  });
}

function matches(name: string, pattern: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
