// A policy: for which messages, under which condition, what happens. Severity ranks policies that disagree; the mode says
// whether it only watches. A policy carries its own tests.
import type { PolicyId, ServerId, TeamId } from '../ids.ts';
import type { OwnPattern } from '../inspection/own-pattern.ts';
import type { PolicyAction } from './action.ts';

/** Which way a message travels: `call` to the server, `result` to the client. */
export type Direction = 'call' | 'result';

/** What a policy looks at. `listing`: what servers say of themselves and of what they offer, which models read as well. */
export const policyDirections = ['call', 'result', 'listing'] as const;
export type PolicyDirection = (typeof policyDirections)[number];

/** Mildest first. */
export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** `draft`: looks at nothing. `shadow`: what it would do is written down, and nothing else. `enforce`: it does it. */
export const policyModes = ['draft', 'shadow', 'enforce'] as const;
export type PolicyMode = (typeof policyModes)[number];

/** Whose and which messages. null means all; a name of a tool or client may end in `*`. */
export interface PolicyScope {
  readonly servers: readonly ServerId[] | null;
  /** By the names that servers use; a policy with tools looks at calls of tools, and at their results, only. */
  readonly tools: readonly string[] | null;
  readonly teams: readonly TeamId[] | null;
  readonly roles: readonly string[] | null;
  /** By the names that clients give themselves: a claim, so never a way to be let through. */
  readonly clients: readonly string[] | null;
  /** Ids of workstations; messages of the hub's own servers come from none. */
  readonly workstations: readonly string[] | null;
}

export interface Policy {
  readonly id: PolicyId;
  /** Unique in the organization: files name policies by it. */
  readonly name: string;
  readonly reason: string;
  /** Who answers questions about it: a name or an address; empty for nobody in particular. */
  readonly owner: string;
  readonly severity: Severity;
  readonly mode: PolicyMode;
  /** Of callers for whom `enforce` enforces, 0 to 100; for the others it is a shadow. The same callers each time. */
  readonly percentage: number;
  /** Teams for whom `enforce` enforces; for everybody else it is a shadow. Null or left out: it enforces for everybody. */
  readonly pilot?: readonly TeamId[] | null;
  /** When the hub makes it a shadow by itself. Null or left out: never. */
  readonly budget?: PolicyBudget | null;
  readonly directions: readonly PolicyDirection[];
  readonly scope: PolicyScope;
  /** Detector ids, or group names such as `secrets`. Where there are any, one of them must have found something. */
  readonly detectors: readonly string[];
  /** Detectors of its own, beside those it names. Left out for none. */
  readonly patterns?: readonly OwnPattern[] | undefined;
  /** 0 to 1: findings less sure than this do not count. */
  readonly threshold: number;
  /** CEL over `messageVariables`; null is always true. */
  readonly condition: string | null;
  readonly actions: readonly PolicyAction[];
  readonly tests: readonly PolicyTest[];
  /** Grows by one with each change. */
  readonly version: number;
}

/** How much an enforced policy may do before it is taken for a mistake. */
export interface PolicyBudget {
  /** Percent of the messages it looked at that it may stop or change, 0 to 100. */
  readonly share: number;
  /** Over how many minutes back, 1 to 1440. */
  readonly minutes: number;
  /** Nothing is concluded from fewer messages than these. */
  readonly least: number;
}

/** A message, and what this policy alone makes of it. */
export interface PolicyTest {
  readonly name: string;
  /** What differs from a plain call of a tool by a member: see `testMessage`. */
  readonly given: TestMessage;
  readonly expect: TestExpectation;
}

export interface TestMessage {
  readonly direction?: PolicyDirection;
  readonly tool?: string;
  readonly arguments?: unknown;
  readonly result?: unknown;
  /** Values of `messageVariables` that matter: `caller: { role: admin }`, `session: { labels: [private] }`. */
  readonly values?: Readonly<Record<string, unknown>>;
}

export interface TestExpectation {
  readonly outcome: 'allowed' | 'refused' | 'held' | 'edited' | 'not_matched';
  /** A text that the delivered message has. */
  readonly contains?: string;
  /** A text that the delivered message has not. */
  readonly lacks?: string;
  readonly tags?: readonly string[];
  readonly alert?: boolean;
}
