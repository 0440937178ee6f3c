// What is usual for one caller, learned online from the record, and what does not fit it. A day teaches once, however much
// happened on it, and days on which something was told teach less: a flood, or an afternoon of misuse, does not become the
// custom. Several mild surprises within one spell of use add up; each says why.
import { forget, type Habits, isKnown, learnDay, newHabits } from './habits.ts';
import { learn, type Level, newLevel, surprise, usual } from './level.ts';
import type { Anomaly, AnomalyKind, Observation } from './observation.ts';

const quantities = ['busiest', 'tools', 'sent', 'failures'] as const;
type Quantity = (typeof quantities)[number];
const things = ['tool', 'step', 'shape', 'destination', 'passage', 'leak', 'hour'] as const;
type Thing = (typeof things)[number];

/** JSON: it is stored as it is. */
export interface CallerBaseline {
  /** Active days, the older ones counting less. */
  days: number;
  /** The day that is going on, in days since the epoch, and what was met on it. */
  day: number;
  met: Record<Thing, string[]>;
  /** Whether an anomaly was told on it. */
  told: boolean;
  habits: Record<Thing, Habits>;
  /** Of one spell of use. */
  levels: Record<Quantity, Level>;
  /** Bytes of arguments, by server and tool. */
  sizes: Record<string, Level>;
  spell: Spell | null;
}

/** Use without a long pause. */
interface Spell {
  since: number;
  last: number;
  /** Of the ten minutes that go on, and the most of ten. */
  lately: { since: number; calls: number };
  busiest: number;
  tools: string[];
  sent: number;
  failures: number;
  lastTool: string | null;
  /** How often each tool’s sizes taught in it. */
  taught: Record<string, number>;
  /** Servers read from, with when last. */
  read: Record<string, number>;
  reasons: Partial<Record<AnomalyKind, { bits: number; text: string; times: number }>>;
  /** Bits that were told already. */
  toldBits: number;
}

export interface Sensitivity {
  /** Bits of surprise from which on use is told. */
  readonly bits: number;
  /** Active days before anything is told. */
  readonly days: number;
}

export const usualSensitivity: Sensitivity = { bits: 16, days: 5 };

export function newCallerBaseline(): CallerBaseline {
  return {
    days: 0,
    day: -1,
    met: noneMet(),
    told: false,
    habits: Object.fromEntries(things.map((thing) => [thing, newHabits()])) as Record<Thing, Habits>,
    levels: Object.fromEntries(quantities.map((one) => [one, newLevel()])) as Record<Quantity, Level>,
    sizes: {},
    spell: null,
  };
}

