// What is measured: the table of cases. `npm run bench -- --only` takes their names.
import type { EchoName } from './stage.ts';

export interface CallCase {
  readonly kind: 'call';
  readonly name: string;
  readonly server: EchoName | 'stdio';
  /** One call of a tool, the list of all tools, or a whole short session: begun, one call, ended. */
  readonly what: 'echo' | 'list' | 'churn';
  /** Each has one call under way, or as many calls a second together as `rate` says. */
  readonly sessions: number;
  /** Length of the message, both ways. */
  readonly bytes: number;
  readonly rate?: number;
}

/** Ways of using the hub against each other: many tokens, no record, clients and servers of different eras. */
export interface HubCase {
  readonly kind: 'tokens' | 'record' | 'legacy-client' | 'modern-client';
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
}

/** Who asks, and whether they may: in one process, without a network or a database. */
export interface AuthorizationCase {
  readonly kind: 'authorization';
  readonly name: string;
}

export type Case = CallCase | HubCase | HeldCase | DriftCase | AuthorizationCase;

const kibibyte = 1024;
const held = 10_000;
const call = { kind: 'call', what: 'echo', server: 'http' } as const;

export const cases: readonly Case[] = [
  { ...call, name: 'http-100B-c1', sessions: 1, bytes: 100 },
  { ...call, name: 'http-100B-c32', sessions: 32, bytes: 100 },
  { ...call, name: 'http-10KB-c32', sessions: 32, bytes: 10 * kibibyte },
  { ...call, name: 'http-1MB-c4', sessions: 4, bytes: kibibyte * kibibyte },
  { ...call, name: 'http-rate200', sessions: 64, bytes: 100, rate: 200 },
  { ...call, name: 'events-100B-c32', server: 'events', sessions: 32, bytes: 100 },
  { ...call, name: 'stdio-100B-c32', server: 'stdio', sessions: 32, bytes: 100 },
  { ...call, name: 'stdio-10KB-c32', server: 'stdio', sessions: 32, bytes: 10 * kibibyte },
  { ...call, name: 'mux-256', server: 'stdio', sessions: 256, bytes: 100 },
  { ...call, name: 'list-1000', what: 'list', server: 'list', sessions: 8, bytes: 0 },
  { ...call, name: 'churn-http', what: 'churn', sessions: 8, bytes: 100 },
  { ...call, name: 'churn-stdio', what: 'churn', server: 'stdio', sessions: 8, bytes: 100 },
  { kind: 'legacy-client', name: 'eras-legacy-client', bytes: 100 },
  { kind: 'modern-client', name: 'eras-modern-client', bytes: 100 },
  { kind: 'tokens', name: 'tokens-200', bytes: 100 },
  { kind: 'record', name: 'record-off', bytes: 100 },
  { kind: 'authorization', name: 'authorization' },
  { kind: 'held', name: 'sessions-10k', sessions: held, streams: false },
  { kind: 'held', name: 'streams-10k', sessions: held, streams: true },
  { kind: 'drift', name: 'drift' },
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

/** The upstreams that a case needs. */
export function serversOf(it: Case): readonly (EchoName | 'stdio')[] {
  switch (it.kind) {
    case 'call':
      return [it.server];
    case 'legacy-client':
    case 'modern-client':
      return ['http', 'modern'];
    case 'authorization':
      return [];
    default:
      return ['http'];
  }
}

function matches(name: string, pattern: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
