import { isVaried, verhoeff } from '../check-digits.ts';
import { personalNumber } from '../personal-number.ts';

const isValid = (digits: string): boolean => isVaried(digits) && verhoeff(digits);

export const indianAadhaar = personalNumber(
  {
    id: 'indian-aadhaar',
    title: 'Indian Aadhaar number',
    description:
      'Twelve digits whose check digit (Verhoeff) is right: in groups of four, or in one piece where it is named.',
  },
  {
    names: /\b(?:aadhaar|aadhar|uidai|uid)\b|आधार/i,
    forms: [
      { first: [4], pattern: String.raw`[2-9]\d{3} \d{4} \d{4}(?! \d)`, isValid, alone: 0.6, named: 0.95 },
      { first: [12], pattern: String.raw`[2-9]\d{11}`, isValid, alone: 0, named: 0.95 },
      { first: [4], pattern: String.raw`[2-9]\d{3}-\d{4}-\d{4}`, isValid, alone: 0, named: 0.95 },
    ],
  },
);
