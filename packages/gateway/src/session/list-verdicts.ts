// What was decided about the list that a server gave somebody last. Clients ask for long lists again and again, and get the
// same bytes: judged once, they need not be searched each time. It is asked only with all that a verdict depends on.
import type { Reach } from '@mcpvault/domain/identity/reach';
import type { Verdict } from '@mcpvault/domain/pipeline/outcome';
import type { PolicySet } from '@mcpvault/domain/policy/compile';
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import type { Span } from '@mcpvault/protocol/jsonrpc/scan';

/** A list on its way to somebody. */
export interface ListAnswer {
  /** The server's version, the method, and the member who asked, in one. */
  readonly key: string;
  readonly message: Message;
  readonly policies: PolicySet;
  /** The same object for as long as it holds. */
  readonly reach: Reach;
}

interface Kept extends ListAnswer {
  readonly id: Span;
  readonly verdict: Verdict;
}

/** Shorter lists are judged sooner than remembered. Bytes. */
const shortest = 16 * 1024;
/** An id so short is no finding of any detector, whatever it is. Characters. */
const longestId = 9;

export class ListVerdicts {
  readonly #mostBytes: number;
  /** The one used last stands last. */
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** The verdict about the same bytes, but for the id; null when there is none. */
  find(answer: ListAnswer): Verdict | null {
    const kept = this.#kept.get(answer.key);
    const id = plainIdOf(answer.message);
    if (kept === undefined || id === null || kept.policies !== answer.policies) return null;
    if (kept.reach !== answer.reach || !sameBut(kept.message.raw, kept.id, answer.message.raw, id)) return null;
    this.#kept.delete(answer.key);
    this.#kept.set(answer.key, kept);
    return moved(kept.verdict, kept.id.end, id.end - kept.id.end);
  }

  keep(answer: ListAnswer, verdict: Verdict): void {
    const id = plainIdOf(answer.message);
    if (id === null) return;
    this.#forget(answer.key);
    this.#kept.set(answer.key, { ...answer, id, verdict });
    this.#bytes += answer.message.raw.length;
    for (const key of this.#kept.keys()) {
      if (this.#bytes <= this.#mostBytes) return;
      this.#forget(key);
    }
  }

  get bytes(): number {
    return this.#bytes;
  }

  #forget(key: string): void {
    this.#bytes -= this.#kept.get(key)?.message.raw.length ?? 0;
    this.#kept.delete(key);
  }
}

/** Where the id of a long answer lies, if it is a short whole number; null for any other answer. */
function plainIdOf({ raw, text, idSpan }: Message): Span | null {
  if (idSpan === null || raw.length < shortest || idSpan.end - idSpan.start > longestId) return null;
  return /^\d+$/.test(text.slice(idSpan.start, idSpan.end)) ? idSpan : null;
}

function sameBut(a: Buffer, aId: Span, b: Buffer, bId: Span): boolean {
  if (aId.start !== bId.start || a.length - aId.end !== b.length - bId.end) return false;
  return a.subarray(0, aId.start).equals(b.subarray(0, bId.start)) && a.subarray(aId.end).equals(b.subarray(bId.end));
}

/** A verdict about bytes of which those after `from` lie somewhere else now. */
function moved(verdict: Verdict, from: number, by: number): Verdict {
  if (by === 0) return verdict;
  const shift = <Place extends Span>(place: Place): Place =>
    place.start < from ? place : { ...place, start: place.start + by, end: place.end + by };
  return { ...verdict, edits: verdict.edits.map(shift), findings: verdict.findings.map(shift) };
}
