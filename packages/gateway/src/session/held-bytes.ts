import type { MemberId } from '@mcpvault/domain/ids';

/** Shorter messages are bounded by how many calls may be under way. */
export const worthCounting = 64 * 1024;
const atLeast = 64 * 1024 * 1024;
/** Of the largest messages there may be. */
const messagesAtOnce = 16;

/** What each member's large messages take up here, from their first byte to the end of their calls: nobody may fill the hub. */
export class HeldBytes {
  readonly #most: number;
  readonly #byMember = new Map<MemberId, number>();

  constructor(maxMessageBytes: number) {
    this.#most = Math.max(atLeast, messagesAtOnce * maxMessageBytes);
  }

  hasRoom(member: MemberId, bytes: number): boolean {
    return (this.#byMember.get(member) ?? 0) + bytes <= this.#most;
  }

  /** Every `take` needs a `give` of as much. Short ones are not counted, if given back as they were taken. */
  take(member: MemberId, bytes: number): void {
    if (bytes >= worthCounting) this.#byMember.set(member, (this.#byMember.get(member) ?? 0) + bytes);
  }

  give(member: MemberId, bytes: number): void {
    if (bytes < worthCounting) return;
    const left = (this.#byMember.get(member) ?? 0) - bytes;
    if (left <= 0) this.#byMember.delete(member);
    else this.#byMember.set(member, left);
  }
}
