// The sign-ins at servers as carriers use them: held open in memory, renewed before they expire, and dropped as soon as
// anybody says that they changed. A connection is found by the server and by the caller that the gateway identified, and by
// nothing that came with a message. What it holds goes into one header on the way to the server that it was made for.
import type { Clock } from '@mcpvault/domain/ambient';
import { authOf, type ServerEntry } from '@mcpvault/domain/catalog/server';
import { Failure } from '@mcpvault/domain/failure';
import type { MemberId, OrganizationId, ServerId } from '@mcpvault/domain/ids';
import type { Sealer } from '@mcpvault/domain/record/recorded-batch';
import type { Credential, CredentialsPort, Log } from '@mcpvault/gateway/ports';
import type { Challenge } from '@mcpvault/gateway/upstream/authorization/challenge';
import type { OutboundFetch } from '@mcpvault/gateway/outbound/outbound-fetch';
import { announce } from '@mcpvault/store/change-feed';
import type { ServerConnection } from '@mcpvault/store/connections-store';
import type { Stores } from '@mcpvault/store/stores';
import type { Change, Changes, ChangeSubscriber } from '../changes.ts';
import { openSecret } from './connection-secret.ts';
import { notConnected } from './not-connected.ts';
import { createRenewal } from './renewal.ts';

export interface Connections extends CredentialsPort, ChangeSubscriber {
  /** Renews what is due from now on. */
  start(): void;
  stop(): Promise<void>;
}

export interface ConnectionsDeps {
  readonly stores: Pick<Stores, 'connections' | 'servers' | 'executor'>;
  readonly sealer: Sealer;
  readonly changes: Pick<Changes, 'publish' | 'announcement'>;
  /** For what a server names, and for the server's own origin. */
  fetchNear(serverUrl: string): OutboundFetch;
  readonly clock: Clock;
  readonly log: Log;
  /** How browsers reach this hub. */
  readonly url: string;
  /** A sign-in came or went: of one member, or the one that all share (null). */
  onChanged(organization: OrganizationId, server: ServerId, member: MemberId | null): void;
}

interface Held {
  readonly connection: ServerConnection;
  readonly access: string;
  /** Milliseconds since the epoch. */
  readonly renewAt: number;
}

const mostHeld = 20_000;
const lookEvery = 20_000;
/** Milliseconds before they expire in which tokens are renewed though nobody uses them just now. */
const ahead = 60_000;
const atOnce = 20;
/** A token that is refused so soon after it was made is not mended by another. Milliseconds. */
const freshFor = 10_000;

/** The id of a change in the area `connections`. */
export function connectionKey(server: ServerId, member: MemberId | null): string {
  return `${server} ${member ?? ''}`;
}

