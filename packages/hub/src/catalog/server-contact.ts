// Keeps the status and the tools of servers true: first contact with a new one, another try now and then with one that
// did not answer, and what conversations show by the way. Only servers of the catalogue are ever contacted.
import type { Clock, Ids } from '@mcpvault/domain/ambient';
import { authOf, type ServerEntry } from '@mcpvault/domain/catalog/server';
import { Failure } from '@mcpvault/domain/failure';
import type { MemberId, OrganizationId, ServerId } from '@mcpvault/domain/ids';
import type { Gateway, Probe } from '@mcpvault/gateway/gateway';
import type { Log } from '@mcpvault/gateway/ports';
import { announce } from '@mcpvault/store/change-feed';
import type { ServerStatus } from '@mcpvault/store/servers-store';
import type { Stores } from '@mcpvault/store/stores';
import type { Changes } from '../changes.ts';
import type { Catalog, KnownServer } from './catalog-snapshot.ts';
import { definitionsChanged } from './definitions-changed.ts';

export interface ServerContact {
  /**
   * Contacts a server now, in the name of a member where one is given, and writes down what it showed. Never rejects for a
   * server that does not answer.
   */
  check(organization: OrganizationId, server: ServerId, member?: MemberId): Promise<void>;
  /** The same, without waiting for it. */
  begin(organization: OrganizationId, server: ServerId, member?: MemberId): void;
  /** What a conversation showed, as the gateway tells it. */
  observed(server: ServerId, seen: { readonly ready: boolean; readonly reason: string | null }): void;
  /** Contacts those that never were, and from now on those that are due. */
  start(): void;
  stop(): Promise<void>;
}

