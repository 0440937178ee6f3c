// Whose credential is this? Answered from memory once it was seen, and true at every message: what ends or changes an
// identity removes it here before the change is answered, and expiry is looked at each time. Holds hashes, and for speed
// a bounded first level by the credentials themselves, which is emptied at every change.
import type { Clock } from '@mcpvault/domain/ambient';
import { actAs, type Caller } from '@mcpvault/domain/identity/caller';
import type { ConnectedClientId, MemberId, OrganizationId, SignInId, TokenId } from '@mcpvault/domain/ids';
import type { IdentityPort } from '@mcpvault/gateway/ports';
import { isActive, type Member } from '@mcpvault/store/members-store';
import type { Stores } from '@mcpvault/store/stores';
import type { Token } from '@mcpvault/store/tokens-store';
import type { Change, ChangeSubscriber } from '../changes.ts';
import { readSecurity } from '../security-settings.ts';
import { looksLikeAccessToken } from '../oauth/access-token.ts';
import type { LetInPort } from '../oauth/let-in.ts';
import { digestOf, hashOf, kindOf } from './credential.ts';
import { mayActAs } from './may-act-as.ts';

/** Who is behind a credential: a signed-in member, one with a token, or somebody who acts as a member. */
export interface Identity {
  /** The same object for as long as nothing about it changed. */
  readonly caller: Caller;
  /** null for tokens, and for who acts as somebody. */
  readonly signIn: SignInId | null;
  /** Milliseconds since the epoch; null never. */
  readonly expiresAt: number | null;
  /** Signed in without the second factor that the organization demands: good for setting one up, and for nothing else. */
  readonly mustEnrol: boolean;
  /** With whom the member ends: the owner of a service account; null where there is nobody. */
  readonly owner: MemberId | null;
}

export interface IdentityCache extends Pick<IdentityPort, 'identify' | 'resourceMetadata'>, ChangeSubscriber {
  /** Like `identify`, with the sign-in; but null for what was made for an AI client, which may only reach its endpoint. */
  identity(credential: string): Identity | null | Promise<Identity | null>;
  /** Whether somebody acted as this caller, and does so no more. */
  isOver(caller: Caller): boolean;
  /** Tokens and members used since the last call, with the time; for writing down now and then. */
  takeUsed(): Used;
}

export interface Used {
  readonly tokens: ReadonlyMap<TokenId, number>;
  readonly members: ReadonlyMap<MemberId, number>;
  readonly connectedClients: ReadonlyMap<ConnectedClientId, number>;
}

export interface IdentityCacheDeps {
  readonly stores: Pick<Stores, 'tokens' | 'signIns' | 'members' | 'settings' | 'impersonations'>;
  readonly clock: Clock;
  /** Knows the tokens of AI clients; left out, none is let in. */
  readonly oauth?: LetInPort;
}

const hour = 3_600_000;
const nobodyLetIn: LetInPort = { letIn: async () => null, resourceMetadata: () => null };
const identitiesAtMost = 100_000;
const rawAtMost = 20_000;
const strangersAtMost = 10_000;
/** An unknown credential is asked for again after this long, in milliseconds. */
const strangerFor = 10_000;

