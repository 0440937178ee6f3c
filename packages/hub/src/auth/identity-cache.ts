// Whose credential is this? Answered from memory once it was seen, and true at every message: what ends or changes an
// identity removes it here before the change is answered, and expiry is looked at each time. Holds hashes, and for speed
// a bounded first level by the credentials themselves, which is emptied at every change.
import type { Clock } from '@mcpvault/domain/ambient';
import type { Caller } from '@mcpvault/domain/identity/caller';
import type { MemberId, OrganizationId, SignInId, TokenId } from '@mcpvault/domain/ids';
import type { IdentityPort } from '@mcpvault/gateway/ports';
import type { Member } from '@mcpvault/store/members-store';
import type { Stores } from '@mcpvault/store/stores';
import type { Change, ChangeSubscriber } from '../changes.ts';
import { readSecurity } from '../security-settings.ts';
import { digestOf, hashOf, kindOf } from './credential.ts';

/** Who is behind a credential: a signed-in member, or one with a personal token. */
export interface Identity {
  /** The same object for as long as nothing about it changed. */
  readonly caller: Caller;
  /** null for personal tokens. */
  readonly signIn: SignInId | null;
  /** Milliseconds since the epoch; null never. */
  readonly expiresAt: number | null;
  /** Signed in without the second factor that the organization demands: good for setting one up, and for nothing else. */
  readonly mustEnrol: boolean;
}

export interface IdentityCache extends IdentityPort, ChangeSubscriber {
  /** Like `identify`, with the sign-in. */
  identity(credential: string): Identity | null | Promise<Identity | null>;
  /** Tokens and members used since the last call, with the time; for writing down now and then. */
  takeUsed(): Used;
}

export interface Used {
  readonly tokens: ReadonlyMap<TokenId, number>;
  readonly members: ReadonlyMap<MemberId, number>;
}

export interface IdentityCacheDeps {
  readonly stores: Pick<Stores, 'tokens' | 'signIns' | 'members' | 'settings'>;
  readonly clock: Clock;
}

const hour = 3_600_000;
const identitiesAtMost = 100_000;
const rawAtMost = 20_000;
const strangersAtMost = 10_000;
/** An unknown credential is asked for again after this long, in milliseconds. */
const strangerFor = 10_000;

export function createIdentityCache({ stores, clock }: IdentityCacheDeps): IdentityCache {
  const byCredential = new Map<string, Identity>();
  const byDigest = new Map<string, Identity>();
  const strangers = new Map<string, number>();
  const loading = new Map<string, Promise<Identity | null>>();
  // Grows with every change, so that what was read before one is not remembered after it.
  let epoch = 0;
  // One entry per use, so that a message costs no more than that.
  let lastUsed = new Map<Identity, number>();

  function identity(credential: string): Identity | null | Promise<Identity | null> {
    const now = clock.now();
    const seen = byCredential.get(credential);
    if (seen !== undefined && (seen.expiresAt === null || seen.expiresAt > now)) return use(seen, now);
    const kind = kindOf(credential);
    if (kind !== 'token' && kind !== 'access') return null;
    const digest = digestOf(credential);
    const known = byDigest.get(digest);
    if (known !== undefined) return keep(credential, digest, known, now);
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

  function use(known: Identity, now: number): Identity {
    lastUsed.set(known, now);
    return known;
  }

  function loadOnce(kind: 'token' | 'access', credential: string, digest: string): Promise<Identity | null> {
    const under = loading.get(digest);
    if (under !== undefined) return under;
    const began = epoch;
    const load = (kind === 'token' ? loadToken(credential) : loadSignIn(credential))
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

  async function loadToken(credential: string): Promise<Identity | null> {
    const token = await stores.tokens.byHash(hashOf(credential));
    if (token === null || token.revokedAt !== null) return null;
    if (token.expiresAt !== null && token.expiresAt <= clock.now()) return null;
    const found = await memberBehind(token.organization, token.member.id);
    return found && { caller: toCaller(found, token.id), signIn: null, expiresAt: token.expiresAt, mustEnrol: false };
  }

  async function loadSignIn(credential: string): Promise<Identity | null> {
    const access = await stores.signIns.byAccess(hashOf(credential), clock.now());
    if (access === null) return null;
    const found = await memberBehind(access.organization, access.member);
    if (found === null) return null;
    const { requireSecondFactor, sessionHours } = await readSecurity(stores.settings, access.organization);
    const mustEnrol = requireSecondFactor && !found.hasSecondFactor && !access.secondFactor;
    const endsAt = sessionHours === null ? access.expiresAt : access.createdAt + sessionHours * hour;
    const expiresAt = Math.min(access.accessExpiresAt, endsAt);
    if (expiresAt <= clock.now()) return null;
    return { caller: toCaller(found, null), signIn: access.id, expiresAt, mustEnrol };
  }

  async function memberBehind(organization: OrganizationId, id: MemberId): Promise<Member | null> {
    const member = await stores.members.byId(organization, id);
    return member === null || member.disabledAt !== null ? null : member;
  }

  function forget(changes: readonly Change[]): void {
    epoch++;
    loading.clear();
    byCredential.clear();
    strangers.clear();
    for (const [digest, known] of byDigest) {
      if (changes.some((change) => concerns(change, known))) byDigest.delete(digest);
    }
  }

  return {
    identity,
    identify(credential) {
      const found = identity(credential);
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
    takeUsed() {
      const tokens = new Map<TokenId, number>();
      const members = new Map<MemberId, number>();
      for (const [{ caller }, at] of lastUsed) {
        if (caller.token !== null) tokens.set(caller.token, at);
        members.set(caller.member, Math.max(at, members.get(caller.member) ?? 0));
      }
      lastUsed = new Map();
      return { tokens, members };
    },
  };
}

function callerIn(found: Identity | null): Caller | null {
  return found === null || found.mustEnrol ? null : found.caller;
}

const identityAreas: ReadonlySet<string> = new Set(['organization', 'members', 'roles', 'teams', 'sign-ins', 'tokens']);

/** Who belongs to a team and what a role gives is part of many identities, so it concerns their whole organization. */
function concerns({ organization, area, id }: Change, { caller, signIn }: Identity): boolean {
  if (organization !== caller.organization) return false;
  if (id === null || area === 'teams' || area === 'roles' || area === 'organization') return true;
  return id === caller.member || id === caller.token || id === signIn;
}

function toCaller(member: Member, token: TokenId | null): Caller {
  const { organization, email, role, permissions } = member;
  const teams = member.teams.map((team) => team.id);
  return { organization, member: member.id, email, role, permissions, teams, token };
}

function remember<Value>(map: Map<string, Value>, atMost: number, key: string, value: Value): void {
  const oldest = map.size >= atMost ? map.keys().next() : null;
  if (oldest && !oldest.done) map.delete(oldest.value);
  map.set(key, value);
}
