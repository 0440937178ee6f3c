// Everything the message path must know about one organization, read at one instant: the hub keeps it in memory and reads
// it again when something changed.
import { completeRules, type ProcessRules } from '@mcpvault/domain/catalog/process-rules';
import type { Isolation } from '@mcpvault/domain/catalog/server';
import type { Grant } from '@mcpvault/domain/identity/access';
import type { RoleId } from '@mcpvault/domain/identity/role';
import type { GrantId, MemberId, OrganizationId, ServerId, ServerVersionId, TeamId } from '@mcpvault/domain/ids';
import type { Policy } from '@mcpvault/domain/policy/policy';
import { sql } from 'kysely';
import { toGrant } from './grants-store.ts';
import { endsAt } from './members-store.ts';
import { toStoredPolicy } from './policies-store.ts';
import { createQuarantinesStore, type Quarantine } from './quarantines-store.ts';
import type { Executor } from './schema.ts';
import type { SealedDefinition, ServerStatus } from './servers-store.ts';

export interface OrganizationSnapshot {
  readonly organization: { readonly id: OrganizationId; readonly name: string };
  /** Disabled ones too, removed ones not. */
  readonly members: readonly {
    readonly id: MemberId;
    readonly email: string;
    readonly name: string;
    readonly role: RoleId;
    readonly disabled: boolean;
    /** When their access ends or has ended, for whatever reason: milliseconds since the epoch. */
    readonly endsAt: number | null;
    readonly teams: readonly TeamId[];
  }[];
  /** Those with an approved version that are not retired; switched off ones too. */
  readonly servers: readonly (ServerStatus & {
    readonly id: ServerId;
    readonly name: string;
    readonly enabled: boolean;
    readonly version: ServerVersionId;
    readonly number: number;
    readonly isolation: Isolation;
    readonly processes: ProcessRules;
    readonly definition: SealedDefinition;
    readonly createdAt: number;
    readonly updatedAt: number;
  })[];
  /** Expired ones too: time goes on while the snapshot is held. */
  readonly grants: readonly Grant[];
  /** Drafts too, oldest first. */
  readonly policies: readonly Policy[];
  readonly teams: readonly { readonly id: TeamId; readonly name: string }[];
  /** Of the last listing of each server, with the time since when it is described as it is. */
  readonly tools: readonly {
    readonly server: ServerId;
    readonly name: string;
    readonly description: string | null;
    readonly annotations: Readonly<Record<string, unknown>> | null;
    /** null for listings of before there were any. */
    readonly fingerprint: string | null;
    readonly firstSeen: number | null;
    /** What an admin made of it; null where nobody looked. */
    readonly review: 'approved' | 'rejected' | null;
    /** As the server sent it; null where it sent none. */
    readonly outputSchema: unknown;
  }[];
  readonly quarantines: readonly Quarantine[];
}

/** null when there is no such organization. */
export async function loadOrganization(
  executor: Executor,
  organization: OrganizationId,
): Promise<OrganizationSnapshot | null> {
  if (executor.isTransaction) return read(executor, organization);
  return executor
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute((transaction) => read(transaction, organization));
}

/** What of an organization is wanted: grants by their ids or by whom they name, and members. */
export interface PartWanted {
  readonly grants: ReadonlySet<GrantId>;
  readonly subjects: ReadonlySet<string>;
  readonly members: ReadonlySet<MemberId>;
}

/** What is there of it; what is not has gone. */
export interface OrganizationPart {
  readonly grants: readonly Grant[];
  /** With the service accounts that these own: they may end with them. */
  readonly members: readonly PartMember[];
}

export interface PartMember {
  readonly id: MemberId;
  readonly email: string;
  readonly name: string;
  /** When their access ends or has ended, for whatever reason: milliseconds since the epoch. */
  readonly endsAt: number | null;
}

export async function loadPart(
  executor: Executor,
  organization: OrganizationId,
  { grants, subjects, members }: PartWanted,
): Promise<OrganizationPart> {
  const rows = await executor
    .selectFrom('grants')
    .selectAll()
    .where('organization', '=', organization)
    .where((row) =>
      row.or([
        sql<boolean>`grants.id = any(${[...grants]}::text[])`,
        sql<boolean>`grants.subject_id = any(${[...subjects]}::text[])`,
      ]),
    )
    .execute();
  const people =
    members.size === 0
      ? []
      : await presentMembers(executor, organization)
          .where((row) =>
            row.or([row('members.id', 'in', [...members]), row('members.owner_member', 'in', [...members])]),
          )
          .execute();
  return { grants: rows.map(toGrant), members: people.map(withEnd) };
}