export function createConnections(deps: ConnectionsDeps): Connections {
  const { stores, sealer, changes, clock, log, url, onChanged } = deps;
  const held = new Map<string, Held | null>();
  const loading = new Map<string, Promise<Held | null>>();
  const renewal = createRenewal({
    connections: stores.connections,
    sealer,
    fetchNear: deps.fetchNear,
    clock,
    changed: tell,
  });
  let timer: NodeJS.Timeout | undefined;
  let under = Promise.resolve();

  async function tell({ organization, server, member }: ServerConnection): Promise<void> {
    const changed = [{ organization, area: 'connections', id: connectionKey(server, member) } as const];
    await announce(stores.executor, changes.announcement(changed));
    await changes.publish(changed);
  }

  function load(organization: OrganizationId, server: ServerId, member: MemberId | null): Promise<Held | null> {
    const key = connectionKey(server, member);
    let work = loading.get(key);
    if (work === undefined) {
      work = read(organization, server, member).finally(() => {
        if (loading.get(key) === work) loading.delete(key);
      });
      loading.set(key, work);
    }
    return work;
  }

  async function read(organization: OrganizationId, server: ServerId, member: MemberId | null): Promise<Held | null> {
    const key = connectionKey(server, member);
    const found = await stores.connections.of(organization, server, member);
    const opened = found === null ? null : open(found);
    // Changed while it was read: what was read may be older than the change.
    if (loading.has(key)) keep(key, opened);
    return opened;
  }

  function keep(key: string, opened: Held | null): void {
    held.delete(key);
    held.set(key, opened);
    for (const [oldest] of held) {
      if (held.size <= mostHeld) return;
      held.delete(oldest);
    }
  }

  function open(connection: ServerConnection): Held {
    const { id, organization, expiresAt, updatedAt, isRenewable } = connection;
    const { access } = openSecret(sealer, organization, 'connection', id, connection.secret);
    const life = expiresAt === null ? 0 : Math.max(0, expiresAt - updatedAt);
    const renewAt =
      expiresAt === null || !isRenewable ? Number.POSITIVE_INFINITY : expiresAt - Math.min(300_000, life / 5);
    return { connection, access, renewAt };
  }

  function credentialOf(server: ServerEntry, member: MemberId | null): Credential {
    const key = connectionKey(server.id, member);
    const { organization } = server;
    let current: Held | null = null;

    function fail(why: string): never {
      throw notConnected(url, server, why);
    }

    /** At once where its token is good for a while. */
    function usable(found: Held | null): void | Promise<void> {
      if (found === null)
        return fail(
          member === null
            ? `Nobody has connected "${server.name}" yet.`
            : `You are not signed in at "${server.name}" yet.`,
        );
      const { state, reason, expiresAt, isRenewable, url: place } = found.connection;
      if (state === 'broken') return fail(`The sign-in at "${server.name}" does not work any more. ${reason ?? ''}`);
      if (server.transport.type === 'stdio' || place !== server.transport.url) {
        return fail(`"${server.name}" has moved since it was connected.`);
      }
      current = found;
      const now = clock.now();
      if (expiresAt !== null && now >= expiresAt) {
        return isRenewable ? renew(found) : fail(`The sign-in at "${server.name}" has expired.`);
      }
      if (now >= found.renewAt) {
        renew(found).catch((error: unknown) =>
          log.warn({ server: server.id, cause: String(error) }, 'a sign-in was not renewed'),
        );
      }
    }

    async function renew({ connection, access }: Held): Promise<void> {
      const after = await renewal.renewed(connection, access);
      const opened = after === null ? null : open(after);
      if (opened !== null && opened.connection.state === 'connected' && opened.access === access) {
        throw new Failure('upstream_unavailable', opened.connection.reason ?? 'The sign-in could not be renewed.');
      }
      return usable(opened);
    }

    async function refusedForGood(found: Held, challenge: Challenge | null): Promise<never> {
      const reason = 'The server does not accept it.';
      const wanted =
        challenge === null ? null : { resourceMetadata: challenge.resourceMetadata, scopes: challenge.scopes };
      await stores.connections.broken(found.connection, reason, wanted, clock.now());
      await tell(found.connection);
      return fail(`The sign-in at "${server.name}" does not work any more. ${reason}`);
    }

    /** More is wanted than was given: other calls go on as before. */
    async function wantsMore(found: Held, challenge: Challenge): Promise<never> {
      const { scopes } = found.connection;
      const missing = challenge.scopes.filter((scope) => !scopes.includes(scope));
      if (missing.length === 0) {
        throw new Failure(
          'upstream_unavailable',
          `the server "${server.name}" asks for what it was given already; an admin should look into it`,
        );
      }
      const { resourceMetadata } = challenge;
      await stores.connections.wants(found.connection, { resourceMetadata, scopes: challenge.scopes });
      await tell(found.connection);
      return fail(`"${server.name}" wants more than it was allowed so far: ${missing.join(' ').slice(0, 300)}.`);
    }

    return {
      ready() {
        const known = held.get(key);
        if (known !== undefined) return usable(known);
        return load(organization, server.id, member).then(usable);
      },
      value() {
        if (current === null) throw new Error('a credential is asked for only once it is ready');
        return `Bearer ${current.access}`;
      },
      async refused(used, status, challenge) {
        const found = current;
        if (found === null || `Bearer ${found.access}` !== used) return;
        if (status === 403) {
          if (challenge?.error === 'insufficient_scope') return wantsMore(found, challenge);
          throw new Failure('upstream_unavailable', `the server "${server.name}" refused this (HTTP 403)`);
        }
        const { isRenewable, updatedAt } = found.connection;
        const isFresh = clock.now() - updatedAt < freshFor;
        if (!isRenewable || isFresh) return refusedForGood(found, challenge);
        await renew(found);
      },
      async remembered() {
        const listing = await stores.servers.tools(organization, server.id);
        return listing?.tools.map(({ definition }) => definition) ?? [];
      },
    };
  }

  /** Who acts as a member does not sign in as them anywhere. */
  function nobodyElses(server: ServerEntry): Credential {
    const own = credentialOf(server, null);
    const ready = (): never => {
      const why = `At "${server.name}" only the member themselves is signed in, not who acts as them.`;
      throw new Failure('not_connected', why, { server: server.name });
    };
    return { ready, value: ready, refused: async () => ready(), remembered: () => own.remembered() };
  }

  async function renewDue(): Promise<void> {
    const now = clock.now();
    const due = await stores.connections.due(now + ahead, now, atOnce);
    await Promise.all(due.map((each) => renewal.renewed(each, open(each).access)));
    await stores.connections.sweep(now);
  }

  return {
    of(server, caller) {
      if (authOf(server)?.mode === 'shared') return credentialOf(server, null);
      return caller.actedBy === undefined ? credentialOf(server, caller.member) : nobodyElses(server);
    },
    heldBy(server, caller) {
      const isShared = authOf(server)?.mode === 'shared';
      if (!isShared && caller.actedBy !== undefined) return null;
      const connection = held.get(connectionKey(server.id, isShared ? null : caller.member))?.connection;
      return connection?.state === 'connected' ? connection.id : null;
    },
    changed(told: readonly Change[]) {
      for (const { organization, area, id } of told) {
        if (area !== 'connections') continue;
        const [server = '', member = ''] = (id ?? '').split(' ');
        held.delete(id ?? '');
        loading.delete(id ?? '');
        onChanged(organization, server as ServerId, member === '' ? null : (member as MemberId));
      }
    },
    missed() {
      held.clear();
      loading.clear();
    },
    start() {
      timer = setInterval(() => {
        under = under
          .then(renewDue)
          .catch((error: unknown) =>
            log.warn({ cause: String(error) }, 'sign-ins at servers were not renewed; trying again later'),
          );
      }, lookEvery);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      await under;
    },
  };
}
