import { isVaried, weighted } from '../check-digits.ts';
import { personalNumber } from '../personal-number.ts';

function isValid(digits: string): boolean {
  const check = (weights: readonly number[]): number => ((weighted(digits, weights) * 10) % 11) % 10;
  return (
    isVaried(digits) &&
    check([10, 9, 8, 7, 6, 5, 4, 3, 2]) === Number(digits[9]) &&
    check([11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) === Number(digits[10])
  );
}

export const brazilianCpf = personalNumber(
  {
    id: 'brazilian-cpf',
    title: 'Brazilian taxpayer number',
    description:
      'Eleven digits whose two check digits are right (CPF): as 000.000.000-00, or in one piece where it is named.',
  },
  {
    names: /\b(?:cpf|cadastro.?de.?pessoas|taxpayer)\b/i,
    forms: [
      { first: [3], pattern: String.raw`\d{3}\.\d{3}\.\d{3}-\d{2}`, isValid, alone: 0.95, named: 0.95 },
      { first: [9, 11], pattern: String.raw`\d{9}-?\d{2}`, isValid, alone: 0, named: 0.9 },
    ],
  },
);
