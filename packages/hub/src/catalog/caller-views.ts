// What each caller may use, worked out when it is first asked for and kept for as long as it is true: it follows from the
// lists of grants that name the caller, and those are new objects when anything in them changed. What follows from one list
// alone, such as a team's, is held once for everybody it names. Holds a bounded number of entries, and begins anew past it.
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import type { Clock } from '@mcpvault/domain/ambient';
import { type Grant, hasEnded } from '@mcpvault/domain/identity/access';
import type { Caller } from '@mcpvault/domain/identity/caller';
import type { GrantIndex } from '@mcpvault/domain/identity/grant-index';
import { type Reach, reachOf } from '@mcpvault/domain/identity/reach';
import type { ServerId } from '@mcpvault/domain/ids';
import type { Usable } from '@mcpvault/gateway/ports';

/** The servers of an organization that are switched on; a new object when any of them changed. */
export interface Offer {
  /** By name. */
  readonly all: readonly ServerEntry[];
  readonly byName: ReadonlyMap<string, ServerEntry>;
}

export interface CallerViews {
  byName(offer: Offer, grants: GrantIndex, caller: Caller, name: string): Usable | null;
  /** In the order of names. */
  usable(offer: Offer, grants: GrantIndex, caller: Caller): readonly Usable[];
}

type GrantList = readonly Grant[];

/** What one caller may use, as far as it was asked for. */
interface View {
  readonly offer: Offer;
  readonly lists: readonly GrantList[];
  /** Milliseconds since the epoch: when the next grant ends. */
  readonly until: number;
  readonly byName: Map<string, Usable | null>;
  all: readonly Usable[] | null;
}

/** A list of grants, sorted by server. */
interface Sorted {
  /** Milliseconds since the epoch: when the next of them ends. */
  readonly until: number;
  readonly byServer: ReadonlyMap<ServerId, GrantList>;
  /** What those give who have no other grants of a server. */
  readonly alone: WeakMap<ServerEntry, Usable>;
}

const noGrants: GrantList = [];
/** About 100 bytes each. */
const entriesAtMost = 300_000;

export function createCallerViews(clock: Clock, atMost = entriesAtMost): CallerViews {
  let views = new WeakMap<Caller, View>();
  let entries = 0;
  const sorted = new WeakMap<GrantList, Sorted>();
  const anything = new WeakMap<ServerEntry, Usable>();

  function viewOf(offer: Offer, grants: GrantIndex, caller: Caller): View {
    const now = clock.now();
    const kept = views.get(caller);
    if (kept !== undefined && kept.offer === offer && now < kept.until && grants.names(caller, kept.lists)) return kept;
    const lists = grants.listsOf(caller);
    const until = Math.min(...lists.map((list) => sortedOf(list, now).until));
    const view: View = { offer, lists, until, byName: new Map(), all: null };
    held(1);
    views.set(caller, view);
    return view;
  }

  function held(more: number): void {
    entries += more;
    if (entries <= atMost) return;
    views = new WeakMap();
    entries = more;
  }

  function sortedOf(list: GrantList, now: number): Sorted {
    const kept = sorted.get(list);
    if (kept !== undefined && now < kept.until) return kept;
    const valid = list.filter((grant) => !hasEnded(grant, now));
    const until = valid.reduce((first, { expiresAt }) => Math.min(first, expiresAt ?? first), Number.POSITIVE_INFINITY);
    const made = {
      until,
      byServer: Map.groupBy(valid, ({ server }) => server),
      alone: new WeakMap<ServerEntry, Usable>(),
    };
    sorted.set(list, made);
    return made;
  }

  function usableOf(server: ServerEntry, { lists }: View, caller: Caller, now: number): Usable | null {
    const usesAny = caller.permissions.has('servers:use-any');
    const naming = lists.map((list) => sortedOf(list, now)).filter(({ byServer }) => byServer.has(server.id));
    const [only] = naming;
    if (only === undefined) return usesAny ? sharedBy(anything, server, () => reachOf(true, noGrants)) : null;
    const grants = naming.flatMap(({ byServer }) => byServer.get(server.id) ?? noGrants);
    if (usesAny || naming.length > 1) return made(server, reachOf(usesAny, grants));
    return sharedBy(only.alone, server, () => reachOf(false, grants));
  }

  function made(server: ServerEntry, reach: Reach | null): Usable | null {
    if (reach === null) return null;
    held(1);
    return { server, reach };
  }

  return {
    byName(offer, grants, caller, name) {
      const view = viewOf(offer, grants, caller);
      const kept = view.byName.get(name);
      if (kept !== undefined) return kept;
      const server = offer.byName.get(name);
      // Names of nothing are not kept: anybody can think of very many.
      if (server === undefined) return null;
      const usable = usableOf(server, view, caller, clock.now());
      held(1);
      view.byName.set(name, usable);
      return usable;
    },
    usable(offer, grants, caller) {
      const view = viewOf(offer, grants, caller);
      if (view.all !== null) return view.all;
      const now = clock.now();
      const all = offer.all.map((server) => view.byName.get(server.name) ?? usableOf(server, view, caller, now));
      const open = all.filter((usable) => usable !== null);
      held(open.length / 8);
      view.all = open;
      return open;
    },
  };
}

function sharedBy(shelf: WeakMap<ServerEntry, Usable>, server: ServerEntry, make: () => Reach | null): Usable | null {
  const kept = shelf.get(server);
  if (kept !== undefined) return kept;
  const reach = make();
  if (reach === null) return null;
  const usable = { server, reach };
  shelf.set(server, usable);
  return usable;
}
