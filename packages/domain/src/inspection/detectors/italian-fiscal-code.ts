import { personalNumber } from '../personal-number.ts';

/** What a character counts on an odd place, for 0-9 and A-Z alike by their order. */
const odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

function isValid(_digits: string, code: string): boolean {
  let sum = 0;
  for (let at = 0; at < 15; at++) {
    const value = Number.parseInt(code.charAt(at), 36);
    const order = value > 9 ? value - 10 : value;
    sum += at % 2 === 0 ? (odd[order] ?? 0) : order;
  }
  return code.charCodeAt(15) - 65 === sum % 26;
}

export const italianFiscalCode = personalNumber(
  {
    id: 'italian-fiscal-code',
    title: 'Italian fiscal code',
    description: 'Sixteen letters and digits (codice fiscale) whose last letter checks the others.',
  },
  {
    names: /\b(?:codice.?fiscale|c\.?f\.?|fiscal.?code|tax.?code)\b/i,
    anchors: [{ chars: '0123456789', behind: '[A-Z]{6}', ahead: String.raw`\d[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]` }],
    before: () => 6,
    forms: [{ pattern: String.raw`[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]`, isValid, alone: 0.9, named: 0.95 }],
  },
);
