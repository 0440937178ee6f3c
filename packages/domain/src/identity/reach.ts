// What one caller may use of one server: the answer to every question about access, whoever asks it. A deny outweighs all
// that allows the same; every answer has its reason and names the grant it comes from.
import type { GrantId } from '../ids.ts';
import { covers, type Grant, type ItemKind, isWhole } from './access.ts';
import { compileCondition } from './compile-condition.ts';
import type { Attempt, Condition } from './condition.ts';

export type Decision =
  | { readonly allowed: true; readonly because: string; readonly grant: GrantId | null }
  | {
      readonly allowed: false;
      /** For people; tells nothing that an admin did not write for them. */
      readonly because: string;
      readonly grant: GrantId | null;
      /** Nothing lets this caller know of it: for them it does not exist. */
      readonly isUnknown: boolean;
    };

/** Everything that a caller may use of a server, as far as it can be said without a call. */
export interface Extent {
  /** null: all but `except`. */
  readonly tools: readonly string[] | null;
  readonly prompts: readonly string[] | null;
  readonly resources: readonly string[] | null;
  /** What denies take away, whatever the circumstances. */
  readonly except: {
    readonly tools: readonly string[];
    readonly prompts: readonly string[];
    readonly resources: readonly string[];
  };
  /** True when some of it is open, or closed, under a condition only. */
  readonly isConditional: boolean;
}

/** Another reach that must allow it too. */
export interface Within {
  readonly reach: Reach;
  /** As whom that one is asked; null: as whoever asks. */
  readonly caller: Attempt['caller'] | null;
  /** For people: why what it does not allow is refused. */
  readonly because: string;
}

interface Rule {
  readonly grant: Grant;
  readonly condition: Condition | null;
}

const noRules: readonly Rule[] = [];
const nothingElse: readonly Within[] = [];
const noNames: readonly string[] = [];

/** Very many are held at once, one for each server that each caller used: hence a class, and few members. */
export class Reach {
  readonly #allows: readonly Rule[];
  readonly #denies: readonly Rule[];
  readonly #usesAny: boolean;
  readonly #within: readonly Within[];
  /** Everything of the server, always: there is nothing to look at message by message. */
  readonly isWhole: boolean;
  /** What is listed depends on the moment, so that a listing cannot be kept. */
  readonly changes: boolean;

  constructor(
    usesAny: boolean,
    allows: readonly Rule[],
    denies: readonly Rule[],
    within: readonly Within[] = nothingElse,
  ) {
    this.#within = within;
    this.#usesAny = usesAny;
    this.#allows = allows;
    this.#denies = denies;
    const all = usesAny || allows.some(({ grant, condition }) => condition === null && isWhole(grant));
    this.isWhole = all && denies.length === 0 && within.every(({ reach }) => reach.isWhole);
    this.changes =
      within.some(({ reach }) => reach.changes) ||
      [...(usesAny ? noRules : allows), ...denies].some(
        ({ condition }) => condition !== null && !condition.needsArguments,
      );
  }

