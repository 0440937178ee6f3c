// What files call by name and the hub by id: servers and teams.
import type { ServerId, TeamId } from '@mcpvault/domain/ids';
import type { Policy } from '@mcpvault/domain/policy/policy';
import type { FilePolicy } from './policy-file.ts';

export interface PolicyNaming {
  readonly servers: readonly Named<ServerId>[];
  readonly teams: readonly Named<TeamId>[];
}

interface Named<Id> {
  readonly id: Id;
  readonly name: string;
}

/** What a file names and nothing is called. */
export interface UnknownName {
  readonly path: readonly (string | number)[];
  readonly kind: 'server' | 'team';
  readonly name: string;
}

/** As a file says it. What is gone keeps its id. */
export function toFilePolicy({ id: _, version: __, ...policy }: Policy, naming: PolicyNaming): FilePolicy {
  const { scope, pilot = null } = policy;
  const named = { servers: nameAll(scope.servers, naming.servers), teams: nameAll(scope.teams, naming.teams) };
  // A file holds the same values, but for the names; both shapes come from one schema.
  return {
    ...(policy as unknown as FilePolicy),
    pilot: nameAll(pilot, naming.teams),
    scope: { ...(scope as FilePolicy['scope']), ...named },
  };
}

/** As the hub keeps it, and what it names that there is not; that is left out. */
export function fromFilePolicy(policy: FilePolicy, { servers, teams }: PolicyNaming) {
  const { scope } = policy;
  const unknown: UnknownName[] = [];
  const find = <Id extends string>(
    kind: UnknownName['kind'],
    names: readonly string[] | null,
    all: readonly Named<Id>[],
    path: readonly string[],
  ): Id[] | null =>
    names &&
    names.flatMap((name, index) => {
      const found = all.find((one) => one.name === name || one.id === name);
      if (found === undefined) unknown.push({ path: [...path, index], kind, name });
      return found === undefined ? [] : [found.id];
    });
  const draft = {
    ...policy,
    pilot: find('team', policy.pilot, teams, ['pilot']),
    scope: {
      ...scope,
      servers: find('server', scope.servers, servers, ['scope', 'servers']),
      teams: find('team', scope.teams, teams, ['scope', 'teams']),
    },
  };
  return { draft, unknown };
}

function nameAll(ids: readonly string[] | null, all: readonly Named<string>[]): string[] | null {
  return ids && ids.map((id) => all.find((one) => one.id === id)?.name ?? id);
}
