import type { PolicyId, ServerId } from '../ids.ts';

export type Direction = 'call' | 'result';

/**
 * The first kind of policy: when a detector finds something in a message of this scope, redact it or refuse the message.
 */
export interface Policy {
  readonly id: PolicyId;
  readonly name: string;
  readonly reason: string;
  readonly enabled: boolean;
  /** Detector ids, or group names such as `secrets` that stand for all detectors of the group. */
  readonly detectors: readonly string[];
  /** `call` travels to the server, `result` to the client. */
  readonly directions: readonly Direction[];
  /** null means every server of the organization. */
  readonly servers: readonly ServerId[] | null;
  readonly action: PolicyAction;
  /** 0 to 1: of findings less sure than this only a record is kept. Left out, it is 0. */
  readonly threshold?: number;
}

/** `label` puts `[redacted:<detector>]` in its place; `mask` keeps the length with asterisks. */
export type PolicyAction = { readonly type: 'redact'; readonly style: 'label' | 'mask' } | { readonly type: 'refuse' };
