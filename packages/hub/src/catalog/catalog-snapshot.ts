// What the message path must know of each organization, held in memory: servers, grants, policies and who the members are.
// What changed is read again: of grants and members those that did, of everything else the whole. As long as it cannot be
// read after a change, nothing is allowed: being available never outranks what an admin decided.
import type { Clock } from '@mcpvault/domain/ambient';
import type { ServerEntry, Transport } from '@mcpvault/domain/catalog/server';
import { Failure } from '@mcpvault/domain/failure';
import { type Grant, type Grantee, hasEnded } from '@mcpvault/domain/identity/access';
import type { Caller } from '@mcpvault/domain/identity/caller';
import { type GrantIndex, indexGrants } from '@mcpvault/domain/identity/grant-index';
import { type Reach, reachOf } from '@mcpvault/domain/identity/reach';
import type { MemberId, OrganizationId, ServerId, TeamId } from '@mcpvault/domain/ids';
import type { InjectionScorer } from '@mcpvault/domain/inspection/injection/injection-scorer';
import { compilePolicies, type PolicySet } from '@mcpvault/domain/policy/compile';
import type { ToolFacts } from '@mcpvault/domain/policy/message-facts';
import { toolFactsOf } from '@mcpvault/domain/policy/tool-facts-of';
import type { Sealer } from '@mcpvault/domain/record/recorded-batch';
import type { CatalogPort, Log } from '@mcpvault/gateway/ports';
import type { OrganizationPart, OrganizationSnapshot, PartMember, PartWanted } from '@mcpvault/store/catalog-view';
import type { Quarantine } from '@mcpvault/store/quarantines-store';
import type { Change, ChangeSubscriber } from '../changes.ts';
import { createCallerViews, type Offer } from './caller-views.ts';
import { createNarrowedViews, narrowReach } from './narrowed-views.ts';
import { nothingWanted, type Wanted, wantedAfter, withMore } from './wanted.ts';

export interface Catalog extends CatalogPort, ChangeSubscriber {
  /** Reads an organization; call it for each one at start. */
  load(organization: OrganizationId): Promise<void>;
  policies(organization: OrganizationId): PolicySet;
  /** Every server, switched off ones too; in the order they were added. */
  servers(organization: OrganizationId): readonly KnownServer[];
  /** Ids of the servers that the caller may use, switched off ones too. */
  granted(caller: Caller): readonly ServerId[];
  /** What of a server the caller may use; null when nothing at all. Of switched off servers too. */
  reach(caller: Grantee & Pick<Caller, 'organization' | 'scope' | 'actedBy'>, server: ServerId): Reach | null;
  /** Grants that name this member in any way, expired ones too. */
  grantsOf(organization: OrganizationId, member: Grantee): readonly Grant[];
  /** What a server's list says of a tool; null when it does not list it. */
  tool(server: ServerId, name: string): ToolFacts | null;
  teamName(organization: OrganizationId, team: TeamId): string | null;
  /** Those that held when the organization was read. */
  quarantines(organization: OrganizationId): readonly Quarantine[];
  member(organization: OrganizationId, member: MemberId): { readonly email: string; readonly name: string } | null;
  /** Whether the caller, or who acts as them, may do nothing any more: disabled, removed, or their time is over. */
  isGone(caller: Caller): boolean;
  organizations(): readonly OrganizationId[];
}

export interface KnownServer {
  readonly entry: ServerEntry;
  readonly status: 'connecting' | 'ready' | 'unavailable';
}

export interface CatalogDeps {
  read(organization: OrganizationId): Promise<OrganizationSnapshot | null>;
  readPart(organization: OrganizationId, wanted: PartWanted): Promise<OrganizationPart>;
  readonly sealer: Pick<Sealer, 'open'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Asked for when a policy looks for injections. */
  readonly scorer: () => InjectionScorer;
  /** A server was switched off or retired, so that what runs of it must end. */
  onEnded(server: ServerId, why: string): void;
  /** Another version of a server is to be used from now on. */
  onReplaced(server: ServerId, why: string): void;
}

interface Snapshot {
  readonly servers: readonly KnownServer[];
  readonly byId: ReadonlyMap<ServerId, ServerEntry>;
  readonly offer: Offer;
  readonly grants: GrantIndex;
  readonly policies: PolicySet;
  readonly teams: ReadonlyMap<TeamId, string>;
  readonly tools: ReadonlyMap<ServerId, ReadonlyMap<string, ToolFacts>>;
  readonly quarantines: readonly Quarantine[];
  readonly members: Map<MemberId, KnownMember>;
}

type KnownMember = Pick<PartMember, 'email' | 'name' | 'endsAt'>;

