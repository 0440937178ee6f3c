import { luhn } from '../check-digits.ts';
import type { Detector } from '../detector.ts';
import { beginsWord } from '../edges.ts';

/** Brands by their first digits, and the lengths of their numbers. */
const brands: readonly { readonly first: RegExp; readonly lengths: readonly number[] }[] = [
  { first: /^4/, lengths: [13, 16, 19] },
  { first: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] },
  { first: /^3[47]/, lengths: [15] },
  { first: /^(?:30[0-5]|3095|36|3[89])/, lengths: [14, 16] },
  { first: /^(?:6011|64[4-9]|65)/, lengths: [16, 19] },
  { first: /^35(?:2[89]|[3-8])/, lengths: [16, 17, 18, 19] },
  { first: /^(?:62|81)/, lengths: [16, 17, 18, 19] },
  { first: /^220[0-4]/, lengths: [16, 17, 18, 19] },
  { first: /^(?:5018|5020|5038|5893|6304|6759|676[1-3])/, lengths: [13, 14, 15, 16, 17, 18, 19] },
];

/** Written at a stretch, or in the groups that cards are printed in, always with the same separator. */
const forms = [
  /[2-6]\d{12,18}/y,
  /[2-6]\d{3}([ -])\d{4}\1\d{4}\1\d{4}\1\d{3}/y,
  /[2-6]\d{3}([ -])\d{4}\1\d{4}\1\d{1,4}/y,
  /3\d{3}([ -])\d{6}\1\d{4,5}/y,
];
/** The digit must not belong to an escape such as `\u2019`. */
const fractionBefore = /(?<=(?<!\\u[0-9A-Fa-f]{3})\d\.)/y;
const dashedGroupBefore = /(?<=(?<!\\u[0-9A-Fa-f]{3})\d-)/y;
const dashedGroupBehind = /-\d/y;
/** `.0` may follow: spreadsheets turn numbers into fractions. */
const endsNumber = /(?![A-Za-z0-9]|\.(?!0(?!\d))\d)/y;

export const paymentCard: Detector = {
  id: 'payment-card',
  group: 'cards',
  title: 'Payment card number',
  description:
    'Card numbers of 13 to 19 digits that begin like a known brand’s and whose check digit (Luhn) is right, with or without spaces or dashes, in strings and as JSON numbers.',
  anchors: [{ chars: '23456', ahead: String.raw`\d{3}(?:\d{9}|[ -]\d{4}[ -]\d{4}[ -]\d|[ -]\d{6}[ -]\d{4})` }],
  judge(text, at, report) {
    if (!beginsWord(text, at) || holds(fractionBefore, text, at)) return;
    for (const form of forms) {
      form.lastIndex = at;
      if (!form.test(text)) continue;
      const end = form.lastIndex;
      if (!holds(endsNumber, text, end) || inLongerDashedRun(text, at, end) || !isCard(text.slice(at, end))) continue;
      report(at, end, 0.9);
      return;
    }
  },
};

/** Groups joined by dashes that go on before or after the card's own are some other number. */
function inLongerDashedRun(text: string, start: number, end: number): boolean {
  return text[start + 4] === '-' && (holds(dashedGroupBefore, text, start) || holds(dashedGroupBehind, text, end));
}

function holds(sticky: RegExp, text: string, at: number): boolean {
  sticky.lastIndex = at;
  return sticky.test(text);
}

function isCard(written: string): boolean {
  const digits = written.replaceAll(/[ -]/g, '');
  return brands.some(({ first, lengths }) => lengths.includes(digits.length) && first.test(digits)) && luhn(digits);
}