/** Takes one call in, in the order of time, and answers whether the use that it belongs to does not fit; each once. */
export function observe(
  baseline: CallerBaseline,
  seen: Observation,
  { bits: threshold, days }: Sensitivity = usualSensitivity,
): Anomaly | null {
  const spell = spellOf(baseline, seen.at);
  beginDay(baseline, Math.floor(seen.at / dayMs));
  note(baseline, spell, seen);
  const reasons = Object.entries(spell.reasons)
    .map(([kind, { bits, text }]) => ({ kind: kind as AnomalyKind, bits: Math.round(bits * 10) / 10, text }))
    .toSorted((a, b) => b.bits - a.bits);
  const bits = Math.round(reasons.reduce((sum, reason) => sum + reason.bits, 0) * 10) / 10;
  if (baseline.days < days || bits < threshold || bits < spell.toldBits * 2) return null;
  spell.toldBits = bits;
  baseline.told = true;
  return { at: seen.at, since: spell.since, server: seen.server, tool: seen.tool, bits, reasons: reasons.slice(0, 5) };
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;
/** A pause of this length ends a spell, and so does this long a time. */
const pauseMs = 30 * 60_000;
const longestSpell = 2 * hourMs;
const latelyMs = 10 * 60_000;
const mostBits = 16;
/** What is sent this long after something was read elsewhere may be what was read. */
const passageMs = 15 * 60_000;
const most: Readonly<Record<Thing, number>> = {
  tool: 500,
  step: 1_000,
  shape: 1_000,
  destination: 3_000,
  passage: 500,
  leak: 500,
  hour: 24,
};
const mostMet = 2_000;
const mostSizes = 500;
const toldWeight = 1 / 3;
/** Calls of one tool in one spell. */
const teachesAtMost = 3;
/** Bytes of a result that is worth sending on. */
const worthSending = 200;

function noneMet(): Record<Thing, string[]> {
  return { tool: [], step: [], shape: [], destination: [], passage: [], leak: [], hour: [] };
}

/** What a spell taught is learned at its end, so that its beginning is not the measure of its end. */
function spellOf(baseline: CallerBaseline, at: number): Spell {
  const { spell } = baseline;
  if (spell !== null && at - spell.last <= pauseMs && at - spell.since <= longestSpell) return spell;
  if (spell !== null)
    for (const one of quantities) learn(baseline.levels[one], one === 'tools' ? spell.tools.length : spell[one]);
  return (baseline.spell = {
    since: at,
    last: at,
    lately: { since: at, calls: 0 },
    busiest: 0,
    tools: [],
    sent: 0,
    failures: 0,
    lastTool: null,
    taught: {},
    read: {},
    reasons: {},
    toldBits: 0,
  });
}

function beginDay(baseline: CallerBaseline, day: number): void {
  if (day === baseline.day) return;
  if (baseline.day >= 0) {
    const weight = baseline.told ? toldWeight : 1;
    for (const thing of things)
      learnDay(baseline.habits[thing], new Set(baseline.met[thing]), baseline.day, weight, most[thing]);
    baseline.days = baseline.days * forget + 1;
  }
  baseline.day = day;
  baseline.met = noneMet();
  baseline.told = false;
}

function note(baseline: CallerBaseline, spell: Spell, seen: Observation): void {
  const { at, server, tool, shape } = seen;
  const name = `${server} ${tool}`;
  spell.last = at;
  if (at - spell.lately.since > latelyMs) spell.lately = { since: at, calls: 0 };
  spell.lately.calls++;
  spell.busiest = Math.max(spell.busiest, spell.lately.calls);
  if (!spell.tools.includes(name) && spell.tools.length < mostMet) spell.tools.push(name);
  if (seen.failed) spell.failures++;
  if (seen.sends) spell.sent += seen.argumentBytes;
  meetHour(baseline, spell, at);
  meet(baseline, spell, 'tool', name, 'new-tool', `“${tool}” was not used before`);
  if (spell.lastTool !== null && spell.lastTool !== name)
    meet(
      baseline,
      spell,
      'step',
      `${spell.lastTool} > ${name}`,
      'steps',
      `“${tool}” did not follow “${bare(spell.lastTool)}” before`,
    );
  meet(baseline, spell, 'shape', `${name} ${shape}`, 'shape', `“${tool}” was not called with such arguments before`);
  const isNewTool = !isKnown(baseline.habits.tool, name);
  const isNewPlace = seen.destinations.some((one) => !isKnown(baseline.habits.destination, one));
  for (const one of seen.destinations)
    meet(baseline, spell, 'destination', one, 'destination', 'arguments named an address that was not named before');
  if (seen.sends)
    for (const [from, when] of Object.entries(spell.read)) {
      if (from === server || at - when > passageMs) continue;
      const words = `what may have been read from ${from} was sent to ${server}`;
      meet(baseline, spell, 'passage', `${from} > ${server}`, 'read-then-send', `${words}, which was not done before`);
      if (isNewTool && isNewPlace)
        meet(baseline, spell, 'leak', name, 'leak', `${words}, by a tool and to an address that are both new`);
    }
  if (seen.resultBytes >= worthSending) spell.read[server] = at;
  spell.lastTool = name;
  measureSize(baseline, spell, seen, name);
  measure(baseline, spell, 'busiest', 'rate', spell.lately.calls, 20, 'calls in ten minutes');
  measure(baseline, spell, 'tools', 'tools', spell.tools.length, 6, 'different tools without a long pause');
  measure(baseline, spell, 'sent', 'volume', spell.sent, 4_000, 'bytes sent out without a long pause');
  measure(baseline, spell, 'failures', 'failures', spell.failures, 5, 'calls refused or failed without a long pause');
}

/** Something that was met: surprising by how rarely this caller meets anything new of its kind. */
function meet(
  baseline: CallerBaseline,
  spell: Spell,
  thing: Thing,
  name: string,
  kind: AnomalyKind,
  text: string,
): void {
  const met = baseline.met[thing];
  if (met.includes(name)) return;
  if (met.length < mostMet) met.push(name);
  const habits = baseline.habits[thing];
  if (isKnown(habits, name)) return;
  const rarity = Math.log2((baseline.days + 2) / (habits.novel + 1));
  const times = (spell.reasons[kind]?.times ?? 0) + 1;
  // Each doubling of how often it happens adds half a bit: ten new tools are more than one.
  const bits = rarity + 0.5 * Math.log2(times);
  const often = times === 1 ? '' : `; ${times} times now`;
  const days = `something of the kind was new on ${round(habits.novel)} of ${round(baseline.days)} days`;
  if (bits > 0) spell.reasons[kind] = { bits, text: `${text}${often}; ${days}`, times };
}

function meetHour(baseline: CallerBaseline, spell: Spell, at: number): void {
  const hour = Math.floor(at / hourMs) % 24;
  if (!baseline.met.hour.includes(String(hour))) baseline.met.hour.push(String(hour));
  const { known } = baseline.habits.hour;
  const near = [hour + 23, hour, hour + 1].map((one) => known[String(one % 24)]?.[0] ?? 0);
  const bits = 2 * Math.log2((baseline.days + 2) / (Math.max(...near) + 1)) - 2;
  if (bits <= 0 || (spell.reasons.hours?.bits ?? 0) >= bits) return;
  const text = `use at ${String(hour).padStart(2, '0')} o’clock UTC, as on ${round(Math.max(...near))} of ${round(baseline.days)} days`;
  spell.reasons.hours = { bits, text, times: 1 };
}

function measure(
  { levels }: CallerBaseline,
  spell: Spell,
  quantity: Quantity,
  kind: AnomalyKind,
  value: number,
  least: number,
  words: string,
): void {
  const level = levels[quantity];
  if (value < least || level.count < 5) return;
  far(spell, kind, surprise(level, value), `${value} ${words}, where ${usual(level)} are usual`);
}

function measureSize(baseline: CallerBaseline, spell: Spell, { argumentBytes, tool }: Observation, name: string): void {
  const known = Object.hasOwn(baseline.sizes, name) ? baseline.sizes[name] : undefined;
  if (known !== undefined && known.count >= 8 && argumentBytes >= 500)
    far(
      spell,
      'size',
      surprise(known, argumentBytes),
      `${argumentBytes} bytes of arguments for “${tool}”, where ${usual(known)} are usual`,
    );
  const taught = spell.taught[name] ?? 0;
  if (taught >= teachesAtMost || baseline.told) return;
  spell.taught[name] = taught + 1;
  const level = known ?? newLevel();
  learn(level, argumentBytes);
  if (known === undefined && Object.keys(baseline.sizes).length >= mostSizes) return;
  baseline.sizes[name] = level;
}

function far(spell: Spell, kind: AnomalyKind, surprise: number, text: string): void {
  const bits = Math.min(mostBits, surprise);
  if (bits > 0 && bits > (spell.reasons[kind]?.bits ?? 0)) spell.reasons[kind] = { bits, text, times: 1 };
}

function bare(name: string): string {
  return name.slice(name.indexOf(' ') + 1);
}

function round(value: number): number {
  return Math.round(value);
}
