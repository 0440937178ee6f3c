// What a key was narrowed to. It only ever takes away: a key never reaches what its member may not.
import type { ServerId } from '../ids.ts';
import { type Grant, unconditional } from './access.ts';

export interface KeyScope {
  /**
   * Operations of the API, by name (`servers.list`) or by area (`servers.*`). Empty: none. null: those that every key
   * reaches, which read what is the member's own.
   */
  readonly operations: readonly string[] | null;
  /** Servers, each with the tools of it (null: all of them). Empty: none. null: all that the member may use. */
  readonly servers: readonly ServerScope[] | null;
}

export interface ServerScope {
  readonly server: ServerId;
  readonly tools: readonly string[] | null;
}

/** Whether a list of operations names this one. */
export function namesOperation(names: readonly string[], operation: string): boolean {
  const area = operation.slice(0, operation.indexOf('.'));
  return names.some((name) => name === operation || name === `${area}.*`);
}

/** The scope as grants of one server: what it names there, and nothing else; null where it leaves the server as it is. */
export function grantsOfScope({ servers }: KeyScope, server: ServerId): readonly Grant[] | null {
  if (servers === null) return null;
  const named = servers.filter((one) => one.server === server);
  return named.map(({ tools }) => ({ ...unconditional, id: 'grt_key', subject: nobody, server, tools }));
}

const nobody = { type: 'member', id: 'mem_key' } as const;
