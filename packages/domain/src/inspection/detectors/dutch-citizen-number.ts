import { isVaried, weighted } from '../check-digits.ts';
import { personalNumber } from '../personal-number.ts';

const isValid = (digits: string): boolean =>
  isVaried(digits) && weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0;

export const dutchCitizenNumber = personalNumber(
  {
    id: 'dutch-citizen-number',
    title: 'Dutch citizen service number',
    description: 'Nine digits that pass the elevens test (BSN), where the number is named.',
  },
  {
    names: /\b(?:bsn|burgerservice.?(?:nummer|nr)|sofi.?(?:nummer|nr)|citizen.?service)/i,
    forms: [{ first: [9, 4], pattern: String.raw`\d{9}|\d{4}\.\d{2}\.\d{3}`, isValid, alone: 0, named: 0.95 }],
  },
);
