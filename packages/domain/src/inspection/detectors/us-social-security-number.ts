import { personalNumber } from '../personal-number.ts';

/** Areas and groups that were never given out, and the number that was printed in wallets. */
const isGivenOut = (digits: string): boolean =>
  !/^(?:000|666|9)|^...00|0000$/.test(digits) && digits !== '078051120' && digits !== '219099999';

export const usSocialSecurityNumber = personalNumber(
  {
    id: 'us-social-security-number',
    title: 'US social security number',
    description:
      'Nine digits as 3-2-4 with dashes or spaces, and in one piece where it is named. Numbers that are never given out are not reported.',
  },
  {
    names: /\b(?:ssn|social.?security|soc.?sec|taxpayer|tin|itin)\b/i,
    forms: [
      { first: [3], pattern: String.raw`\d{3}-\d{2}-\d{4}`, isValid: isGivenOut, alone: 0.7, named: 0.95 },
      { first: [3, 9], pattern: String.raw`\d{3} \d{2} \d{4}|\d{9}`, isValid: isGivenOut, alone: 0, named: 0.85 },
    ],
  },
);
