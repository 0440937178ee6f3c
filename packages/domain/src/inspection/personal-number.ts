import { beginsWord } from './edges.ts';
import type { Anchor, Detector, DetectorTitle } from './detector.ts';
import { namedBefore } from './named-before.ts';

/** Where a number of seven or more digits begins, in one piece or in groups. Shared, so that it is searched once. */
export const numberStart: Anchor = {
  chars: '0123456789',
  behind: String.raw`(?<![0-9A-Za-z])|\\[bfnrt]`,
  ahead: [
    String.raw`\d{6}`,
    String.raw`\d{2}[ -]\d{2}[ -]\d{4}`,
    String.raw`\d{1,4}[ ./-]{1,2}\d{3,8}`,
    String.raw`\d{5}[+-]\d{4}`,
    String.raw`\d{3}\.\d{2}\.\d{3}`,
    String.raw`\d?(?: \d{2}){3}`,
  ].join('|'),
};

/** One way in which a number is written. */
export interface NumberForm {
  /** How many digits it may begin with in one piece: a cheap first question. Left out where it begins with a letter. */
  readonly first?: readonly number[];
  /** A RegExp source of bounded length, from its first digit to its last character. */
  readonly pattern: string;
  /** Of the digits alone, and of what is written. */
  readonly isValid: (digits: string, written: string) => boolean;
  /** How sure one is without the number's name nearby, 0 for not at all, and with it. */
  readonly alone: number;
  readonly named: number;
}

interface PersonalNumber {
  readonly forms: readonly NumberForm[];
  /** What the number is called shortly before it. */
  readonly names: RegExp;
  /** For numbers that do not begin with a digit. */
  readonly anchors?: readonly Anchor[];
  /** How many characters of the number stand before the anchor; none unless said. */
  readonly before?: (text: string, at: number) => number;
}

/** A detector for a number that an authority gives to people: its form, its check digit, and its name nearby. */
export function personalNumber(
  title: Omit<DetectorTitle, 'group'>,
  { forms, names, anchors = [numberStart], before = () => 0 }: PersonalNumber,
): Detector {
  const compiled = forms.map((form) => ({ ...form, search: new RegExp(`(?:${form.pattern})${endsWord}`, 'y') }));
  return {
    ...title,
    group: 'personal',
    anchors,
    judge(text, at, report) {
      const start = at - before(text, at);
      if (start < 0) return;
      const run = digitsFrom(text, start);
      for (const { first, search, isValid, alone, named } of compiled) {
        if (first !== undefined && !first.includes(run)) continue;
        search.lastIndex = start;
        if (!search.test(text)) continue;
        if (!beginsWord(text, start) || continuesNumber.test(text.slice(Math.max(0, start - 2), start))) return;
        const written = text.slice(start, search.lastIndex);
        if (!isValid(written.replaceAll(/\D/g, ''), written)) continue;
        const confidence = namedBefore(text, start, names) ? named : alone;
        if (confidence === 0) continue;
        report(start, search.lastIndex, confidence);
        return;
      }
    },
  };
}

function digitsFrom(text: string, start: number): number {
  let at = start;
  for (let code = text.charCodeAt(at); code >= 48 && code <= 57 && at - start < 20; code = text.charCodeAt(++at));
  return at - start;
}

/** `.` and `-` may end a sentence or begin a dash, but not lead to further digits. */
const endsWord = String.raw`(?![A-Za-z0-9]|[./-]\d)`;
const continuesNumber = /\d[./-]$/;
