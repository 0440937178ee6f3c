import { personalNumber } from '../personal-number.ts';

const isValid = (_digits: string, written: string): boolean => !/^(?:BG|GB|NK|KN|TN|NT|ZZ)/.test(written);

export const britishNationalInsuranceNumber = personalNumber(
  {
    id: 'british-national-insurance-number',
    title: 'British national insurance number',
    description: 'Two letters, six digits and a letter from A to D, where the number is named or written in pairs.',
  },
  {
    names: /\b(?:nino|ni.?(?:number|no)|national.?insurance)\b/i,
    anchors: [
      {
        chars: '0123456789',
        behind: '[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]',
        ahead: String.raw`\d{5}[A-D]`,
      },
      {
        chars: '0123456789',
        behind: '[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ',
        ahead: String.raw`\d \d{2} \d{2} [A-D]`,
      },
    ],
    before: (text, at) => (text[at - 1] === ' ' ? 3 : 2),
    forms: [
      { pattern: String.raw`[A-Z]{2} \d{2} \d{2} \d{2} [A-D]`, isValid, alone: 0.7, named: 0.95 },
      { pattern: String.raw`[A-Z]{2}\d{6}[A-D]`, isValid, alone: 0, named: 0.95 },
    ],
  },
);