async function read(executor: Executor, id: OrganizationId): Promise<OrganizationSnapshot | null> {
  const organization = await executor
    .selectFrom('organizations')
    .select(['id', 'name'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (!organization) return null;
  return {
    organization,
    members: await readMembers(executor, id),
    servers: await readServers(executor, id),
    grants: await readGrants(executor, id),
    policies: await readPolicies(executor, id),
    teams: await executor.selectFrom('teams').select(['id', 'name']).where('organization', '=', id).execute(),
    tools: await readTools(executor, id),
    quarantines: await createQuarantinesStore(executor).holding(id),
  };
}

async function readMembers(executor: Executor, organization: OrganizationId): Promise<OrganizationSnapshot['members']> {
  const rows = await presentMembers(executor, organization)
    .select('members.role')
    .select(sql<boolean>`members.disabled_at is not null`.as('disabled'))
    .select(sql<TeamId[]>`array(select team from team_members where member = members.id)`.as('teams'))
    .execute();
  return rows.map(withEnd);
}

function presentMembers(executor: Executor, organization: OrganizationId) {
  return executor
    .selectFrom('members')
    .leftJoin('members as owners', 'owners.id', 'members.owner_member')
    .select(['members.id', 'members.email', 'members.name', endsAt.as('ends_at')])
    .where('members.organization', '=', organization)
    .where('members.removed_at', 'is', null);
}

function withEnd<Row extends { readonly ends_at: Date | null }>({ ends_at, ...row }: Row) {
  return { ...row, endsAt: ends_at?.getTime() ?? null };
}

async function readServers(executor: Executor, organization: OrganizationId): Promise<OrganizationSnapshot['servers']> {
  const rows = await executor
    .selectFrom('servers')
    .innerJoin('server_versions', 'server_versions.id', 'servers.current_version')
    .selectAll('servers')
    .select([
      'server_versions.id as version',
      'server_versions.number',
      'server_versions.isolation',
      'server_versions.processes',
      'server_versions.definition',
      'server_versions.definition_key',
    ])
    .where('servers.organization', '=', organization)
    .where('servers.retired_at', 'is', null)
    .orderBy('servers.created_at')
    .orderBy('servers.id')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    enabled: row.enabled,
    version: row.version,
    number: row.number,
    isolation: row.isolation,
    processes: completeRules(row.processes),
    definition: { key: row.definition_key, sealed: row.definition },
    status: row.status,
    reason: row.status_reason,
    fix: row.status_fix,
    checkedAt: row.checked_at?.getTime() ?? null,
    createdAt: row.created_at.getTime(),
    updatedAt: row.updated_at.getTime(),
  }));
}

async function readGrants(executor: Executor, organization: OrganizationId): Promise<Grant[]> {
  const rows = await executor.selectFrom('grants').selectAll().where('organization', '=', organization).execute();
  return rows.map(toGrant);
}

async function readPolicies(executor: Executor, organization: OrganizationId): Promise<Policy[]> {
  const rows = await executor
    .selectFrom('policies')
    .selectAll()
    .where('organization', '=', organization)
    .where('removed_at', 'is', null)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map(toStoredPolicy);
}

async function readTools(executor: Executor, organization: OrganizationId): Promise<OrganizationSnapshot['tools']> {
  const rows = await executor
    .selectFrom('server_tools')
    .innerJoin('server_listings', 'server_listings.server', 'server_tools.server')
    .leftJoin('tool_definitions', (join) =>
      join
        .onRef('tool_definitions.server', '=', 'server_tools.server')
        .onRef('tool_definitions.name', '=', 'server_tools.name')
        .onRef('tool_definitions.fingerprint', '=', 'server_tools.fingerprint'),
    )
    .select([
      'server_tools.server',
      'server_tools.name',
      'server_tools.fingerprint',
      'tool_definitions.first_seen_at',
      'tool_definitions.review',
    ])
    .select(sql<unknown>`server_tools.definition -> 'description'`.as('description'))
    .select(sql<unknown>`server_tools.definition -> 'annotations'`.as('annotations'))
    .select(sql<unknown>`server_tools.definition -> 'outputSchema'`.as('outputSchema'))
    .where('server_listings.organization', '=', organization)
    .execute();
  return rows.map(({ server, name, fingerprint, first_seen_at, review, description, annotations, outputSchema }) => ({
    server,
    name,
    description: typeof description === 'string' ? description : null,
    annotations: typeof annotations === 'object' ? (annotations as Readonly<Record<string, unknown>> | null) : null,
    fingerprint,
    firstSeen: first_seen_at?.getTime() ?? null,
    review,
    outputSchema: outputSchema ?? null,
  }));
}
