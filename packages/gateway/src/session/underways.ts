import type { Failure } from '@mcpvault/domain/failure';
import type { Message, RequestId } from '@mcpvault/protocol/jsonrpc/message';

/** A call of a conversation that waits for its answer. */
export interface Underway {
  cancel(reason: string): void;
  /** The client cancels it with this notification. */
  withdraw(notification: Message): void;
  fail(failure: Failure): void;
}

/** The calls of one conversation that wait for their answers. Most have none or one, and pay for no more. */
export class Underways {
  #id: RequestId | null = null;
  #call: Underway | null = null;
  #more: Map<RequestId, Underway> | null = null;

  get size(): number {
    return (this.#call === null ? 0 : 1) + (this.#more?.size ?? 0);
  }

  get(id: RequestId): Underway | null {
    return (this.#id === id ? this.#call : null) ?? this.#more?.get(id) ?? null;
  }

  /** False when a call with this id is under way already. */
  add(id: RequestId, call: Underway): boolean {
    if (this.get(id) !== null) return false;
    if (this.#call === null) {
      this.#id = id;
      this.#call = call;
    } else (this.#more ??= new Map()).set(id, call);
    return true;
  }

  delete(id: RequestId, call: Underway): void {
    if (this.#call === call) {
      this.#id = null;
      this.#call = null;
    } else if (this.#more?.get(id) === call) {
      this.#more.delete(id);
      if (this.#more.size === 0) this.#more = null;
    }
  }

  all(): readonly Underway[] {
    return [...(this.#call === null ? [] : [this.#call]), ...(this.#more?.values() ?? [])];
  }
}
