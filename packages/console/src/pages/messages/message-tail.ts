// The list of messages as it grows: what was read from the hub, and what arrived live since. Newest first, nothing twice.
// While paused, arrivals are counted and kept aside, so that the reader's place does not move. Pure.
import type { Message } from './message-search.ts';

export interface Tail {
  /** Newest first; ids are unique. */
  readonly shown: readonly Message[];
  /** Arrived while paused; newest first. */
  readonly aside: readonly Message[];
  readonly paused: boolean;
  /** Messages the hub left out of the feed because it could not keep up; they are in the record all the same. */
  readonly skipped: number;
}

/** Beyond this, the oldest arrivals leave the browser; they can be scrolled to again. */
export const mostArrivals = 2000;

export const emptyTail: Tail = { shown: [], aside: [], paused: false, skipped: 0 };

/** `arrivals` in any order. */
export function arrive(tail: Tail, arrivals: readonly Message[]): Tail {
  if (arrivals.length === 0) return tail;
  return tail.paused
    ? { ...tail, aside: merged(arrivals, tail.aside) }
    : { ...tail, shown: merged(arrivals, tail.shown) };
}

export function pause(tail: Tail): Tail {
  return { ...tail, paused: true };
}

export function resume(tail: Tail): Tail {
  return { ...tail, paused: false, shown: merged(tail.aside, tail.shown), aside: [] };
}

export function skip(tail: Tail, count: number): Tail {
  return { ...tail, skipped: tail.skipped + count };
}

/** The arrivals before the pages read from the hub, each message once. Pages know more: they win. */
export function joined(arrivals: readonly Message[], pages: readonly Message[]): readonly Message[] {
  if (arrivals.length === 0) return pages;
  const read = new Set(pages.map((message) => message.id));
  const news = arrivals.filter((message) => !read.has(message.id));
  if (news.length === 0) return pages;
  const oldest = pages.at(-1);
  // What is older than the last page read so far comes with a later page.
  const fitting = oldest === undefined ? news : news.filter((message) => compare(message, oldest) < 0);
  return sorted([...fitting, ...pages]);
}

function merged(arrivals: readonly Message[], before: readonly Message[]): readonly Message[] {
  const known = new Set(before.map((message) => message.id));
  const news = arrivals.filter((message) => !known.has(message.id) && known.add(message.id));
  return sorted([...news, ...before]).slice(0, mostArrivals);
}

function sorted(messages: Message[]): readonly Message[] {
  return messages.sort(compare);
}

/** Newest first; the id decides within one millisecond, as it does in the hub's own order. */
function compare(one: Message, other: Message): number {
  if (one.at !== other.at) return one.at < other.at ? 1 : -1;
  return one.id < other.id ? 1 : one.id > other.id ? -1 : 0;
}
