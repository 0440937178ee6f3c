import { operations } from '@mcpvault/contract/operations';
import type { scopeDraft } from '@mcpvault/contract/tokens';
import { Failure } from '@mcpvault/domain/failure';
import { type KeyScope, namesOperation } from '@mcpvault/domain/identity/key-scope';
import type { z } from 'zod';
import { isOpenToKeys } from '../auth/closed-to.ts';
import type { Context } from './handler.ts';

type Draft = z.output<typeof scopeDraft> | null | undefined;
type Surroundings = Pick<Context, 'services' | 'caller'>;

/** Operations by their names, which a key may be made for. */
const open = Object.values(operations).filter(
  (operation) => operation.permission !== 'anyone' && isOpenToKeys(operation, [operation.name]),
);

/** Throws for operations that no key reaches, and `not_found` for servers that the caller knows nothing of. */
export function readScope(draft: Draft, { services, caller }: Surroundings): KeyScope | null {
  if (draft == null || (draft.operations == null && draft.servers == null)) return null;
  const unknown = draft.operations?.find((name) => !open.some((operation) => namesOperation([name], operation.name)));
  if (unknown !== undefined) {
    throw new Failure('invalid_params', `scope.operations: there is no operation ${unknown} that a key could reach.`, {
      fix: 'Use names such as servers.list, or areas such as servers.*; what touches credentials stays closed to keys.',
    });
  }
  const known = services.catalog.servers(caller.organization);
  const servers = draft.servers?.map(({ server, tools }) => {
    const found = known.find(({ entry }) => entry.id === server || entry.name === server);
    if (found === undefined) throw new Failure('not_found', `There is no server ${server}.`);
    return { server: found.entry.id, tools: tools ?? null };
  });
  return { operations: draft.operations ?? null, servers: servers ?? null };
}

export function showScope({ operations, servers }: KeyScope, { services, caller }: Surroundings) {
  const names = new Map(services.catalog.servers(caller.organization).map(({ entry }) => [entry.id, entry.name]));
  return {
    operations: operations && [...operations],
    servers:
      servers?.map(({ server, tools }) => ({
        server: { id: server, name: names.get(server) ?? server },
        tools: tools && [...tools],
      })) ?? null,
  };
}
