import { mod11and10 } from '../check-digits.ts';
import { personalNumber } from '../personal-number.ts';

/** Of the first ten digits one comes twice or three times, and the others at most once. */
function isValid(digits: string): boolean {
  const body = digits.slice(0, 10);
  const counts = Array.from('0123456789')
    .map((digit) => body.split(digit).length - 1)
    .filter((count) => count > 1);
  const [often] = counts;
  return digits[0] !== '0' && counts.length === 1 && often !== undefined && often < 4 && mod11and10(digits);
}

export const germanTaxId = personalNumber(
  {
    id: 'german-tax-id',
    title: 'German tax identification number',
    description:
      'Eleven digits whose check digit and spread of digits are right: as 2 3 3 3, or in one piece where the number is named.',
  },
  {
    names: /steuer(?:liche)?.{0,3}(?:id|ident|nummer|nr)|\bidnr\b|tax.?(?:id|ident|number)|\btin\b/i,
    forms: [
      { first: [2], pattern: String.raw`\d{2} \d{3} \d{3} \d{3}`, isValid, alone: 0.75, named: 0.95 },
      { first: [11], pattern: String.raw`\d{11}`, isValid, alone: 0, named: 0.95 },
    ],
  },
);
