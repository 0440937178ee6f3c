// An organization of the size that authorization is measured with: who is in it, what it has, and who may use what.
import { createHash } from 'node:crypto';
import { type Grant, unconditional } from '@mcpvault/domain/identity/access';
import { builtInRoles } from '@mcpvault/domain/identity/role';
import { defaultProcessRules } from '@mcpvault/domain/catalog/process-rules';
import type { MemberId, OrganizationId, TeamId } from '@mcpvault/domain/ids';
import type { IdentityCacheDeps } from '@mcpvault/hub/auth/identity-cache';
import type { OrganizationSnapshot } from '@mcpvault/store/catalog-view';

export interface World {
  readonly organization: OrganizationId;
  readonly snapshot: OrganizationSnapshot;
  /** One for each member, in their order. */
  readonly tokens: readonly string[];
  /** Names of servers that a member may use, by the member's place. */
  readonly usable: readonly (readonly string[])[];
  /** Answer at once, from memory: what the database costs is not measured here. */
  readonly stores: IdentityCacheDeps['stores'];
}

export interface WorldSize {
  readonly members: number;
  readonly servers: number;
  readonly grants: number;
}

const organization = 'org_bench';
const teamsOfMember = 2;
const membersPerTeam = 200;

/** Seven in ten grants name a member, the others a team; one in five names tools. The same every time. */
export function makeWorld({ members, servers, grants }: WorldSize): World {
  const draw = lottery();
  const teams = Math.max(1, Math.round((members * teamsOfMember) / membersPerTeam));
  const teamsOf = Array.from({ length: members }, () =>
    Array.from({ length: teamsOfMember }, () => `team_${draw(teams)}` as const),
  );
  const made = Array.from({ length: grants }, (_, at) => grantOf(at, draw, { members, servers, teams }));
  const tokens = Array.from({ length: members }, (_, at) => tokenOf(at));
  return {
    organization,
    tokens,
    usable: usableBy(made, teamsOf),
    snapshot: {
      organization: { id: organization, name: 'Bench' },
      members: teamsOf.map((of, at) => ({ ...memberOf(at), disabled: false, endsAt: null, teams: of })),
      servers: Array.from({ length: servers }, (_, at) => serverOf(at)),
      grants: made,
      policies: [],
      teams: [],
      tools: [],
      quarantines: [],
    },
    stores: storesOf(tokens, teamsOf),
  };
}

function grantOf(
  at: number,
  draw: (below: number) => number,
  size: { members: number; servers: number; teams: number },
) {
  const subject =
    draw(10) < 7
      ? { type: 'member' as const, id: `mem_${draw(size.members)}` as const }
      : { type: 'team' as const, id: `team_${draw(size.teams)}` as const };
  const tools = draw(5) === 0 ? ['read', 'list', 'search'] : null;
  return { ...unconditional, id: `grt_${at}`, subject, server: `srv_${draw(size.servers)}`, tools } satisfies Grant;
}

function usableBy(grants: readonly Grant[], teamsOf: readonly (readonly TeamId[])[]): string[][] {
  const bySubject = Map.groupBy(grants, ({ subject }) => subject.id as string);
  return teamsOf.map((teams, at) => {
    const theirs = [`mem_${at}`, ...teams].flatMap((subject) => bySubject.get(subject) ?? []);
    return [...new Set(theirs.map(({ server }) => nameOf(Number(server.slice('srv_'.length)))))];
  });
}

function nameOf(at: number): string {
  return `server-${at}`;
}

function memberOf(at: number) {
  const id: MemberId = `mem_${at}`;
  return { id, email: `member-${at}@example.com`, name: `Member ${at}`, role: 'member' as const };
}

function serverOf(at: number): OrganizationSnapshot['servers'][number] {
  return {
    id: `srv_${at}`,
    name: nameOf(at),
    enabled: true,
    version: `ver_${at}`,
    number: 1,
    isolation: 'shared',
    processes: defaultProcessRules,
    definition: {
      key: 'key_1',
      sealed: Buffer.from('{"type":"streamable-http","url":"http://127.0.0.1:1/","headers":{}}'),
    },
    status: 'ready',
    reason: null,
    fix: null,
    checkedAt: null,
    createdAt: at,
    updatedAt: at,
  };
}

function tokenOf(at: number): string {
  return `mcpv_${String(at).padStart(40, '0')}`;
}

function storesOf(tokens: readonly string[], teamsOf: readonly (readonly TeamId[])[]): IdentityCacheDeps['stores'] {
  const byHash = new Map(tokens.map((token, at) => [createHash('sha256').update(token).digest('hex'), at]));
  const stores = {
    tokens: {
      async byHash(hash: Buffer) {
        const at = byHash.get(hash.toString('hex'));
        if (at === undefined) return null;
        const { id, email } = memberOf(at);
        return { id: `tok_${at}`, organization, member: { id, email }, expiresAt: null, revokedAt: null, scope: null };
      },
    },
    members: {
      async byId(_organization: OrganizationId, id: MemberId) {
        const at = Number(id.slice('mem_'.length));
        const teams = (teamsOf[at] ?? []).map((team) => ({ id: team, name: team }));
        const { permissions } = builtInRoles.member;
        return {
          ...memberOf(at),
          organization,
          roleName: 'Member',
          permissions,
          endsAt: null,
          owner: null,
          teams,
          reach: teamsOf[at] ?? [],
        };
      },
    },
    signIns: { byAccess: async () => null },
    settings: { get: async () => null },
  };
  return stores as unknown as IdentityCacheDeps['stores'];
}

/** Numbers that look drawn and are the same every time. */
function lottery(): (below: number) => number {
  let state = 0x2545f491;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
