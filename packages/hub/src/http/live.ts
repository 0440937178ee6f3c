// The live feed: a WebSocket on which a signed-in member hears of recorded messages and of changes, as far as they may see
// them. Who cannot keep up is told how much was left out; nothing is ever waited for.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type LiveEvent, liveHello } from '@mcpvault/contract/live';
import type { Clock } from '@mcpvault/domain/ambient';
import { permits } from '@mcpvault/domain/identity/permission';
import type { OrganizationId } from '@mcpvault/domain/ids';
import type { MessageRecord } from '@mcpvault/domain/record/message-record';
import type { MessageLine } from '@mcpvault/store/messages-view';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Identity, IdentityCache } from '../auth/identity-cache.ts';
import type { Catalog } from '../catalog/catalog-snapshot.ts';
import type { Change, ChangeArea, ChangeSubscriber } from '../changes.ts';
import { lineOf, showMessage } from '../operations/show.ts';
import { endWith } from './end-with.ts';

export interface LiveFeed extends ChangeSubscriber {
  /** Takes over a connection that asked for the feed's path. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  recorded(records: readonly MessageRecord[], workstation?: MessageLine['workstation']): void;
  close(): void;
}

export interface LiveDeps {
  readonly identities: Pick<IdentityCache, 'identity'>;
  readonly catalog: Pick<Catalog, 'member'>;
  readonly clock: Clock;
}

type Area = Extract<LiveEvent, { readonly type: 'changed' }>['area'];

interface Listener {
  readonly socket: WebSocket;
  credential: string;
  identity: Identity;
  /** Recorded since the last delivery. */
  messages: MessageRecord[];
  skipped: number;
  changes: Map<Area, string | null>;
  heard: boolean;
}

const connectionsAtMost = 1000;
/** Connections that have not said yet whose they are. */
const strangersAtMost = 200;
const helloWithinMs = 10_000;
const closeWithinMs = 1000;
const deliverEveryMs = 100;
const lookEveryMs = 20_000;
const messagesAtOnce = 200;
/** Unsent bytes of one connection beyond which messages are left out. */
const unsentAtMost = 1024 * 1024;
const checkedAfter: ReadonlySet<ChangeArea> = new Set(['sign-ins', 'members', 'teams', 'impersonations']);
const nobody = { email: '', name: '' };
const signInEnded = 4401;
const badFrame = 4400;