  /** What of this the others allow as well. */
  narrowedTo(within: readonly Within[]): Reach {
    return within.length === 0 ? this : new Reach(this.#usesAny, this.#allows, this.#denies, within);
  }

  /** May this caller do this now? */
  decide(attempt: Attempt): Decision {
    const own = this.#decideAlone(attempt);
    return own.allowed ? (this.#refusedWithin(attempt, (reach, asked) => reach.decide(asked)) ?? own) : own;
  }

  #refusedWithin(attempt: Attempt, ask: (reach: Reach, asked: Attempt) => Decision): Decision | null {
    for (const { reach, caller, because } of this.#within) {
      const decision = ask(reach, caller === null ? attempt : { ...attempt, caller });
      if (!decision.allowed) return { allowed: false, because, grant: null, isUnknown: decision.isUnknown };
    }
    return null;
  }

  #decideAlone(attempt: Attempt): Decision {
    const { kind, name } = attempt;
    const deny = this.#denies.find((rule) => isAbout(rule, kind, name) && isFulfilled(rule, attempt));
    if (deny !== undefined) {
      return denied(deny.grant, !this.#usesAny && !this.#allows.some((rule) => isAbout(rule, kind, name)));
    }
    if (this.#usesAny) return byRole(attempt);
    let unmet: Grant | null = null;
    for (const rule of this.#allows) {
      if (!isAbout(rule, kind, name)) continue;
      if (isFulfilled(rule, attempt)) return granted(rule.grant);
      unmet ??= rule.grant;
    }
    return unmet === null ? nothing : unfulfilled(unmet);
  }

  /** Whether it is shown in listings: what a call could still be allowed is. */
  lists(attempt: Attempt): boolean {
    const { kind, name } = attempt;
    if (this.#denies.some((rule) => isAbout(rule, kind, name) && isKnownFulfilled(rule, attempt))) return false;
    if (!this.#within.every(({ reach, caller }) => reach.lists(caller === null ? attempt : { ...attempt, caller }))) {
      return false;
    }
    return this.#usesAny || this.#allows.some((rule) => isAbout(rule, kind, name) && mayBeFulfilled(rule, attempt));
  }

  /** Whether anything of the server could be used now, so that it may be spoken with at all. */
  opens(attempt: Attempt): Decision {
    const own = this.#opensAlone(attempt);
    return own.allowed ? (this.#refusedWithin(attempt, (reach, asked) => reach.opens(asked)) ?? own) : own;
  }

  #opensAlone(attempt: Attempt): Decision {
    const closed = this.#denies.find((rule) => isWhole(rule.grant) && isKnownFulfilled(rule, attempt));
    if (closed !== undefined) return denied(closed.grant, false);
    if (this.#usesAny) return byRole(attempt);
    const open = this.#allows.find((rule) => mayBeFulfilled(rule, attempt));
    if (open !== undefined) return granted(open.grant);
    const [first] = this.#allows;
    return first === undefined ? nothing : unfulfilled(first.grant);
  }

  extent(): Extent {
    return this.#within.reduce((extent, { reach }) => inBoth(extent, reach.extent()), this.#extentAlone());
  }

  #extentAlone(): Extent {
    const some = this.#allows;
    const all = this.#usesAny || some.some(({ grant }) => isWhole(grant));
    const always = this.#denies.filter(({ condition }) => condition === null).map(({ grant }) => grant);
    const grants = some.map(({ grant }) => grant);
    return {
      tools: all ? null : names(grants, 'tools'),
      prompts: all ? null : names(grants, 'prompts'),
      resources: all ? null : names(grants, 'resources'),
      except: {
        tools: names(always, 'tools'),
        prompts: names(always, 'prompts'),
        resources: names(always, 'resources'),
      },
      isConditional: [...(this.#usesAny ? noRules : some), ...this.#denies].some(({ condition }) => condition !== null),
    };
  }
}

/**
 * `grants` are those that name the caller and the server and have not ended; null when nothing of the server can ever be
 * used by them, so that for this caller it is not there.
 */
export function reachOf(usesAny: boolean, grants: readonly Grant[]): Reach | null {
  const rules = grants.map((grant) => ({ grant, condition: conditionOf(grant) }));
  const denies = rules.filter(({ grant }) => grant.effect === 'deny');
  const allows = denies.length === 0 ? rules : rules.filter(({ grant }) => grant.effect === 'allow');
  if (!usesAny && allows.length === 0) return null;
  if (denies.some(({ grant, condition }) => condition === null && isWhole(grant))) return null;
  return new Reach(usesAny, allows, denies.length === 0 ? noRules : denies);
}

function conditionOf({ condition }: Grant): Condition | null {
  if (condition === null) return null;
  try {
    return compileCondition(condition);
  } catch {
    return broken;
  }
}

/** One that was stored and is not understood any more. */
const broken: Condition = {
  needsArguments: false,
  holds() {
    throw new Error('the condition cannot be understood');
  },
};

function isAbout({ grant }: Rule, kind: ItemKind | null, name: string): boolean {
  return kind === null ? isWhole(grant) : covers(grant, kind, name);
}

function isFulfilled({ grant, condition }: Rule, attempt: Attempt): boolean {
  if (condition === null) return true;
  try {
    return condition.holds(attempt);
  } catch {
    return grant.effect === 'deny';
  }
}

/** In a listing, what only a call can know is not held against anybody. */
function isKnownFulfilled(rule: Rule, attempt: Attempt): boolean {
  return rule.condition?.needsArguments === true ? false : isFulfilled(rule, attempt);
}

function mayBeFulfilled(rule: Rule, attempt: Attempt): boolean {
  return rule.condition?.needsArguments === true || isFulfilled(rule, attempt);
}

const nothing: Decision = { allowed: false, because: 'no grant gives this', grant: null, isUnknown: true };

function byRole({ caller }: Attempt): Decision {
  return { allowed: true, because: `the role ${caller.role} may use every server`, grant: null };
}

function granted({ id }: Grant): Decision {
  return { allowed: true, because: `granted by ${id}`, grant: id };
}

function denied({ id, reason }: Grant, isUnknown: boolean): Decision {
  return { allowed: false, because: `denied by ${id}${said(reason)}`, grant: id, isUnknown };
}

function unfulfilled({ id, reason }: Grant): Decision {
  const because = `${id} allows it under a condition that does not hold${said(reason)}`;
  return { allowed: false, because, grant: id, isUnknown: false };
}

function said(reason: string | null): string {
  return reason === null ? '' : `: ${reason}`;
}

function names(grants: readonly Grant[], kind: 'tools' | 'prompts' | 'resources'): readonly string[] {
  const found = new Set(grants.flatMap((grant) => grant[kind] ?? noNames));
  return found.size === 0 ? noNames : [...found];
}

function inBoth(one: Extent, other: Extent): Extent {
  const both = (kind: 'tools' | 'prompts' | 'resources'): readonly string[] | null => {
    const [first, second] = [one[kind], other[kind]];
    if (first === null || second === null) return first ?? second;
    return first.filter((name) => second.includes(name));
  };
  const either = (kind: 'tools' | 'prompts' | 'resources') => [
    ...new Set([...one.except[kind], ...other.except[kind]]),
  ];
  return {
    tools: both('tools'),
    prompts: both('prompts'),
    resources: both('resources'),
    except: { tools: either('tools'), prompts: either('prompts'), resources: either('resources') },
    isConditional: one.isConditional || other.isConditional,
  };
}
