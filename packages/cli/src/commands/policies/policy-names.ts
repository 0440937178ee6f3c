import type { OutputOf } from '@mcpvault/contract/operation';
import type { Operations } from '@mcpvault/contract/operations';
import type { FilePolicy } from '@mcpvault/hub/policies/policy-file';
import { CommandFailure } from '../../command-failure.ts';
import type { HubConnection } from '../../connection/hub-connection.ts';
import { allPages, pageSize } from '../all-pages.ts';

export type Definition = OutputOf<Operations['getDefinition']>;
export type Draft = Omit<Definition, 'id' | 'version' | 'createdAt' | 'updatedAt' | 'note' | 'source' | 'fellBack'>;

/** What files call by name and the hub by id. */
export interface Naming {
  toFile(definition: Definition): FilePolicy;
  /** Fails for a server or team that the organization does not have. */
  toDraft(policy: FilePolicy): Draft;
}

export async function readNaming(hub: HubConnection): Promise<Naming> {
  const servers = await allPages((cursor) => hub.call('listServers', { cursor, limit: pageSize }));
  const teams = await allPages((cursor) => hub.call('listTeams', { cursor, limit: pageSize }));
  return {
    toFile({ note: _, source: __, fellBack: ___, ...definition }) {
      const { id: _id, version: _version, createdAt: _made, updatedAt: _changed, ...policy } = definition;
      const { scope } = policy;
      const named = { servers: nameAll(scope.servers, servers), teams: nameAll(scope.teams, teams) };
      return { ...policy, pilot: nameAll(policy.pilot, teams), scope: { ...scope, ...named } };
    },
    toDraft(policy) {
      const { scope } = policy;
      const found = {
        servers: findAll(policy.name, 'server', scope.servers, servers),
        teams: findAll(policy.name, 'team', scope.teams, teams),
      };
      const pilot = findAll(policy.name, 'team', policy.pilot, teams);
      return { ...policy, pilot, scope: { ...scope, ...found } };
    },
  };
}

interface Named<Id extends string> {
  readonly id: Id;
  readonly name: string;
}

function nameAll(ids: readonly string[] | null, all: readonly Named<string>[]): string[] | null {
  return ids && ids.map((id) => all.find((one) => one.id === id)?.name ?? id);
}

function findAll<Id extends string>(
  policy: string,
  kind: string,
  names: readonly string[] | null,
  all: readonly Named<Id>[],
): Id[] | null {
  return (
    names &&
    names.map((name) => {
      const found = all.find((one) => one.name === name || one.id === name);
      if (found === undefined)
        throw new CommandFailure(
          'usage',
          'not_found',
          `Policy “${policy}” names the ${kind} “${name}”, and there is none.`,
        );
      return found.id;
    })
  );
}
