/**
 * `away`: no answer, or one that says “later”; `refused`: repeating will not help; `unauthenticated`: the token, or the
 * credential, is not accepted; `invalid`: what came is no answer of a hub.
 */
export type LinkFailureKind = 'away' | 'refused' | 'unauthenticated' | 'invalid';

/** Why the hub gave no usable answer. The message is for people and holds no secret. */
export class LinkFailure extends Error {
  readonly kind: LinkFailureKind;
  /** Of HTTP; undefined where nothing came. */
  readonly status: number | undefined;
  /** Milliseconds that the hub asks to wait. */
  readonly after: number | undefined;

  constructor(kind: LinkFailureKind, message: string, status?: number, after?: number) {
    super(message);
    this.name = 'LinkFailure';
    this.kind = kind;
    this.status = status;
    this.after = after;
  }
}
