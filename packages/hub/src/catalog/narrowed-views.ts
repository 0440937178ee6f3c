// What is left of an access through a key with a scope, and for somebody who acts as the member: no more than the key is
// for, and no more than who acts could hand out. Most callers are neither, and pay nothing for it.
import type { Clock } from '@mcpvault/domain/ambient';
import { type Grant, type Grantee, hasEnded } from '@mcpvault/domain/identity/access';
import type { Caller } from '@mcpvault/domain/identity/caller';
import type { GrantIndex } from '@mcpvault/domain/identity/grant-index';
import { grantsOfScope } from '@mcpvault/domain/identity/key-scope';
import { type Reach, reachOf, type Within } from '@mcpvault/domain/identity/reach';
import type { ServerId } from '@mcpvault/domain/ids';
import type { Usable } from '@mcpvault/gateway/ports';

export interface NarrowedViews {
  one(grants: GrantIndex, caller: Caller, usable: Usable): Usable | null;
  all(grants: GrantIndex, caller: Caller, usable: readonly Usable[]): readonly Usable[];
}

type Narrowing = Pick<Caller, 'scope' | 'actedBy'>;

interface Kept {
  /** The lists of grants that name who acts; new objects when anything in them changed. */
  readonly lists: readonly (readonly Grant[])[];
  /** Milliseconds since the epoch: when the next of these ends. */
  readonly until: number;
  readonly usable: WeakMap<Usable, { readonly narrowed: Usable | null }>;
  readonly all: WeakMap<readonly Usable[], readonly Usable[]>;
}

/** Answers the same objects for as long as they are true: what was listed to a caller is told apart by them. */
export function createNarrowedViews(clock: Clock): NarrowedViews {
  const views = new WeakMap<Caller, Kept>();

  function keptFor(grants: GrantIndex, caller: Caller): Kept {
    const actor = actorOf(caller);
    const kept = views.get(caller);
    const now = clock.now();
    if (kept !== undefined && now < kept.until && (actor === null || grants.names(actor, kept.lists))) return kept;
    const lists = actor === null ? [] : grants.listsOf(actor);
    const ends = lists.flat().map(({ expiresAt }) => expiresAt ?? Number.POSITIVE_INFINITY);
    const until = Math.min(Number.POSITIVE_INFINITY, ...ends.filter((end) => end > now));
    const made: Kept = { lists, until, usable: new WeakMap(), all: new WeakMap() };
    views.set(caller, made);
    return made;
  }

  function one(grants: GrantIndex, caller: Caller, usable: Usable): Usable | null {
    if (isWide(caller)) return usable;
    const kept = keptFor(grants, caller);
    const known = kept.usable.get(usable);
    if (known !== undefined) return known.narrowed;
    const { server } = usable;
    const reach = narrowReach(grants, caller, server.id, usable.reach, clock.now());
    const narrowed = reach && { server, reach };
    kept.usable.set(usable, { narrowed });
    return narrowed;
  }

  return {
    one,
    all(grants, caller, usable) {
      if (isWide(caller)) return usable;
      const kept = keptFor(grants, caller);
      const known = kept.all.get(usable);
      if (known !== undefined) return known;
      const narrowed = usable.map((each) => one(grants, caller, each)).filter((each) => each !== null);
      kept.all.set(usable, narrowed);
      return narrowed;
    },
  };
}

/** null when nothing of the server is left. */
export function narrowReach(
  grants: GrantIndex,
  caller: Narrowing,
  server: ServerId,
  own: Reach,
  now: number,
): Reach | null {
  const within: Within[] = [];
  const ofKey = caller.scope === undefined ? null : grantsOfScope(caller.scope, server);
  if (ofKey !== null) {
    const reach = reachOf(false, ofKey);
    if (reach === null) return null;
    within.push({ reach, caller: null, because: 'the key was not made for this' });
  }
  const actor = actorOf(caller);
  if (actor !== null) {
    const theirs = grants.of(actor).filter((grant) => grant.server === server && !hasEnded(grant, now));
    const reach = reachOf(actor.permissions.has('servers:use-any'), theirs);
    if (reach === null) return null;
    within.push({
      reach,
      caller: actor,
      because: 'you may not use this yourself, so neither while you act as somebody',
    });
  }
  return own.narrowedTo(within);
}

function isWide({ scope, actedBy }: Narrowing): boolean {
  return scope === undefined && actedBy === undefined;
}

/** null where nobody acts as the caller, or somebody who could grant everything anyway. */
function actorOf({ actedBy }: Narrowing): (Grantee & Within['caller']) | null {
  return actedBy === undefined || actedBy.permissions.has('grants:write') ? null : actedBy;
}
