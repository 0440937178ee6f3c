import { personalNumber } from '../personal-number.ts';

const letters = 'TRWAGMYFPDXBNJZSQVHLCKE';

function isValid(digits: string, written: string): boolean {
  return written.slice(-1) === letters[Number(digits) % 23] && digits !== '00000000';
}

export const spanishIdentityNumber = personalNumber(
  {
    id: 'spanish-identity-number',
    title: 'Spanish identity number',
    description: 'Eight digits and the letter that checks them (DNI), surer where the number is named.',
  },
  {
    names: /\b(?:dni|nif|nie|documento.?nacional|identidad|identity.?(?:number|card))\b/i,
    forms: [{ first: [8], pattern: String.raw`\d{8}-?[A-HJ-NP-TV-Z]`, isValid, alone: 0.5, named: 0.95 }],
  },
);
