// The sessions that are kept with legacy servers for modern clients, and the calls in them that wait for their client.
import type { Ambient } from '@mcpvault/domain/ambient';
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import { Failure } from '@mcpvault/domain/failure';
import { type Caller, principalOf } from '@mcpvault/domain/identity/caller';
import type { ServerId } from '@mcpvault/domain/ids';
import type { ObjectText } from '@mcpvault/protocol/jsonrpc/object-text';
import type { GatewaySettings, Log } from '../../ports.ts';
import type { Links } from '../../upstream/links.ts';
import type { Eras } from './eras.ts';
import { type ClientFacts, legacyCapabilities } from './envelope.ts';
import { limits } from './limits.ts';
import { LegacySession } from './legacy-session.ts';
import { canonical, createStateSealer, digestOf, type WaitingState } from './request-state.ts';
import type { SessionCall } from './session-call.ts';

type Whose = Pick<Caller, 'organization' | 'member' | 'actedBy'>;

export interface LegacySessions {
  /** The principal's session with the server, for clients that can do what these facts say. Throws a `Failure`. */
  of(server: ServerEntry, caller: Whose, facts: ClientFacts): LegacySession;
  /** The call that waits under a state; null unless this very request of this principal is what it waits for. Once. */
  take(state: string, request: ComingBack): SessionCall | null;
  sweep(now: number): void;
  drop(server: ServerId): void;
  close(): void;
}

export interface ComingBack {
  readonly server: ServerEntry;
  readonly caller: Whose;
  readonly method: string;
  readonly params: ObjectText;
}

export interface LegacySessionsDeps {
  readonly ambient: Ambient;
  readonly log: Log;
  readonly settings: GatewaySettings;
  readonly links: Pick<Links, 'open'>;
  readonly eras: Pick<Eras, 'doubt'>;
  /** Of questions, in milliseconds, where not the usual. */
  readonly gather?: number | undefined;
}

interface Kept {
  readonly key: string;
  readonly server: ServerEntry;
  readonly caller: Whose;
  readonly session: LegacySession;
  /** Milliseconds since the epoch. */
  usedAt: number;
}

interface Parked {
  readonly call: SessionCall;
  readonly expires: number;
}

/** Ways to write capabilities that are remembered. */
const mostKnown = 100;
const longestKnown = 4_000;
/** Sessions that one member has with one server: clients differ in what they can do, but not in so many ways. */
const mostSessions = 16;

export function createLegacySessions(deps: LegacySessionsDeps): LegacySessions {
  const { ambient, log, settings, links, eras } = deps;
  const { clock, ids } = ambient;
  const sealer = createStateSealer(ambient);
  const sessions = new Map<string, Kept>();
  const parked = new Map<string, Parked>();
  const known = new Map<string, string>();

  function open(key: string, server: ServerEntry, caller: Whose, facts: ClientFacts): Kept {
    const conversation = ids.next('con');
    const session = new LegacySession({
      clock,
      log,
      settings,
      server,
      facts,
      gather: deps.gather ?? limits.gather,
      open: (listener) => links.open(server, { caller, conversation, era: 'legacy' }, listener),
      park: (_session, call) => park(server, caller, call),
      ended: (ended, failure) => {
        if (failure.code === 'upstream_invalid') eras.doubt(server);
        if (sessions.get(key)?.session === ended) sessions.delete(key);
      },
    });
    return { key, server, caller, session, usedAt: clock.now() };
  }

  function park(server: ServerEntry, caller: Whose, call: SessionCall): string {
    const id = ids.next('wait');
    const expires = clock.now() + limits.comeBack;
    const [oldest] = parked;
    if (parked.size >= limits.parked && oldest !== undefined)
      giveUp(...oldest, 'too many calls wait for their clients');
    parked.set(id, { call, expires });
    const digest = digestOf(call.method, call.params);
    const { organization } = caller;
    return sealer.seal({ organization, member: principalOf(caller), server: server.id, parked: id, expires, digest });
  }

  function giveUp(id: string, { call }: Parked, why: string): void {
    parked.delete(id);
    call.expire(why);
  }

  /** The same for the same capabilities, however they are written. Clients write them in few ways. */
  function abilities({ capabilities }: ClientFacts): string {
    const written = capabilities.toString();
    let can = known.get(written);
    if (can === undefined) {
      if (known.size >= mostKnown) known.clear();
      can = canonical(JSON.parse(legacyCapabilities(capabilities)));
      if (written.length < longestKnown) known.set(written, can);
    }
    return can;
  }

  function makeRoom({ id, name }: ServerEntry, caller: Whose): void {
    const own = [...sessions.values()].filter(
      (kept) => principalOf(kept.caller) === principalOf(caller) && kept.server.id === id,
    );
    if (own.length < mostSessions) return;
    const [idle] = own.filter(({ session }) => !session.busy).toSorted((a, b) => a.usedAt - b.usedAt);
    if (idle === undefined) {
      throw new Failure(
        'busy',
        `you have ${own.length} sessions with the server "${name}", and all of them are in use`,
      );
    }
    idle.session.end();
  }

  return {
    of(server, caller, facts) {
      const { organization } = caller;
      const can = abilities(facts);
      const key = JSON.stringify([organization, principalOf(caller), server.version, can]);
      let kept = sessions.get(key);
      if (kept === undefined || kept.session.over) {
        makeRoom(server, caller);
        kept = open(key, server, caller, facts);
        if (!kept.session.over) sessions.set(key, kept);
      }
      kept.usedAt = clock.now();
      return kept.session;
    },
    take(text, { server, caller, method, params }) {
      const state = sealer.open(text);
      if (state === null || !isFor(state, server, caller, clock.now())) return null;
      const waiting = parked.get(state.parked);
      if (waiting === undefined || state.digest !== digestOf(method, params)) return null;
      parked.delete(state.parked);
      return waiting.call;
    },
    sweep(now) {
      for (const [id, waiting] of parked) {
        if (waiting.expires <= now) giveUp(id, waiting, 'the client did not come back');
      }
      for (const kept of sessions.values()) {
        if (kept.session.busy) kept.usedAt = now;
        else if (kept.usedAt + settings.processIdle <= now) kept.session.end();
      }
    },
    drop(server) {
      for (const kept of [...sessions.values()]) if (kept.server.id === server) kept.session.end();
    },
    close() {
      for (const kept of [...sessions.values()]) kept.session.end();
    },
  };
}

function isFor(state: WaitingState, server: ServerEntry, caller: Whose, now: number): boolean {
  return (
    state.organization === caller.organization &&
    state.member === principalOf(caller) &&
    state.server === server.id &&
    state.expires > now
  );
}
