// What an operation does. Its contract entry says what goes in and out and who may ask; `execute` does all that is the same
// for every operation.
import type { OutputOf, ParsedInputOf } from '@mcpvault/contract/operation';
import type { OperationKey, Operations } from '@mcpvault/contract/operations';
import type { Failure } from '@mcpvault/domain/failure';
import type { Caller } from '@mcpvault/domain/identity/caller';
import type { IdentityProviderId, MemberId, OrganizationId } from '@mcpvault/domain/ids';
import type { Stores } from '@mcpvault/store/stores';
import type { Actor } from '../actor.ts';
import type { ChangeArea } from '../changes.ts';
import type { Services } from '../services.ts';

export interface Asked {
  readonly actor: Actor;
  /** The signed-in caller; asking for it in an operation that anyone may use throws `unauthenticated`. */
  readonly caller: Caller;
  readonly services: Services;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface Context extends Asked {
  /** Of this operation's transaction. */
  readonly stores: Stores;
  /** Says what changed, in the caller’s organization or another; published when the transaction has committed. */
  changed(area: ChangeArea, id: string | null, organization?: OrganizationId): void;
  /** Says what the audit entry is about. `detail` must hold no secret. */
  note(about: AuditNote): void;
  /**
   * From here on the transaction is within this organization, as it is from the beginning where somebody is signed in: for
   * operations that only find out whose they are.
   */
  enter(organization: OrganizationId): Promise<void>;
  /** Done when the transaction has committed, before the operation answers. */
  afterwards(work: () => void | Promise<void>): void;
}

export interface AuditNote {
  /** The id of what it is done to. */
  readonly subject?: string;
  readonly detail?: Readonly<Record<string, unknown>>;
  /** Who did it, where nobody is signed in yet; an identity provider, where it speaks of somebody who is no member. */
  readonly by?: { readonly organization: OrganizationId; readonly member: MemberId | IdentityProviderId };
  /** Somebody tried to sign in whom nobody knows: the address that they gave, or null where they gave none. */
  readonly stranger?: { readonly address: string | null };
}

/** Keeps what the transaction wrote, and answers with the failure. Throwing instead would undo it. */
export class Refused {
  readonly failure: Failure;

  constructor(failure: Failure) {
    this.failure = failure;
  }
}

type Result<Key extends OperationKey> = Promise<OutputOf<Operations[Key]> | Refused>;

export interface Handler {
  readonly key: OperationKey;
  /** Outside the transaction: for what takes long, such as hashing a password. */
  prepare(input: unknown, asked: Asked): Promise<unknown>;
  run(input: unknown, context: Context, prepared: unknown): Promise<unknown>;
}

export function handles<Key extends OperationKey>(
  key: Key,
  run: (input: ParsedInputOf<Operations[Key]>, context: Context) => Result<Key>,
): Handler {
  return handlesPrepared(key, async () => undefined, run);
}

export function handlesPrepared<Key extends OperationKey, Prepared>(
  key: Key,
  prepare: (input: ParsedInputOf<Operations[Key]>, asked: Asked) => Promise<Prepared>,
  run: (input: ParsedInputOf<Operations[Key]>, context: Context, prepared: Prepared) => Result<Key>,
): Handler {
  // The one place where types are forgotten: `execute` parses the input of `key` with the contract before it comes here.
  return { key, prepare, run } as Handler;
}