export function createIdentityCache({ stores, clock, oauth = nobodyLetIn }: IdentityCacheDeps): IdentityCache {
  const byCredential = new Map<string, Identity>();
  const byDigest = new Map<string, Identity>();
  const strangers = new Map<string, number>();
  const loading = new Map<string, Promise<Identity | null>>();
  // Grows with every change, so that what was read before one is not remembered after it.
  let epoch = 0;
  // One entry per use, so that a message costs no more than that.
  let lastUsed = new Map<Identity, number>();
  /** Those that were ended before their time. */
  const endedEarly = new Map<string, true>();

  function known(credential: string): Identity | null | Promise<Identity | null> {
    const now = clock.now();
    const seen = byCredential.get(credential);
    if (seen !== undefined && (seen.expiresAt === null || seen.expiresAt > now)) return use(seen, now);
    const kind = looksLikeAccessToken(credential) ? 'oauth' : kindOf(credential);
    if (kind !== 'token' && kind !== 'access' && kind !== 'impersonation' && kind !== 'oauth') return null;
    const digest = digestOf(credential);
    const held = byDigest.get(digest);
    if (held !== undefined) return keep(credential, digest, held, now);
    const since = strangers.get(digest);
    if (since !== undefined && now - since < strangerFor) return null;
    return loadOnce(kind, credential, digest);
  }

  function keep(credential: string, digest: string, known: Identity, now: number): Identity | null {
    if (known.expiresAt !== null && known.expiresAt <= now) {
      byDigest.delete(digest);
      byCredential.delete(credential);
      return null;
    }
    if (byCredential.size >= rawAtMost) byCredential.clear();
    byCredential.set(credential, known);
    return use(known, now);
  }

  function use(held: Identity, now: number): Identity {
    lastUsed.set(held, now);
    return held;
  }

  function loadOnce(kind: keyof typeof loaders, credential: string, digest: string): Promise<Identity | null> {
    const under = loading.get(digest);
    if (under !== undefined) return under;
    const began = epoch;
    const load = loaders[kind](credential)
      .then((found) => {
        const now = clock.now();
        if (began !== epoch) return found;
        if (found === null) remember(strangers, strangersAtMost, digest, now);
        else {
          remember(byDigest, identitiesAtMost, digest, found);
          keep(credential, digest, found, now);
        }
        return found;
      })
      .finally(() => {
        if (loading.get(digest) === load) loading.delete(digest);
      });
    loading.set(digest, load);
    return load;
  }

  const loaders = { token: loadToken, access: loadSignIn, impersonation: loadImpersonation, oauth: loadLetIn };

  async function loadToken(credential: string): Promise<Identity | null> {
    const token = await stores.tokens.byHash(hashOf(credential));
    if (token === null || token.revokedAt !== null) return null;
    if (token.expiresAt !== null && token.expiresAt <= clock.now()) return null;
    const found = await memberBehind(token.organization, token.member.id);
    if (found === null) return null;
    const expiresAt = earliest(token.expiresAt, found.endsAt);
    return { caller: toCaller(found, token), signIn: null, expiresAt, mustEnrol: false, owner: ownerOf(found) };
  }

  async function loadSignIn(credential: string): Promise<Identity | null> {
    const access = await stores.signIns.byAccess(hashOf(credential), clock.now());
    if (access === null) return null;
    const found = await memberBehind(access.organization, access.member);
    if (found === null) return null;
    const { requireSecondFactor, sessionHours } = await readSecurity(stores.settings, access.organization);
    const mustEnrol = requireSecondFactor && !found.hasSecondFactor && !access.secondFactor;
    const endsAt = sessionHours === null ? access.expiresAt : access.createdAt + sessionHours * hour;
    const expiresAt = Math.min(access.accessExpiresAt, endsAt, found.endsAt ?? Number.POSITIVE_INFINITY);
    if (expiresAt <= clock.now()) return null;
    return { caller: toCaller(found, null), signIn: access.id, expiresAt, mustEnrol, owner: null };
  }

  /** Looked at anew after every change of a member or team: who may no longer act as the member does so no more. */
  async function loadImpersonation(credential: string): Promise<Identity | null> {
    const found = await stores.impersonations.byHash(hashOf(credential));
    if (found === null || found.endedAt !== null || found.expiresAt <= clock.now()) return null;
    const { organization, id } = found;
    const actor = await memberBehind(organization, found.actor.id);
    const subject = await memberBehind(organization, found.subject.id);
    if (actor === null || subject === null || !(await mayActAs(stores.members, actor, subject))) return null;
    const until = found.expiresAt;
    const caller = actAs(toCaller(subject, null), { ...toCaller(actor, null), impersonation: id, until });
    const expiresAt = earliest(found.expiresAt, earliest(actor.endsAt, subject.endsAt));
    return { caller, signIn: null, expiresAt, mustEnrol: false, owner: null };
  }

  async function loadLetIn(credential: string): Promise<Identity | null> {
    const token = await oauth.letIn(credential);
    if (token === null) return null;
    const { connected, endpoint, scopes } = token;
    const found = await memberBehind(connected.organization, connected.member);
    if (found === null) return null;
    const letIn = { id: connected.id, name: connected.clientName, endpoint, scopes: new Set(scopes) };
    const expiresAt = earliest(token.expiresAt, found.endsAt);
    // Nobody lets a client in before the second factor that is demanded is set up.
    return { caller: { ...toCaller(found, null), letIn }, signIn: null, expiresAt, mustEnrol: false, owner: null };
  }

  async function memberBehind(organization: OrganizationId, id: MemberId): Promise<Member | null> {
    const member = await stores.members.byId(organization, id);
    return member === null || !isActive(member, clock.now()) ? null : member;
  }

  function forget(changes: readonly Change[]): void {
    for (const { area, id } of changes) {
      // One that begins is told by the member whom somebody acts as.
      if (area === 'impersonations' && id?.startsWith('imp_')) remember(endedEarly, strangersAtMost, id, true);
    }
    epoch++;
    loading.clear();
    byCredential.clear();
    strangers.clear();
    for (const [digest, known] of byDigest) {
      if (changes.some((change) => concerns(change, known))) byDigest.delete(digest);
    }
  }

  return {
    identity(credential) {
      const found = known(credential);
      return found instanceof Promise ? found.then(own) : own(found);
    },
    resourceMetadata: oauth.resourceMetadata,
    identify(credential) {
      const found = known(credential);
      return found instanceof Promise ? found.then(callerIn) : callerIn(found);
    },
    changed(changes) {
      const ours = changes.filter((change) => identityAreas.has(change.area));
      if (ours.length > 0) forget(ours);
    },
    missed() {
      forget([]);
      byDigest.clear();
    },
    isOver({ actedBy }) {
      return actedBy !== undefined && (actedBy.until <= clock.now() || endedEarly.has(actedBy.impersonation));
    },
    takeUsed() {
      const tokens = new Map<TokenId, number>();
      const members = new Map<MemberId, number>();
      const connectedClients = new Map<ConnectedClientId, number>();
      for (const [{ caller }, at] of lastUsed) {
        if (caller.token !== null) tokens.set(caller.token, at);
        if (caller.letIn !== undefined) connectedClients.set(caller.letIn.id, at);
        // The member was not there.
        if (caller.actedBy === undefined) members.set(caller.member, Math.max(at, members.get(caller.member) ?? 0));
      }
      lastUsed = new Map();
      return { tokens, members, connectedClients };
    },
  };
}

