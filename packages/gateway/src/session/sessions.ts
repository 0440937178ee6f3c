// The legacy sessions of this hub. A session id finds a conversation; it never proves who is asking.
import { Failure } from '@mcpvault/domain/failure';
import { type Caller, principalOf } from '@mcpvault/domain/identity/caller';
import type { MemberId, ServerId } from '@mcpvault/domain/ids';
import type { GatewayHost, GatewaySettings } from '../ports.ts';
import type { Conversation } from './conversation.ts';
import type { Endpoint } from './endpoint.ts';

export interface Session {
  readonly id: string;
  readonly conversation: Conversation;
  readonly endpoint: Endpoint;
}

export interface Sessions {
  open(conversation: Conversation, endpoint: Endpoint): Session | Failure;
  /** null when the id is unknown, belongs to another member, or to another endpoint. */
  find(id: string, caller: Caller, endpoint: string | null): Session | null;
  /** Ends sessions that nobody used for long. Called about once a second. */
  sweep(now: number): void;
  /** The server was changed: what sessions have of it is over where nothing is under way. */
  replaced(server: ServerId, why: string): void;
  /** What sessions have of this server is over. */
  drop(server: ServerId, why: string): void;
  /** Those of callers who may do nothing any more are over. */
  endOf(isGone: (caller: Caller) => boolean, why: string): void;
  endAll(why: string): void;
  count(): number;
}

/** Milliseconds between signs of life to clients that only listen. */
const beatEvery = 15_000;
/** Thousands of streams are not written to at once, but in so many groups, one after the other. */
const groups = 15;

export function createSessions(host: GatewayHost, settings: GatewaySettings): Sessions {
  const sessions = new Map<string, Session>();
  const perMember = new Map<MemberId, number>();
  const { clock, random } = host.ambient;
  /** Counts groups whose turn has come, from the beginning of time. */
  let turns: number | null = null;

  function forget(session: Session): void {
    sessions.delete(session.id);
    const left = (perMember.get(session.conversation.owner) ?? 1) - 1;
    if (left <= 0) perMember.delete(session.conversation.owner);
    else perMember.set(session.conversation.owner, left);
    session.endpoint.close();
  }

  return {
    open(conversation, endpoint) {
      const member = conversation.owner;
      const now = perMember.get(member) ?? 0;
      if (now >= settings.maxSessionsPerMember) {
        return new Failure(
          'busy',
          `you have ${now} sessions open, which is as many as may be; close a client or wait until idle ones end`,
        );
      }
      const id = Buffer.from(random.bytes(24)).toString('base64url');
      const session: Session = { id, conversation, endpoint };
      sessions.set(id, session);
      perMember.set(member, now + 1);
      conversation.onEnd = () => forget(session);
      return session;
    },
    find(id, caller, endpoint) {
      const session = sessions.get(id);
      if (session === undefined) return null;
      const { conversation } = session;
      if (conversation.owner !== principalOf(caller) || conversation.endpoint !== endpoint) return null;
      conversation.caller = caller;
      conversation.usedAt = clock.now();
      return session;
    },
    sweep(now) {
      const until = Math.floor(now / (beatEvery / groups));
      const from = Math.max(turns ?? 0, until - groups);
      turns = until;
      for (const { id, conversation } of sessions.values()) {
        const idle = now - conversation.usedAt > settings.sessionIdle;
        if (idle && !conversation.isListening && conversation.calls.size === 0) {
          conversation.end('nobody used it for long');
        } else if (isTurn(groupOf(id), from, until)) {
          conversation.beat();
          conversation.sweep(now);
        }
      }
    },
    replaced(server, why) {
      for (const { conversation, endpoint } of [...sessions.values()]) {
        if (conversation.calls.size === 0) endpoint.drop(server, why);
      }
    },
    drop(server, why) {
      for (const { endpoint } of [...sessions.values()]) endpoint.drop(server, why);
    },
    endOf(isGone, why) {
      for (const { conversation } of [...sessions.values()]) if (isGone(conversation.caller)) conversation.end(why);
    },
    endAll(why) {
      for (const { conversation } of [...sessions.values()]) conversation.end(why);
    },
    count: () => sessions.size,
  };
}

/** By its id, which is random. */
function groupOf(id: string): number {
  return (id.charCodeAt(0) * 64 + id.charCodeAt(1)) % groups;
}

/** Whether one of the turns after `from` up to `until` is the group's: turns go round. */
function isTurn(group: number, from: number, until: number): boolean {
  const last = until - ((until - group + groups) % groups);
  return last > from;
}