export interface ServerContactDeps {
  readonly gateway: Pick<Gateway, 'probe'>;
  readonly catalog: Pick<Catalog, 'organizations' | 'servers'>;
  readonly stores: Pick<Stores, 'servers' | 'toolDefinitions' | 'alerts' | 'executor'>;
  readonly changes: Pick<Changes, 'publish' | 'announcement'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

const lookEveryMs = 5_000;
const firstRetryMs = 10_000;
const longestRetryMs = 600_000;
const atOnce = 4;

interface Known {
  readonly organization: OrganizationId;
  readonly server: KnownServer;
}

export function createServerContact(deps: ServerContactDeps): ServerContact {
  const { gateway, catalog, stores, changes, clock, ids, log } = deps;
  const under = new Map<ServerId, { readonly now: Promise<void>; next: Promise<void> | null }>();
  const misses = new Map<ServerId, { readonly count: number; readonly again: number }>();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  /** One that is under way may have begun before what is to be checked: it is waited for, and another one follows. */
  function check(organization: OrganizationId, id: ServerId, member?: MemberId): Promise<void> {
    const known = under.get(id);
    if (known !== undefined) {
      known.next ??= known.now.catch(() => {}).then(() => check(organization, id, member));
      return known.next;
    }
    const checking = { now: contact(organization, id, member), next: null };
    under.set(id, checking);
    return checking.now.finally(() => under.delete(id));
  }

  async function contact(organization: OrganizationId, id: ServerId, member?: MemberId): Promise<void> {
    const entry = entryOf(organization, id);
    if (entry === undefined || !entry.enabled || stopped) return;
    const seen = await probe(entry, member);
    // What was changed meanwhile is contacted again by whoever changed it.
    if (stopped || entryOf(organization, id)?.version !== entry.version) return;
    if (!(seen instanceof Failure)) await met(entry, seen);
    else if (seen.code === 'not_connected' && authOf(entry)?.mode === 'per-member') await metNobody(entry);
    else await missed(entry, seen);
  }

  function entryOf(organization: OrganizationId, id: ServerId): ServerEntry | undefined {
    return catalog.servers(organization).find(({ entry }) => entry.id === id)?.entry;
  }

  async function probe(entry: ServerEntry, member?: MemberId): Promise<Probe | Failure> {
    try {
      return await gateway.probe(entry, member);
    } catch (error) {
      if (error instanceof Failure) return error;
      log.error({ server: entry.id, error }, 'contact with a server failed in an unforeseen way');
      return new Failure('internal', 'Contact failed in a way MCPVault did not foresee; see its log.');
    }
  }

  async function met(entry: ServerEntry, { tools }: Probe): Promise<void> {
    const { organization, id, version } = entry;
    const now = clock.now();
    misses.delete(id);
    const listed = [...new Map(tools.map((tool) => [tool.name, { name: tool.name, definition: tool }])).values()];
    await stores.servers.replaceTools(organization, id, { version, listedAt: now, tools: listed });
    await write(organization, id, { status: 'ready', reason: null, fix: null, checkedAt: now });
    await tellOfChanges(entry, now);
  }

  /** The same changes are one alert, however often they are met. */
  async function tellOfChanges(entry: ServerEntry, now: number): Promise<void> {
    const { organization, id } = entry;
    const reviews = await stores.toolDefinitions.reviews(organization, id);
    if (reviews.every(({ review }) => review !== null)) return;
    const raised = definitionsChanged(entry, reviews, await stores.servers.tools(organization, id), now);
    if (raised === null || (await stores.alerts.raise([raised], ids)) === 0) return;
    const changed = [{ organization, area: 'alerts', id: null } as const];
    await announce(stores.executor, changes.announcement(changed));
    await changes.publish(changed);
  }

  /** It wants each member to sign in, and nobody else: what it has was listed in the name of one of them. */
  async function metNobody({ organization, id }: ServerEntry): Promise<void> {
    misses.delete(id);
    await write(organization, id, { status: 'ready', reason: null, fix: null, checkedAt: clock.now() });
  }

  async function missed({ organization, id }: ServerEntry, failure: Failure): Promise<void> {
    const now = clock.now();
    const count = (misses.get(id)?.count ?? 0) + 1;
    misses.set(id, { count, again: now + Math.min(firstRetryMs * 2 ** (count - 1), longestRetryMs) });
    const fix = failure.details?.['fix'];
    const status = {
      status: 'unavailable',
      reason: failure.message,
      fix: typeof fix === 'string' ? fix : null,
    } as const;
    await write(organization, id, { ...status, checkedAt: now });
  }

  async function write(organization: OrganizationId, id: ServerId, status: ServerStatus): Promise<void> {
    await stores.servers.setStatus(organization, id, status);
    const changed = [{ organization, area: 'servers', id } as const];
    await announce(stores.executor, changes.announcement(changed));
    await changes.publish(changed);
  }

  function inBackground(work: Promise<void>, id: ServerId): void {
    work.catch((error: unknown) =>
      log.warn({ server: id, cause: String(error) }, 'the status of a server was not kept'),
    );
  }

  function everyServer(): readonly Known[] {
    return catalog
      .organizations()
      .flatMap((organization) => catalog.servers(organization).map((server) => ({ organization, server })));
  }

  function isDue({ server: { entry, status } }: Known): boolean {
    if (!entry.enabled || status === 'ready') return false;
    return status === 'connecting' || clock.now() >= (misses.get(entry.id)?.again ?? 0);
  }

  function look(): void {
    try {
      for (const { organization, server } of everyServer().filter(isDue)) {
        if (under.size >= atOnce) return;
        inBackground(check(organization, server.entry.id), server.entry.id);
      }
    } catch (error) {
      log.warn({ cause: String(error) }, 'servers could not be looked after just now');
    }
  }

  return {
    check,
    begin(organization, id, member) {
      inBackground(check(organization, id, member), id);
    },
    observed(id, { ready, reason }) {
      if (stopped || under.has(id)) return;
      const known = everyServer().find(({ server }) => server.entry.id === id);
      if (known === undefined || (known.server.status === 'ready') === ready) return;
      const { organization, server } = known;
      // A server that came back may offer other tools than before: look properly.
      if (ready) inBackground(check(organization, id), id);
      else inBackground(missed(server.entry, new Failure('upstream_unavailable', reason ?? 'It did not answer.')), id);
    },
    start() {
      look();
      timer = setInterval(look, lookEveryMs);
      timer.unref();
    },
    async stop() {
      stopped = true;
      clearInterval(timer);
      await Promise.allSettled([...under.values()].map(({ now }) => now));
    },
  };
}
