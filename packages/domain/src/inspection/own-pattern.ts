// Patterns of an organization's own, written into its policies: RE2 syntax on an engine whose time grows with the text only. That
// engine is slow compared with the detectors that come along, so it looks only around the fixed part that a pattern has, such
// as `INV-` in `INV-\d{6}`; a pattern without one is looked for at the beginning of a text only.
import { RE2JS } from 're2js';
import { compilePattern, PatternProblem } from '../expression/pattern.ts';
import type { Match, Scan } from './scanner.ts';
import { TooManyFindings } from './scanner.ts';

export interface OwnPattern {
  /** Small letters, digits and `-`; findings name it `own:<name>`. */
  readonly name: string;
  /** RE2; ASCII, since it is held against the bytes of messages. */
  readonly pattern: string;
}

export interface OwnDetector {
  readonly id: string;
  readonly find: (text: string, report: (start: number, end: number, confidence: number) => void) => void;
}

/** Characters before and behind a fixed part that are looked at. */
const before = 300;
const behind = 700;
/** Of a text, for a pattern without a fixed part. */
const withoutFixed = 16_384;
/** Places of a fixed part in one text. */
const mostPlaces = 500;
const sure = 0.9;
/** What was not looked at to its end may hold it. */
const unread = 0.3;
const shortestFixed = 3;

/** Throws a `PatternProblem` with words for people. */
export function compileOwnPattern({ name, pattern }: OwnPattern): OwnDetector {
  if (!/^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?$/.test(name))
    throw new PatternProblem(`“${name}” is no name of a pattern; use small letters, digits and -, 60 at most`);
  if (/[^\x20-\x7e]/.test(pattern)) throw new PatternProblem('the pattern may hold plain ASCII characters only');
  if (compilePattern(pattern).test('')) throw new PatternProblem('the pattern matches an empty text');
  const compiled = RE2JS.compile(pattern);
  const isCaseless = pattern.startsWith('(?i)');
  const fixed = fixedPartOf(pattern);
  const within = (text: string, from: number, to: number, report: (start: number, end: number) => void): void => {
    const matcher = compiled.matcher(text.slice(from, to));
    while (matcher.find()) if (matcher.end() > matcher.start()) report(from + matcher.start(), from + matcher.end());
  };
  return {
    id: `own:${name}`,
    find(text, report) {
      if (fixed === null) {
        within(text, 0, withoutFixed, (start, end) => report(start, end, sure));
        if (text.length > withoutFixed) report(withoutFixed, text.length, unread);
        return;
      }
      const [searched, wanted] = isCaseless ? [text.toLowerCase(), fixed.toLowerCase()] : [text, fixed];
      let done = 0;
      let places = 0;
      for (let at = searched.indexOf(wanted); at >= 0; at = searched.indexOf(wanted, Math.max(at + 1, done))) {
        if (++places > mostPlaces) return report(at, text.length, unread);
        const from = Math.max(done, at - before);
        const to = Math.min(text.length, at + wanted.length + behind);
        within(text, from, to, (start, end) => {
          report(start, end, sure);
          done = Math.max(done, end);
        });
      }
    },
  };
}

/** The same search, and own patterns in what it goes through. */
export function withOwnPatterns(scan: Scan, own: readonly OwnDetector[]): Scan {
  if (own.length === 0) return scan;
  return (text, asItIs, atMost) => {
    const found = scan(text, asItIs, atMost);
    if (found === 'hidden') return found;
    const matches: Match[] = found === null ? [] : [...found];
    for (const { id, find } of own)
      find(text, (start, end, confidence) => {
        matches.push({ detector: id, start, end, confidence });
        if (matches.length > atMost) throw new TooManyFindings(atMost);
      });
    return matches.length === 0 ? null : matches;
  };
}

/** The longest text that every match holds, as far as that is plain to see; null where none is long enough. */
export function fixedPartOf(pattern: string): string | null {
  const runs: string[] = [''];
  const cut = (): void => void runs.push('');
  let at = /^\(\?[a-z]+\)/.exec(pattern)?.[0].length ?? 0;
  while (at < pattern.length) {
    const char = pattern.charAt(at);
    if (char === '|') return null;
    if (char === '(' || char === '[') {
      at = endOf(pattern, at);
      cut();
      continue;
    }
    const isEscape = char === '\\';
    const literal = isEscape ? pattern.charAt(at + 1) : char;
    const isLiteral = isEscape ? /[^A-Za-z0-9]/.test(literal) : !/[.^$*+?{}]/.test(char);
    at += isEscape ? 2 : 1;
    // What may be left out belongs to nothing.
    const isOptional = /[*?{]/.test(pattern.charAt(at));
    if (isLiteral && !isOptional) runs.push((runs.pop() ?? '') + literal);
    if (isEscape && /[pPxQ]/.test(literal)) return null;
    if (!isLiteral || isOptional || pattern.charAt(at) === '+') cut();
    if (pattern.charAt(at) === '{') at = Math.max(at, pattern.indexOf('}', at)) + 1;
  }
  const longest = runs.toSorted((a, b) => b.length - a.length)[0] ?? '';
  return longest.length >= shortestFixed ? longest : null;
}

/** Behind a group or a class. */
function endOf(pattern: string, from: number): number {
  let depth = 0;
  let inClass = false;
  for (let at = from; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    if (char === '\\') at++;
    else if (inClass) inClass = char !== ']' || /\[\^?$/.test(pattern.slice(from, at));
    else if (char === '[') inClass = true;
    else if (char === '(') depth++;
    else if (char === ')') depth--;
    if (depth === 0 && !inClass) return at + 1;
  }
  return pattern.length;
}
