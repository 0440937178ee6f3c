// What an alert is: what a policy noticed about messages, or what MCPVault noticed about itself. It can be read when the
// policy, the server and the member are gone, and never repeats what was found. Decides nothing and sends nothing.
import type { Id, MemberId, MessageId, OrganizationId, PolicyId, ServerId } from '../ids.ts';
import type { Severity } from '../policy/policy.ts';
import type { Layer } from '../redaction/edit.ts';

export type AlertId = Id<'alt'>;

export const alertKinds = ['policy', 'operational'] as const;
export type AlertKind = (typeof alertKinds)[number];

/** `acknowledged`: somebody is at it. `resolved`: it is over. `dismissed`: it was nothing; repeats stay quiet for a while. */
export const alertStates = ['open', 'acknowledged', 'resolved', 'dismissed'] as const;
export type AlertState = (typeof alertStates)[number];

/** What was there when the alert was first raised. Small, and without a value of any message. */
export interface AlertSnapshot {
  /** null for operational alerts. */
  readonly policy: PolicySnapshot | null;
  /** How many findings of each detector, in the message that raised it. */
  readonly findings: Readonly<Record<string, number>>;
  readonly detectors: readonly DetectorSnapshot[];
  readonly places: readonly AlertPlace[];
  readonly edits: readonly AlertEdit[];
  /** How the message was and what became of it; null for operational alerts. */
  readonly message: MessageSnapshot | null;
  /** For people: what is wrong, and what may help. Of operational alerts, and of policies the reason they give. */
  readonly text: string;
  readonly fix: string | null;
  /** It is so until it ends, as a server that is away; left out for what happened. */
  readonly lasts?: true;
}

export interface PolicySnapshot {
  readonly id: PolicyId;
  readonly version: number;
  readonly name: string;
  readonly reason: string | null;
  readonly condition: string | null;
  /** Ids and groups of detectors, and how sure they had to be. */
  readonly detectors: readonly string[];
  readonly threshold: number;
}

export interface DetectorSnapshot {
  readonly id: string;
  readonly title: string;
  readonly group: string;
}

/** Where something was found: the pointer names the place, nothing says what stood there. */
export interface AlertPlace {
  readonly side: 'call' | 'result';
  readonly detector: string;
  readonly pointer: string;
  readonly inKey: boolean;
  /** 0 to 1. */
  readonly confidence: number;
}

/** What a policy changed, without what it put there. */
export interface AlertEdit {
  readonly side: 'call' | 'result';
  readonly start: number;
  readonly end: number;
  readonly layer: Layer;
  readonly reason: string;
  readonly detector: string | null;
}

export interface MessageSnapshot {
  readonly method: string;
  readonly target: string | null;
  readonly serverName: string | null;
  readonly client: string | null;
  readonly protocol: string | null;
  readonly outcome: string;
  /** What the policies made of that side of it. */
  readonly did: 'allowed' | 'edited' | 'held' | 'refused';
  /** Of a W3C `traceparent`, as the client says. */
  readonly trace: string | null;
}

/** One time that something was worth an alert. Those with the same `likeness`, close to each other, are one alert. */
export interface RaisedAlert {
  readonly organization: OrganizationId;
  readonly kind: AlertKind;
  readonly layer: Layer;
  readonly severity: Severity;
  readonly title: string;
  /** What makes two the same, in words without secrets; any length. */
  readonly likeness: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly policy: PolicyId | null;
  readonly server: ServerId | null;
  readonly tool: string | null;
  readonly member: MemberId | null;
  readonly message: MessageId | null;
  readonly snapshot: AlertSnapshot;
}

/** Milliseconds for which what is the same counts up an alert instead of raising another, from its last time on. */
export const sameWithin = 3_600_000;

/** A policy has at most so many alerts apart from each other at a time; what comes on top counts up one for all. */
export const apartAtMost = 200;