interface Reading {
  readonly now: Promise<void>;
  next: { readonly done: Promise<void>; wanted: Wanted } | null;
}

const retryMs = 1000;
export function createCatalog(deps: CatalogDeps): Catalog {
  const { read, readPart, sealer, clock, log, scorer, onEnded, onReplaced } = deps;
  const snapshots = new Map<OrganizationId, Snapshot>();
  const doubtful = new Set<OrganizationId>();
  const views = createCallerViews(clock);
  const narrowed = createNarrowedViews(clock);
  const reading = new Map<OrganizationId, Reading>();

  /** A change that comes while a reading is under way needs another one after it; any number share that one. */
  function load(organization: OrganizationId, wanted: Wanted = 'all'): Promise<void> {
    const under = reading.get(organization);
    if (under === undefined) {
      const started: Reading = { now: readOnce(organization, wanted), next: null };
      reading.set(organization, started);
      return started.now.finally(() => reading.delete(organization));
    }
    if (under.next !== null) {
      under.next.wanted = withMore(under.next.wanted, wanted);
      return under.next.done;
    }
    const next: NonNullable<Reading['next']> = {
      wanted,
      done: under.now.catch(() => {}).then(() => load(organization, next.wanted)),
    };
    under.next = next;
    return next.done;
  }

  async function readOnce(organization: OrganizationId, wanted: Wanted): Promise<void> {
    const before = snapshots.get(organization);
    if (wanted !== 'all' && before !== undefined) return putIn(before, wanted, await readPart(organization, wanted));
    const found = await read(organization);
    if (found === null) snapshots.delete(organization);
    else snapshots.set(organization, toSnapshot(found, before));
    doubtful.delete(organization);
    if (before) endReplaced(before, snapshots.get(organization));
  }

  function putIn({ grants, members }: Snapshot, wanted: PartWanted, found: OrganizationPart): void {
    const byId = new Map(found.grants.map((grant) => [grant.id, grant]));
    for (const id of wanted.grants) grants.put(id, byId.get(id) ?? null);
    for (const subject of wanted.subjects) {
      grants.replaceOf(
        subject,
        found.grants.filter((grant) => grant.subject.id === subject),
      );
    }
    for (const id of wanted.members) members.delete(id);
    for (const { id, email, name, endsAt } of found.members) members.set(id, { email, name, endsAt });
  }

  /** Never rejects: until it can be read, the organization is doubtful, and reading is tried again. */
  async function follow(organization: OrganizationId, wanted: Wanted = 'all'): Promise<void> {
    try {
      await load(organization, doubtful.has(organization) ? 'all' : wanted);
    } catch (error) {
      doubtful.add(organization);
      log.error(
        { organization, cause: String(error) },
        'a change could not be read back; calls are refused until it is',
      );
      setTimeout(() => void follow(organization), retryMs).unref();
    }
  }

  function toSnapshot(found: OrganizationSnapshot, before: Snapshot | undefined): Snapshot {
    const servers = found.servers.map((server) => ({ entry: entryOf(found, server, before), status: server.status }));
    const all = servers
      .map(({ entry }) => entry)
      .filter((entry) => entry.enabled)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    return {
      servers,
      byId: new Map(servers.map(({ entry }) => [entry.id, entry])),
      offer: { all, byName: new Map(all.map((entry) => [entry.name, entry])) },
      grants: indexGrants(found.grants),
      policies: compilePolicies(found.policies, 'hub', scorer),
      teams: new Map(found.teams.map(({ id, name }) => [id, name])),
      tools: new Map(
        [...Map.groupBy(found.tools, ({ server }) => server)].map(([server, some]) => [
          server,
          new Map(some.map((tool) => [tool.name, toolFactsOf(tool, tool.review === 'approved')])),
        ]),
      ),
      quarantines: [...found.quarantines, ...rejectedTools(found)],
      members: new Map(found.members.map(({ id, email, name, endsAt }) => [id, { email, name, endsAt }])),
    };
  }

  function entryOf(
    found: OrganizationSnapshot,
    { id, name, version, isolation, processes, enabled, definition }: OrganizationSnapshot['servers'][number],
    before: Snapshot | undefined,
  ): ServerEntry {
    const known = before?.byId.get(id);
    if (known?.version === version) {
      return known.name === name && known.enabled === enabled ? known : { ...known, name, enabled };
    }
    const organization = found.organization.id;
    const opened = sealer.open(organization, version, definition.key, definition.sealed);
    const transport = JSON.parse(opened.toString()) as Transport;
    return { id, organization, name, version, transport, isolation, processes, enabled };
  }

  function endReplaced(before: Snapshot, after: Snapshot | undefined): void {
    for (const { entry } of before.servers) {
      const now = after?.byId.get(entry.id);
      if (now === undefined) onEnded(entry.id, 'the server was retired');
      else if (now.version !== entry.version) onReplaced(entry.id, 'the server was changed');
      else if (entry.enabled && !now.enabled) onEnded(entry.id, 'the server was switched off');
    }
  }

  function snapshotOf(organization: OrganizationId): Snapshot | undefined {
    if (doubtful.has(organization)) {
      throw new Failure('database_unavailable', 'A change could not be read from the database; try again in a moment.');
    }
    return snapshots.get(organization);
  }

  return {
    load: (organization) => load(organization),
    async changed(changes) {
      const byOrganization = Map.groupBy(changes, (change) => change.organization);
      await Promise.all([...byOrganization].map(([organization, theirs]) => followAll(organization, theirs)));
    },
    async missed() {
      await Promise.all([...snapshots.keys()].map((organization) => follow(organization)));
    },
    byName(caller, name) {
      const snapshot = snapshotOf(caller.organization);
      const usable = snapshot && views.byName(snapshot.offer, snapshot.grants, caller, name);
      return usable && snapshot ? narrowed.one(snapshot.grants, caller, usable) : null;
    },
    usable(caller) {
      const snapshot = snapshotOf(caller.organization);
      if (snapshot === undefined) return [];
      return narrowed.all(snapshot.grants, caller, views.usable(snapshot.offer, snapshot.grants, caller));
    },
    policies: (organization) => snapshotOf(organization)?.policies ?? noPolicies,
    tool(server, name) {
      for (const { tools } of snapshots.values()) {
        const theirs = tools.get(server);
        if (theirs !== undefined) return theirs.get(name) ?? null;
      }
      return null;
    },
    teamName: (organization, team) => snapshots.get(organization)?.teams.get(team) ?? null,
    quarantines: (organization) => snapshotOf(organization)?.quarantines ?? [],
    servers: (organization) => snapshotOf(organization)?.servers ?? [],
    granted(caller) {
      const snapshot = snapshotOf(caller.organization);
      if (snapshot === undefined) return [];
      const byServer = Map.groupBy(validOf(snapshot, caller), ({ server }) => server);
      const usesAny = caller.permissions.has('servers:use-any');
      return [...snapshot.byId.keys()].filter((id) => {
        const own = reachOf(usesAny, byServer.get(id) ?? []);
        return own !== null && narrowReach(snapshot.grants, caller, id, own, clock.now()) !== null;
      });
    },
    reach(caller, server) {
      const snapshot = snapshotOf(caller.organization);
      if (snapshot === undefined || !snapshot.byId.has(server)) return null;
      const theirs = validOf(snapshot, caller).filter((grant) => grant.server === server);
      const own = reachOf(caller.permissions.has('servers:use-any'), theirs);
      return own && narrowReach(snapshot.grants, caller, server, own, clock.now());
    },
    grantsOf: (organization, member) => snapshotOf(organization)?.grants.of(member) ?? [],
    member(organization, member) {
      const known = snapshots.get(organization)?.members.get(member);
      return known === undefined ? null : { email: known.email, name: known.name };
    },
    isGone({ organization, member, actedBy }) {
      const members = snapshots.get(organization)?.members;
      const now = clock.now();
      const hasGone = (id: MemberId): boolean => {
        const known = members?.get(id);
        return known === undefined || (known.endsAt !== null && known.endsAt <= now);
      };
      return hasGone(member) || (actedBy !== undefined && hasGone(actedBy.member));
    },
    organizations: () => [...snapshots.keys()],
  };

  async function followAll(organization: OrganizationId, changes: readonly Change[]): Promise<void> {
    const wanted = changes.reduce<Wanted>((all, change) => withMore(all, wantedAfter(change)), nothingWanted);
    if (wanted === 'all' || wanted.grants.size + wanted.subjects.size > 0) await follow(organization, wanted);
  }

  function validOf(snapshot: Snapshot, caller: Grantee): readonly Grant[] {
    const now = clock.now();
    return snapshot.grants.of(caller).filter((grant) => !hasEnded(grant, now));
  }
}

/** A definition that an admin rejected keeps everybody from the tool until it is described otherwise, or approved. */
function rejectedTools({ organization, tools }: OrganizationSnapshot): readonly Quarantine[] {
  return tools
    .filter(({ review }) => review === 'rejected')
    .map(({ server, name }) => ({
      ...{ id: 'qua_rejected', organization: organization.id, what: 'tool', server, tool: name, conversation: null },
      ...{ member: 'mem_nobody', policy: 'pol_review', reason: 'An admin rejected what its server says of it.' },
      ...{ createdAt: 0, until: null, liftedAt: null, credential: null },
    }));
}

const noPolicies = compilePolicies([]);
