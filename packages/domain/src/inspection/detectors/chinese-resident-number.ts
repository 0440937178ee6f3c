import { isDay, weighted } from '../check-digits.ts';
import { personalNumber } from '../personal-number.ts';

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

function isValid(_digits: string, written: string): boolean {
  if (!isDay(Number(written.slice(12, 14)), Number(written.slice(10, 12)))) return false;
  return written.slice(-1).toUpperCase() === '10X98765432'[weighted(written, weights) % 11];
}

export const chineseResidentNumber = personalNumber(
  {
    id: 'chinese-resident-number',
    title: 'Chinese resident identity number',
    description: 'Eighteen characters that hold a day of birth and whose last one checks the others.',
  },
  {
    names: /身份证|身分證|公民身份|\b(?:resident.?id|identity.?(?:card|number)|sfz)\b/i,
    forms: [{ first: [17, 18], pattern: String.raw`[1-8]\d{5}(?:19|20)\d{9}[\dXx]`, isValid, alone: 0.8, named: 0.95 }],
  },
);