function callerIn(found: Identity | null): Caller | null {
  return found === null || found.mustEnrol ? null : found.caller;
}

function own(found: Identity | null): Identity | null {
  return found?.caller.letIn === undefined ? found : null;
}

const identityAreas: ReadonlySet<string> = new Set([
  'organization',
  'members',
  'roles',
  'teams',
  'sign-ins',
  'tokens',
  'impersonations',
  'connected-clients',
]);

/**
 * Who belongs to a team and what a role gives is part of many identities, so it concerns their whole organization; and who
 * supervises whom decides who may act as somebody.
 */
function concerns({ organization, area, id }: Change, { caller, signIn, owner }: Identity): boolean {
  if (organization !== caller.organization) return false;
  if (id === null || area === 'teams' || area === 'roles' || area === 'organization') return true;
  if (caller.actedBy !== undefined) return true;
  return id === caller.member || id === caller.token || id === signIn || id === owner || id === caller.letIn?.id;
}

function toCaller(member: Member, token: Token | null): Caller {
  const { organization, email, role, permissions, reach } = member;
  const caller: Caller = { organization, member: member.id, email, role, permissions, teams: reach, token: null };
  if (token === null) return caller;
  return { ...caller, token: token.id, ...(token.scope === null ? {} : { scope: token.scope }) };
}

function ownerOf({ owner }: Member): MemberId | null {
  return owner?.type === 'member' && owner.endsWithOwner ? owner.id : null;
}

/** null is never. */
function earliest(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}

function remember<Value>(map: Map<string, Value>, atMost: number, key: string, value: Value): void {
  const oldest = map.size >= atMost ? map.keys().next() : null;
  if (oldest && !oldest.done) map.delete(oldest.value);
  map.set(key, value);
}
