// A version of a server: its definition sealed, because it holds secrets, and a summary that can be read. Whoever makes one
// here has decided that it may be run: it is approved.
import type { Ambient } from '@mcpvault/domain/ambient';
import type { ProcessRules } from '@mcpvault/domain/catalog/process-rules';
import type { Isolation, Transport } from '@mcpvault/domain/catalog/server';
import type { MemberId, OrganizationId, ServerVersionId } from '@mcpvault/domain/ids';
import type { Sealer } from '@mcpvault/domain/record/recorded-batch';
import type { NewVersion, SealedDefinition } from '@mcpvault/store/servers-store';

export interface VersionOrder {
  readonly ambient: Pick<Ambient, 'ids'>;
  readonly sealer: Pick<Sealer, 'seal'>;
  readonly organization: OrganizationId;
  readonly transport: Transport;
  readonly isolation: Isolation;
  readonly processes: ProcessRules;
  /** null: MCPVault itself, for an example. */
  readonly by: MemberId | null;
  readonly now: number;
}

export function newVersion(order: VersionOrder): NewVersion {
  const { ambient, sealer, organization, transport, isolation, processes, by, now } = order;
  const id = ambient.ids.next('ver');
  return {
    id,
    definition: sealer.seal(organization, id, Buffer.from(JSON.stringify(transport))),
    summary: summaryOf(transport),
    isolation,
    processes,
    createdBy: by,
    createdAt: now,
    approvedBy: by,
    approvedAt: now,
  };
}

export function openDefinition(
  sealer: Pick<Sealer, 'open'>,
  version: {
    readonly id: ServerVersionId;
    readonly organization: OrganizationId;
    readonly definition: SealedDefinition;
  },
): Transport {
  const { key, sealed } = version.definition;
  return JSON.parse(sealer.open(version.organization, version.id, key, sealed).toString()) as Transport;
}

function summaryOf(transport: Transport): NewVersion['summary'] {
  if (transport.type !== 'stdio') {
    const { type, url, headers, auth } = transport;
    return { type, host: new URL(url).host, headers: Object.keys(headers), ...(auth && { auth: auth.mode }) };
  }
  const { type, command, args, env } = transport;
  return { type, command, arguments: args.length, env: Object.keys(env) };
}
