import { personalNumber } from '../personal-number.ts';

/** Sex, year, month, place, order, and 97 less the remainder; Corsica writes its departments 2A and 2B. */
function isValid(_digits: string, written: string): boolean {
  const plain = written.replaceAll(' ', '').toUpperCase();
  const corsica = plain.includes('A') ? 1_000_000 : plain.includes('B') ? 2_000_000 : 0;
  const month = Number(plain.slice(3, 5));
  if (month < 1 || (month > 12 && month < 20) || (month > 42 && month < 50)) return false;
  const body = (Number(plain.slice(0, 13).replace(/[AB]/, '0')) - corsica) % 97;
  return 97 - body === Number(plain.slice(13));
}

export const frenchSocialSecurityNumber = personalNumber(
  {
    id: 'french-social-security-number',
    title: 'French social security number',
    description: 'Thirteen characters and a key of two digits that is right (NIR), with or without spaces.',
  },
  {
    names: /\b(?:nir|insee|s[eé]curit[eé].?sociale|num[eé]ro.?de.?s[eé]cu|carte.?vitale|social.?security)/i,
    forms: [
      { first: [15, 6], pattern: String.raw`[1-478]\d{5}[\dABab]\d{8}`, isValid, alone: 0.7, named: 0.95 },
      {
        first: [1],
        pattern: String.raw`[1-478] \d{2} \d{2} \d[\dABab] \d{3} \d{3} \d{2}`,
        isValid,
        alone: 0.7,
        named: 0.95,
      },
    ],
  },
);
