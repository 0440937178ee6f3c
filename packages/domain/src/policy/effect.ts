import type { PolicyId, ServerId } from '../ids.ts';
import type { Finding } from '../inspection/finding.ts';
import type { Layer } from '../redaction/edit.ts';
import type { QuarantineWhat } from './action.ts';
import type { Severity } from './policy.ts';

/** What follows from a message besides what becomes of it; the host carries it out once the message was judged. */
export type Effect =
  | { readonly kind: 'alert'; readonly alert: PolicyAlert }
  /** The conversation carries these labels from now on. */
  | { readonly kind: 'label'; readonly labels: readonly string[] }
  /** What was found in the result carries these labels from now on; with `found` null, all that it says. */
  | {
      readonly kind: 'label-values';
      readonly labels: readonly string[];
      readonly found: readonly Pick<Finding, 'start' | 'end'>[] | null;
    }
  /** `token` stands for `text` in calls to this server, in this conversation. `text` is a secret. */
  | { readonly kind: 'token'; readonly token: string; readonly text: string; readonly server: ServerId | null }
  | {
      readonly kind: 'quarantine';
      readonly what: QuarantineWhat;
      readonly policy: PolicyId;
      readonly reason: string;
      /** null: until somebody lifts it. */
      readonly minutes: number | null;
    };

/** Self-contained: it can be read when the policy is gone, and repeats nothing that was found. */
export interface PolicyAlert {
  readonly policy: PolicyId;
  readonly version: number;
  readonly name: string;
  readonly title: string;
  readonly severity: Severity;
  /** How many findings of each detector. */
  readonly findings: Readonly<Record<string, number>>;
  /** What became of the message. */
  readonly outcome: 'allowed' | 'edited' | 'held' | 'refused';
  /** Where it was raised; left out: at the hub. */
  readonly layer?: Layer;
}

/** Who has to say yes before a message goes on, and to what. */
export interface Hold {
  readonly policies: readonly HoldingPolicy[];
  /** Of the most severe of them, for people. */
  readonly reason: string;
}

/** What is not said there was left to the usual terms, see `termsOf`. */
export interface HoldingPolicy {
  readonly policy: PolicyId;
  readonly version: number;
  readonly reason: string;
  readonly approvers?: number;
  readonly from?: readonly string[];
  readonly minutes?: number;
  readonly once?: boolean;
}
