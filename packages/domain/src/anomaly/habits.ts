/** On how many days each of some things was met, bounded; and on how many something was new. JSON. */
export interface Habits {
  /** By name: the weight of its days, and the last of them. */
  known: Record<string, [days: number, last: number]>;
  /** Weight of the days on which something was new. */
  novel: number;
}

export const newHabits = (): Habits => ({ known: {}, novel: 0 });

/** One full day makes a thing known; days on which an anomaly was told count a third each. */
const enough = 0.99;

export function isKnown({ known }: Habits, name: string): boolean {
  return (Object.hasOwn(known, name) ? (known[name]?.[0] ?? 0) : 0) >= enough;
}

/** What was met on a day: each thing once, however often it was met. */
export function learnDay(habits: Habits, names: ReadonlySet<string>, day: number, weight: number, most: number): void {
  const hasNew = [...names].some((name) => !isKnown(habits, name));
  habits.novel = habits.novel * forget + (hasNew ? weight : 0);
  for (const name of names) {
    const days = Object.hasOwn(habits.known, name) ? (habits.known[name]?.[0] ?? 0) : 0;
    habits.known[name] = [Math.min(days + weight, 1_000), day];
  }
  const entries = Object.entries(habits.known);
  if (entries.length <= most) return;
  const kept = entries.toSorted(([, a], [, b]) => b[1] - a[1] || b[0] - a[0]).slice(0, most);
  habits.known = Object.fromEntries(kept);
}

/** What was usual months ago counts less. */
export const forget = 0.99;
