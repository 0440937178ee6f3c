// Looks for what must not travel, in every message and both ways, so it has to cost next to nothing where there is
// nothing to find: one or two passes over the raw bytes, no parse, no allocation. Only when something was found is the
// JSON walked to say in which string it lies. Findings name the place and never the matched text; what follows from
// them is for policies to decide.

import { byteText } from '@mcpvault/protocol/jsonrpc/byte-text';
import { detectorsNamed } from './detector-catalog.ts';
import { injection } from './detectors/injection.ts';
import type { Finding } from './finding.ts';
import { findInjections, type Reading } from './injection/find-injections.ts';
import type { InjectionScorer } from './injection/injection-scorer.ts';
import { locate } from './locate.ts';
import { type OwnDetector, withOwnPatterns } from './own-pattern.ts';
import { type Revealed, reveal } from './revealed.ts';
import { compileScanner, type Match, type Scan, TooManyFindings } from './scanner.ts';
import { encodedViews } from './views/encoded-views.ts';
import { joinedViews } from './views/joined-views.ts';
import { percentViews } from './views/percent-views.ts';
import type { View } from './views/view.ts';

export interface Inspector {
  /** The ids of the detectors that look, in the catalog's order. */
  readonly detectors: readonly string[];
  /**
   * Everything found in `raw`, which must be one valid JSON text in UTF-8, ordered by place; where several begin at one
   * place the longer comes first, then the surer. Findings of one detector never overlap, those of several may.
   * `text` is `byteText(raw)`, for callers that have it already. Throws `TooManyFindings` when there are more than
   * `atMost`, and then looks no further: a text full of them would cost a thousand times its own size. Injections are
   * looked for in `reading` only, the part that a model reads.
   */
  inspect(raw: Buffer, text?: string, atMost?: number, reading?: Reading | null): readonly Finding[];
}

/**
 * Compiles detector ids and group names. Unknown ones fail as `invalid_params` with the list of known ones. `scorer` is
 * asked for only when injections are to be found.
 */
export function compileInspector(
  detectorIdsOrGroups: readonly string[],
  scorer: () => InjectionScorer = noScorer,
  own: readonly OwnDetector[] = [],
): Inspector {
  const detectors = detectorsNamed(detectorIdsOrGroups);
  const searching = detectors.filter(({ anchors }) => anchors.length > 0);
  const isSearching = searching.length > 0 || own.length > 0;
  const scan = isSearching ? withOwnPatterns(compileScanner(searching), own) : () => null;
  const tokens = searching.filter(({ group, id }) => group === 'secrets' && !namedOnly.has(id));
  const scanTokens = tokens.length > 0 ? compileScanner(tokens) : null;
  const injections = detectors.includes(injection) ? scorer() : null;
  return {
    detectors: [...detectors.map(({ id }) => id), ...own.map(({ id }) => id)],
    inspect(raw, text = byteText(raw), atMost = Number.POSITIVE_INFINITY, reading = null) {
      const plain = scanRevealed(scan, text, atMost);
      const matches = !isSearching ? plain : withViews(plain, text, scan, scanTokens, atMost);
      const read = injections === null || reading === null ? [] : findInjections(text, injections, reading);
      if (matches === null && read.length === 0) return nothing;
      return locate(raw, text, merged([...(matches ?? []), ...read]), atMost);
    },
  };
}

function noScorer(): never {
  throw new Error('no model to find injections with was handed in');
}

const nothing: readonly Finding[] = Object.freeze([]);

/** Escapes can be hidden in escapes; each round takes out one such layer of the hiding. */
const mostRounds = 6;

function scanRevealed(scan: Scan, original: string, atMost: number): Match[] | null {
  const layers: Revealed[] = [];
  let text = original;
  for (;;) {
    const matches = scan(text, layers.length === mostRounds, atMost);
    if (matches === null) return null;
    if (matches !== 'hidden') return layers.reduceRight(toOriginal, matches);
    const layer = reveal(text);
    layers.push(layer);
    text = layer.text;
  }
}

/** Found by the name before a value: across the border of two strings there is none. */
const namedOnly = new Set(['generic-secret-assignment', 'secret-in-words', 'authorization', 'connection-string']);
/** Encoded text can hold encoded text. */
const deepest = 2;

/** Adds what is encoded, in the metadata of pictures, or cut into neighbouring strings. */
function withViews(
  plain: Match[] | null,
  text: string,
  scan: Scan,
  scanTokens: Scan | null,
  atMost: number,
): Match[] | null {
  const encoded = inEncodings(text, scan, atMost, deepest);
  const views = scanTokens === null ? noViews : joinedViews(text);
  if (encoded.length === 0 && views.length === 0) return plain;
  let matches = plain;
  const add = (found: readonly Match[]): void => {
    if (found.length === 0) return;
    matches = matches === null ? [...found] : [...matches, ...found];
    if (matches.length > atMost) throw new TooManyFindings(atMost);
  };
  add(encoded);
  if (scanTokens === null) return matches;
  // A token that is whole in its own string does not go on in the next.
  const whole = new Set(plain?.map(({ detector, start }) => `${detector} ${start}`));
  for (const view of views)
    for (const places of placesIn(view, scanTokens, atMost))
      if (!places.some(({ detector, start }) => whole.has(`${detector} ${start}`))) add(places);
  return matches;
}

const noViews: readonly View[] = Object.freeze([]);
const noMatches: readonly Match[] = Object.freeze([]);

function inEncodings(text: string, scan: Scan, atMost: number, depth: number): readonly Match[] {
  const encoded = encodedViews(text);
  const written = percentViews(text);
  if (encoded.length === 0 && written.length === 0) return noMatches;
  const found: Match[] = [];
  for (const view of [...encoded, ...written]) {
    for (const places of placesIn(view, scan, atMost)) found.push(...places);
    if (depth === 1) continue;
    for (const inner of inEncodings(view.text, scan, atMost, depth - 1)) found.push(...placedAt(view, inner));
    if (found.length > atMost) throw new TooManyFindings(atMost);
  }
  return found;
}

/** For each match in a view its places in the text. */
function placesIn(view: View, scan: Scan, atMost: number): readonly (readonly Match[])[] {
  const matches = scan(view.text, true, atMost);
  return matches === null || matches === 'hidden' ? [] : matches.map((match) => placedAt(view, match));
}

function placedAt(view: View, { detector, confidence, start, end }: Match): readonly Match[] {
  const encoding = view.encoding === null ? {} : { encoding: view.encoding };
  return view.placesOf(start, end).map((place) => ({ detector, confidence, ...place, ...encoding }));
}

function toOriginal(matches: Match[], { startOf, endOf }: Revealed): Match[] {
  return matches.map((match) => ({ ...match, start: startOf(match.start), end: endOf(match.end) }));
}

/** Joins what one detector reported twice or overlapping. */
function merged(matches: readonly Match[]): Match[] {
  const sorted = matches.toSorted((a, b) => a.start - b.start || b.end - a.end || b.confidence - a.confidence);
  const latest = new Map<string, number>();
  const result: Match[] = [];
  for (const match of sorted) {
    const index = latest.get(match.detector);
    const before = index === undefined ? undefined : result[index];
    if (index === undefined || before === undefined || before.end <= match.start) {
      latest.set(match.detector, result.length);
      result.push(match);
      continue;
    }
    result[index] = {
      ...before,
      end: Math.max(before.end, match.end),
      confidence: Math.max(before.confidence, match.confidence),
    };
  }
  return result;
}
