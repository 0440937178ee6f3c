// What the message path must know of each organization, held in memory: servers, grants, policies and who the members are.
// Read again as a whole when something of it changed. As long as it cannot be read again after a change, nothing is
// allowed: being available never outranks what an admin decided.
import type { Clock } from '@mcpvault/domain/ambient';
import type { ServerEntry, Transport } from '@mcpvault/domain/catalog/server';
import { Failure } from '@mcpvault/domain/failure';
import { accessTo, type Grant, type Grantee, type GrantIndex, indexGrants } from '@mcpvault/domain/identity/access';
import type { Caller } from '@mcpvault/domain/identity/caller';
import type { MemberId, OrganizationId, ServerId } from '@mcpvault/domain/ids';
import type { InjectionScorer } from '@mcpvault/domain/inspection/injection/injection-scorer';
import { compilePolicies, type PolicySet } from '@mcpvault/domain/policy/compile';
import type { Sealer } from '@mcpvault/domain/record/recorded-batch';
import type { CatalogPort, Log, Usable } from '@mcpvault/gateway/ports';
import type { OrganizationSnapshot } from '@mcpvault/store/catalog-view';
import type { ChangeSubscriber } from '../changes.ts';

export interface Catalog extends CatalogPort, ChangeSubscriber {
  /** Reads an organization; call it for each one at start. */
  load(organization: OrganizationId): Promise<void>;
  policies(organization: OrganizationId): PolicySet;
  /** Every server, switched off ones too; in the order they were added. */
  servers(organization: OrganizationId): readonly KnownServer[];
  /** Ids of the servers that the caller may use, switched off ones too. */
  granted(caller: Caller): readonly ServerId[];
  /** Which tools of a server the caller may use; null when none at all, `tools: null` for every one. */
  access(caller: Caller, server: ServerId): { readonly tools: ReadonlySet<string> | null } | null;
  /** Grants that name this member in any way, expired ones too. */
  grantsOf(organization: OrganizationId, member: Grantee): readonly Grant[];
  member(organization: OrganizationId, member: MemberId): { readonly email: string; readonly name: string } | null;
  organizations(): readonly OrganizationId[];
}

export interface KnownServer {
  readonly entry: ServerEntry;
  readonly status: 'connecting' | 'ready' | 'unavailable';
}

export interface CatalogDeps {
  read(organization: OrganizationId): Promise<OrganizationSnapshot | null>;
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
  /** The enabled ones, by name. */
  readonly offered: readonly ServerEntry[];
  readonly grants: GrantIndex;
  readonly policies: PolicySet;
  readonly members: ReadonlyMap<MemberId, { readonly email: string; readonly name: string }>;
}

/** What one caller may use, for as long as the snapshot and the grants in it hold. */
interface View {
  readonly snapshot: Snapshot;
  /** Milliseconds since the epoch: when the next grant ends. */
  readonly until: number;
  readonly byName: ReadonlyMap<string, Usable>;
  readonly all: readonly Usable[];
}

const retryMs = 1000;
const snapshotAreas: ReadonlySet<string> = new Set([
  'organization',
  'members',
  'teams',
  'servers',
  'grants',
  'policies',
]);
const noneUsable: readonly Usable[] = [];

export function createCatalog({ read, sealer, clock, log, scorer, onEnded, onReplaced }: CatalogDeps): Catalog {
  const snapshots = new Map<OrganizationId, Snapshot>();
  const doubtful = new Set<OrganizationId>();
  const views = new WeakMap<Caller, View>();
  const reading = new Map<OrganizationId, { now: Promise<void>; next: Promise<void> | null }>();

  /** A change that comes while a reading is under way needs another one after it; any number share that one. */
  function load(organization: OrganizationId): Promise<void> {
    const under = reading.get(organization);
    if (under === undefined) {
      const started = { now: readOnce(organization), next: null };
      reading.set(organization, started);
      return started.now.finally(() => reading.delete(organization));
    }
    under.next ??= under.now.catch(() => {}).then(() => load(organization));
    return under.next;
  }

  async function readOnce(organization: OrganizationId): Promise<void> {
    const found = await read(organization);
    const before = snapshots.get(organization);
    if (found === null) snapshots.delete(organization);
    else snapshots.set(organization, toSnapshot(found, before));
    doubtful.delete(organization);
    if (before) endReplaced(before, snapshots.get(organization));
  }

  /** Never rejects: until it can be read, the organization is doubtful, and reading is tried again. */
  async function follow(organization: OrganizationId): Promise<void> {
    try {
      await load(organization);
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
    return {
      servers,
      byId: new Map(servers.map(({ entry }) => [entry.id, entry])),
      offered: servers
        .map(({ entry }) => entry)
        .filter((entry) => entry.enabled)
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
      grants: indexGrants(found.grants),
      policies: compilePolicies(found.policies, 'hub', scorer),
      members: new Map(found.members.map(({ id, email, name }) => [id, { email, name }])),
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

  function viewOf(caller: Caller): View | null {
    const snapshot = snapshotOf(caller.organization);
    const now = clock.now();
    const kept = views.get(caller);
    if (kept !== undefined && kept.snapshot === snapshot && now < kept.until) return kept;
    if (snapshot === undefined) return null;
    const view = lookAt(snapshot, caller, now);
    views.set(caller, view);
    return view;
  }

  return {
    load,
    async changed(changes) {
      const ours = changes.filter((change) => snapshotAreas.has(change.area));
      await Promise.all([...new Set(ours.map((change) => change.organization))].map(follow));
    },
    async missed() {
      await Promise.all([...snapshots.keys()].map(follow));
    },
    byName: (caller, name) => viewOf(caller)?.byName.get(name) ?? null,
    usable: (caller) => viewOf(caller)?.all ?? noneUsable,
    policies: (organization) => snapshotOf(organization)?.policies ?? compilePolicies([]),
    servers: (organization) => snapshotOf(organization)?.servers ?? [],
    granted(caller) {
      const snapshot = snapshotOf(caller.organization);
      if (snapshot === undefined) return [];
      const theirs = snapshot.grants.of(caller);
      return [...snapshot.byId.keys()].filter((id) => accessTo(id, caller, theirs, clock.now()).allowed);
    },
    access(caller, server) {
      const theirs = snapshotOf(caller.organization)?.grants.of(caller) ?? [];
      const access = accessTo(server, caller, theirs, clock.now());
      return access.allowed ? { tools: access.tools } : null;
    },
    grantsOf: (organization, member) => snapshotOf(organization)?.grants.of(member) ?? [],
    member: (organization, member) => snapshots.get(organization)?.members.get(member) ?? null,
    organizations: () => [...snapshots.keys()],
  };
}

function lookAt(snapshot: Snapshot, caller: Caller, now: number): View {
  const all: Usable[] = [];
  const theirs = snapshot.grants.of(caller);
  const byServer = Map.groupBy(theirs, (grant) => grant.server);
  for (const server of snapshot.offered) {
    const access = accessTo(server.id, caller, byServer.get(server.id) ?? [], now);
    if (access.allowed) all.push({ server, tools: access.tools });
  }
  let until = Number.POSITIVE_INFINITY;
  for (const { expiresAt } of theirs) {
    if (expiresAt !== null && expiresAt > now && expiresAt < until) until = expiresAt;
  }
  return { snapshot, until, byName: new Map(all.map((usable) => [usable.server.name, usable])), all };
}