export function createLiveFeed({ identities, catalog, clock }: LiveDeps): LiveFeed {
  const server = new WebSocketServer({ noServer: true, maxPayload: 4096, perMessageDeflate: false });
  const listeners = new Map<WebSocket, Listener>();
  /** Where they passed; those that passed here are not in it. */
  const elsewhere = new WeakMap<MessageRecord, MessageLine['workstation']>();
  let delivery: NodeJS.Timeout | undefined;
  const look = setInterval(lookAfterAll, lookEveryMs);
  look.unref();

  function welcome(socket: WebSocket): void {
    const timer = setTimeout(() => socket.close(badFrame, 'say hello first'), helloWithinMs);
    timer.unref();
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearTimeout(timer);
      listeners.delete(socket);
    });
    socket.on('pong', () => {
      const listener = listeners.get(socket);
      if (listener) listener.heard = true;
    });
    socket.on('message', (frame) => {
      clearTimeout(timer);
      void hello(socket, (frame as Buffer).toString());
    });
  }

  /** Also later on, with the next access token, so that the feed outlives the first one. */
  async function hello(socket: WebSocket, frame: string): Promise<void> {
    if (socket.readyState !== socket.OPEN) return;
    const credential = credentialOf(frame);
    if (credential === null) return socket.close(badFrame, 'not a hello');
    const identity = await known(credential);
    if (identity === null || identity.caller.token !== null) return socket.close(signInEnded, 'this sign-in has ended');
    const listener = listeners.get(socket);
    if (listener !== undefined) {
      listener.credential = credential;
      listener.identity = identity;
      return;
    }
    if (socket.readyState !== socket.OPEN) return;
    listeners.set(socket, { socket, credential, identity, messages: [], skipped: 0, changes: new Map(), heard: true });
    send(socket, { type: 'welcome' });
  }

  /** The database being away ends the feed as an ended sign-in does; the page connects again. */
  async function known(credential: string): Promise<Identity | null> {
    try {
      const found = await identities.identity(credential);
      return found === null || found.mustEnrol ? null : found;
    } catch {
      return null;
    }
  }

  function soon(): void {
    if (delivery !== undefined || listeners.size === 0) return;
    delivery = setTimeout(() => {
      delivery = undefined;
      for (const listener of listeners.values()) deliver(listener);
    }, deliverEveryMs);
    delivery.unref();
  }

  function deliver(listener: Listener): void {
    const { socket, messages, changes } = listener;
    for (const [area, id] of changes) send(socket, { type: 'changed', area, id });
    changes.clear();
    if (socket.bufferedAmount > unsentAtMost) {
      listener.skipped += messages.length;
      listener.messages = [];
      // Tried again until it has drained, so that the count arrives even when nothing more is recorded.
      if (listener.skipped > 0) soon();
      return;
    }
    if (listener.skipped > 0) send(socket, { type: 'skipped', count: listener.skipped });
    if (messages.length > 0) send(socket, { type: 'messages', items: messages.map(show) });
    listener.skipped = 0;
    listener.messages = [];
  }

  function show(record: MessageRecord) {
    const member = catalog.member(record.organization, record.member);
    const line = lineOf(record, member ?? nobody, actorOf(record));
    return showMessage({ ...line, workstation: elsewhere.get(record) ?? null });
  }

  function actorOf({ organization, actedBy }: MessageRecord) {
    return actedBy && { id: actedBy, ...(catalog.member(organization, actedBy) ?? nobody) };
  }

  async function check(listener: Listener): Promise<void> {
    const identity = await known(listener.credential);
    if (identity === null) listener.socket.close(signInEnded, 'this sign-in has ended');
    else listener.identity = identity;
  }

  function lookAfterAll(): void {
    for (const listener of listeners.values()) {
      if (!listener.heard) listener.socket.terminate();
      listener.heard = false;
      listener.socket.ping();
      const { expiresAt } = listener.identity;
      if (expiresAt !== null && expiresAt <= clock.now()) void check(listener);
    }
  }

  function follow(listener: Listener, change: Change): void {
    if (change.organization !== listener.identity.caller.organization) return;
    const seen = seenBy(listener.identity, change.area);
    if (seen === null) return;
    // Whose call it is, the list tells those who may know.
    const id = seen === change.area && saysWhich(listener.identity, seen) && seen !== 'approvals' ? change.id : null;
    listener.changes.set(seen, listener.changes.has(seen) && listener.changes.get(seen) !== id ? null : id);
  }

  return {
    accept(request, socket, head) {
      const strangers = server.clients.size - listeners.size;
      if (listeners.size >= connectionsAtMost || strangers >= strangersAtMost) {
        return endWith(socket, '503 Service Unavailable');
      }
      server.handleUpgrade(request, socket, head, welcome);
    },
    recorded(records, workstation = null) {
      if (listeners.size === 0) return;
      if (workstation !== null) for (const record of records) elsewhere.set(record, workstation);
      for (const listener of listeners.values()) {
        for (const record of records) {
          if (!concerns(listener.identity, record)) continue;
          if (listener.messages.length < messagesAtOnce) listener.messages.push(record);
          else listener.skipped++;
        }
      }
      soon();
    },
    async changed(changes) {
      for (const listener of listeners.values()) for (const change of changes) follow(listener, change);
      soon();
      if (!changes.some(({ area }) => checkedAfter.has(area))) return;
      // A microtask later, when the identities have followed the change themselves.
      await Promise.resolve();
      for (const listener of listeners.values()) void check(listener);
    },
    missed() {
      for (const listener of listeners.values()) {
        for (const area of [
          'servers',
          'members',
          'teams',
          'grants',
          'tokens',
          'policies',
          'approvals',
          'alerts',
          'workstations',
        ] as const) {
          follow(listener, { organization: listener.identity.caller.organization, area, id: null });
        }
        void check(listener);
      }
      soon();
    },
    close() {
      clearInterval(look);
      clearTimeout(delivery);
      for (const socket of server.clients) {
        socket.close(1001, 'the hub is stopping');
        setTimeout(() => socket.terminate(), closeWithinMs).unref();
      }
      server.close();
    },
  };
}

function concerns(
  { caller }: Identity,
  record: { readonly organization: OrganizationId; readonly member: string },
): boolean {
  if (record.organization !== caller.organization || !permits(caller, 'messages:read')) return false;
  return permits(caller, 'messages:read-any') || record.member === caller.member;
}

/** What a change means to those who may not see where it happened: other servers may be theirs to use now. */
function seenBy({ caller }: Identity, area: ChangeArea): Area | null {
  if (area === 'sign-ins' || area === 'connected-clients') return null;
  // Open to all, and about credentials too: pages read anew who acts as whom.
  if (area === 'impersonations') return 'tokens';
  if (area === 'organization') return 'members';
  if (area === 'limits') return permits(caller, 'limits:read') ? area : null;
  if (area === 'alerts') return permits(caller, 'alerts:read') ? area : null;
  if (area === 'connections') return 'servers';
  if (area === 'workstations' || area === 'agent-jobs') return 'workstations';
  const open = area === 'servers' || area === 'policies' || area === 'tokens' || area === 'approvals';
  if (open || permits(caller, area === 'grants' ? 'grants:read' : 'members:read')) return area;
  return 'servers';
}

/** Whose workstation does what is not for everybody; that one's own did something is. */
function saysWhich({ caller }: Identity, area: Area): boolean {
  return area !== 'workstations' || permits(caller, 'workstations:read');
}

function credentialOf(frame: string): string | null {
  try {
    return liveHello.parse(JSON.parse(frame)).accessToken;
  } catch {
    return null;
  }
}

function send(socket: WebSocket, event: LiveEvent): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(event));
}
