import { luhn } from '../check-digits.ts';
import { personalNumber } from '../personal-number.ts';

const isValid = (digits: string): boolean => /^[1-79]/.test(digits) && luhn(digits);

export const canadianSocialInsuranceNumber = personalNumber(
  {
    id: 'canadian-social-insurance-number',
    title: 'Canadian social insurance number',
    description: 'Nine digits whose check digit (Luhn) is right, where the number is named.',
  },
  {
    names: /\b(?:sin|nas|social.?insurance|assurance.?sociale)\b/i,
    forms: [{ first: [3, 9], pattern: String.raw`\d{3}([ -])\d{3}\1\d{3}|\d{9}`, isValid, alone: 0, named: 0.9 }],
  },
);
