import { isDay, luhn } from '../check-digits.ts';
import { personalNumber } from '../personal-number.ts';

function isValid(digits: string): boolean {
  const short = digits.slice(-10);
  const day = Number(short.slice(4, 6));
  return isDay(day > 60 ? day - 60 : day, Number(short.slice(2, 4))) && luhn(short);
}

export const swedishPersonalNumber = personalNumber(
  {
    id: 'swedish-personal-number',
    title: 'Swedish personal number',
    description:
      'A day of birth and four digits, the last of which checks the others (personnummer): with its dash, or where it is named.',
  },
  {
    names: /\b(?:personnummer|personnr|pnr|samordningsnummer|personal.?(?:identity.?)?number)\b/i,
    forms: [
      { first: [6, 8], pattern: String.raw`(?:19|20)\d{6}-\d{4}|\d{6}[-+]\d{4}`, isValid, alone: 0.6, named: 0.95 },
      { first: [10, 12], pattern: String.raw`(?:19|20)?\d{10}`, isValid, alone: 0, named: 0.9 },
    ],
  },
);
