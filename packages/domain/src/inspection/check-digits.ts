// Check digits and letters of numbers that authorities and banks give out. Digits come without separators.

/** Luhn: cards, Canadian and Swedish numbers. */
export function luhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    const weighed = i % 2 === 0 ? digit : digit * 2;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10 === 0;
}

/** The remainder of a long number; letters count 10 to 35, as in IBANs. */
export function remainder(written: string, divisor: number): number {
  let rest = 0;
  for (const character of written) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % divisor;
  }
  return rest;
}

/** The sum of digits times weights. */
export function weighted(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * (digits.charCodeAt(at) - 48), 0);
}

/** ISO 7064 MOD 11,10: the last digit checks those before it. */
export function mod11and10(digits: string): boolean {
  let product = 10;
  for (let at = 0; at < digits.length - 1; at++) {
    const sum = (digits.charCodeAt(at) - 48 + product) % 10 || 10;
    product = (2 * sum) % 11;
  }
  return (11 - product) % 10 === digits.charCodeAt(digits.length - 1) - 48;
}

/** Verhoeff: sums in the dihedral group of ten, each place turned a step further. */
export function verhoeff(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    let digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    for (let turn = 0; turn < i % 8; turn++) digit = turned[digit] ?? 0;
    sum = dihedral(sum, digit);
  }
  return sum === 0;
}

const turned = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

function dihedral(a: number, b: number): number {
  if (a < 5) return b < 5 ? (a + b) % 5 : 5 + ((a + b) % 5);
  return b < 5 ? 5 + ((a - b + 5) % 5) : (a - b + 5) % 5;
}

/** Whether day and month can be those of a date; the year is not looked at. */
export function isDay(day: number, month: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= (month === 2 ? 29 : [4, 6, 9, 11].includes(month) ? 30 : 31);
}

/** No run of one digit, such as 000000000. */
export function isVaried(digits: string): boolean {
  return !/^(\d)\1*$/.test(digits);
}
