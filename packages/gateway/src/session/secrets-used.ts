// Which secrets a call was carried with, by name: for the audit log, and never what they are. A server that holds none costs
// a call two looks into what is at hand.
import { authOf, type ServerEntry } from '@mcpvault/domain/catalog/server';
import type { Caller } from '@mcpvault/domain/identity/caller';
import type { CredentialsPort } from '../ports.ts';

/** null where there was none. */
export function secretsUsed(
  server: ServerEntry,
  caller: Pick<Caller, 'organization' | 'member' | 'actedBy'>,
  credentials: Pick<CredentialsPort, 'heldBy'>,
): readonly string[] | null {
  const own = ownSecrets(server);
  if (authOf(server) === null) return own;
  const connection = credentials.heldBy(server, caller);
  if (connection === null) return own;
  return own === null ? [`connection ${connection}`] : [`connection ${connection}`, ...own];
}

const known = new WeakMap<ServerEntry, readonly string[] | null>();

/** Every value of these is kept as a secret, since nobody can tell which of them is one. */
function ownSecrets(server: ServerEntry): readonly string[] | null {
  const { transport } = server;
  const held = transport.type === 'stdio' ? transport.env : transport.headers;
  for (const _ in held) return namesOf(server);
  return null;
}

function namesOf(server: ServerEntry): readonly string[] | null {
  let names = known.get(server);
  if (names === undefined) {
    const { transport } = server;
    const all =
      transport.type === 'stdio'
        ? Object.keys(transport.env).map((name) => `env ${name}`)
        : Object.keys(transport.headers)
            // A sign-in takes its place.
            .filter((name) => transport.auth === undefined || name.toLowerCase() !== 'authorization')
            .map((name) => `header ${name}`);
    names = all.length === 0 ? null : all.map((name) => name.slice(0, 200));
    known.set(server, names);
  }
  return names;
}
