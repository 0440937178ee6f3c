import { isDay, weighted } from '../check-digits.ts';
import { personalNumber } from '../personal-number.ts';

/** The century is hidden in the month: 80, 0, 20, 40 and 60 are added to it. */
function isValid(digits: string): boolean {
  const month = Number(digits.slice(2, 4)) % 20;
  if (!isDay(Number(digits.slice(4, 6)), month)) return false;
  return weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0;
}

export const polishPesel = personalNumber(
  {
    id: 'polish-pesel',
    title: 'Polish PESEL number',
    description: 'Eleven digits that hold a day of birth and whose check digit is right, where the number is named.',
  },
  {
    names: /\b(?:pesel|numer.?ewidencyjny|national.?id|identity.?number)\b/i,
    forms: [{ first: [11], pattern: String.raw`\d{11}`, isValid, alone: 0, named: 0.95 }],
  },
);
