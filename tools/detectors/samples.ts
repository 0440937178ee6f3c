// Made-up texts that hold what detectors look for, and texts that only look like it. Values are made by the published
// rules of their issuers, written here a second time, so that a detector cannot be wrong in the same way.
import { randomBytesOf, type Random } from './random.ts';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const lower = letters.toLowerCase();
const digits = '0123456789';
const alnum = letters + lower + digits;

/** For each detector: a value that it should find, and the words that it may need before it. */
export const samples: Readonly<Record<string, (random: Random) => { value: string; named?: string }>> = {
  'aws-access-key': (r) => ({ value: `AKIA${r.text('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16)}` }),
  'github-token': (r) => ({ value: `ghp_${r.text(alnum, 36)}` }),
  'gitlab-token': (r) => ({ value: `glpat-${r.text(alnum, 20)}` }),
  'slack-token': (r) => ({ value: `xoxb-${r.text(digits, 12)}-${r.text(digits, 13)}-${r.text(alnum, 24)}` }),
  'npm-token': (r) => ({ value: `npm_${r.text(alnum, 36)}` }),
  'stripe-key': (r) => ({ value: `sk_live_${r.text(alnum, 24)}` }),
  'google-api-key': (r) => ({ value: `AIza${r.text(`${alnum}_-`, 35)}` }),
  'google-oauth-token': (r) => ({ value: `GOCSPX-${r.text(`${alnum}_-`, 28)}` }),
  'registry-token': (r) => ({ value: `dckr_pat_${r.text(`${alnum}_-`, 27)}` }),
  'hosting-token': (r) => ({ value: `sbp_${r.text('0123456789abcdef', 40)}` }),
  'model-provider-key': (r) => ({ value: `gsk_${r.text(alnum, 52)}` }),
  'workplace-token': (r) => ({ value: `lin_api_${r.text(alnum, 40)}` }),
  'commerce-key': (r) => ({ value: `shpat_${r.text('0123456789abcdef', 32)}` }),
  'messaging-token': (r) => ({ value: `${r.text('123456789', 9)}:AA${r.text(`${alnum}_-`, 33)}` }),
  'age-secret-key': (r) => ({ value: `AGE-SECRET-KEY-1${r.text('023456789ACDEFGHJKLMNPQRSTUVWXYZ', 58)}` }),
  jwt: (r) => ({
    value: [
      { alg: 'HS256', typ: 'JWT' },
      { sub: r.text(alnum, 12), iat: 1_700_000_000 },
    ]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .concat(randomBytesOf(r, 32).toString('base64url'))
      .join('.'),
  }),
  'generic-secret-assignment': (r) => ({
    value: r.text(alnum, 24),
    named: r.pick(['api_key=', 'client_secret: ', 'DB_PASSWORD=']),
  }),
  'secret-in-words': (r) => ({
    value: `${r.text(lower, 4)}${r.text(digits, 3)}!${r.text(letters, 3)}`,
    named: r.pick(['the password is ', 'The API key was ', 'we set the admin password to ']),
  }),
  'payment-card': (r) => ({ value: withLuhn(`4${r.text(digits, 14)}`) }),
  email: (r) => ({ value: `${r.text(lower, 6)}.${r.text(lower, 5)}@${r.text(lower, 8)}.example` }),
  iban: (r) => ({ value: germanIban(r.text(digits, 18)) }),
  'phone-number': (r) => ({
    value: r.pick([`+49 30 ${r.text(digits, 7)}`, `+1 ${usPhone(r)}`, usPhone(r), `+44${r.text('123456789', 10)}`]),
  }),
  'passport-number': (r) => ({
    value: `C${r.text(digits, 8)}`,
    named: r.pick(['passport number: ', 'Passport ', 'Reisepass Nr. ']),
  }),
  'us-social-security-number': (r) => ({
    value: `${100 + r.below(500)}-${10 + r.below(89)}-${1000 + r.below(8999)}`,
  }),
  'canadian-social-insurance-number': (r) => ({ value: grouped(withLuhn(`1${r.text(digits, 7)}`), 3), named: 'SIN ' }),
  'british-national-insurance-number': (r) => ({
    value: `AB${r.text(digits, 6)}${r.pick(['A', 'B', 'C', 'D'])}`,
    named: 'national insurance number ',
  }),
  'german-tax-id': (r) => ({
    value: germanTaxId(r),
    named: r.pick(['Steuer-ID ', 'IdNr ', 'Steueridentifikationsnummer: ']),
  }),
  'french-social-security-number': (r) => {
    const body = `1${10 + r.below(89)}0${1 + r.below(9)}${10 + r.below(85)}${100 + r.below(899)}${100 + r.below(899)}`;
    return { value: body + String(97 - Number(BigInt(body) % 97n)).padStart(2, '0') };
  },
  'italian-fiscal-code': (r) => ({
    value: fiscalCode(`${r.text('BCDFGLMNPRST', 6)}${r.text(digits, 2)}A${10 + r.below(20)}H${100 + r.below(899)}`),
  }),
  'spanish-identity-number': (r) => {
    const number = String(10_000_000 + r.below(89_999_999));
    return { value: number + 'TRWAGMYFPDXBNJZSQVHLCKE'.charAt(Number(number) % 23), named: 'DNI ' };
  },
  'dutch-citizen-number': (r) => ({ value: bsn(r), named: r.pick(['BSN ', 'burgerservicenummer: ']) }),
  'polish-pesel': (r) => {
    const body = `${10 + r.below(89)}0${1 + r.below(9)}${10 + r.below(18)}${r.text(digits, 4)}`;
    const sum = [...body].reduce((total, digit, at) => total + Number(digit) * ([1, 3, 7, 9][at % 4] ?? 1), 0);
    return { value: `${body}${(10 - (sum % 10)) % 10}`, named: 'PESEL ' };
  },
  'swedish-personal-number': (r) => {
    const number = withLuhn(`${10 + r.below(89)}0${1 + r.below(9)}${10 + r.below(18)}${r.text(digits, 3)}`);
    return { value: `${number.slice(0, 6)}-${number.slice(6)}` };
  },
  'brazilian-cpf': (r) => ({ value: cpf(String(100_000_000 + r.below(899_999_999))) }),
  'indian-aadhaar': (r) => ({ value: grouped(aadhaar(`${2 + r.below(8)}${r.text(digits, 10)}`), 4) }),
  'chinese-resident-number': (r) => {
    const body = `11010519${50 + r.below(49)}0${1 + r.below(9)}${10 + r.below(18)}${100 + r.below(899)}`;
    const sum = [...body].reduce((total, digit, at) => total + Number(digit) * (2 ** (17 - at) % 11), 0);
    return { value: `${body}${'10X98765432'.charAt(sum % 11)}` };
  },
  'ip-address': (r) => ({ value: `${11 + r.below(100)}.${r.below(256)}.${r.below(256)}.${1 + r.below(254)}` }),
  'mac-address': (r) => ({ value: Array.from({ length: 6 }, () => r.text('0123456789abcdef', 2)).join(':') }),
};

/** `@` stands for the value, with its name before it. */
export const carriers: readonly string[] = [
  '@',
  'Here it is: @, thanks.',
  'line one\n@\nline three',
  '{"note":"see @ for more"}',
  '<p>@</p>',
  'a,b,@,c',
  '[@]',
  '> @ (from the form)',
];

/** Texts in which nothing is to be found. */
export function lookAlike(r: Random): string {
  const hex = '0123456789abcdef';
  return r.pick<() => string>([
    () => `id ${r.text(hex, 8)}-${r.text(hex, 4)}-4${r.text(hex, 3)}-a${r.text(hex, 3)}-${r.text(hex, 12)}`,
    () => `commit ${r.text(hex, 40)}`,
    () => `sha256:${r.text(hex, 64)}`,
    () => `order ${r.text(digits, 8 + r.below(8))} of ${2000 + r.below(40)}-0${1 + r.below(9)}-${10 + r.below(19)}`,
    () => `timestamp ${1_600_000_000_000 + r.below(200_000_000_000)}`,
    () =>
      `took ${r.below(1000)}.${r.text(digits, 6)} ms for ${r.below(100_000)} rows, ${r.below(24)}:${10 + r.below(50)}:${10 + r.below(50)}`,
    () => `ISBN 978-3-${r.text(digits, 2)}-${r.text(digits, 6)}-${r.below(10)}`,
    () => `version ${r.below(20)}.${r.below(40)}.${r.below(90)}-beta.${r.below(9)}`,
    () => `52.${r.text(digits, 6)}, 13.${r.text(digits, 6)}`,
    () => `invoice ${r.text(digits, 4)}-${r.text(digits, 4)}-${r.text(digits, 4)}`,
    () => `part ${r.text(letters, 2)}${r.text(digits, 6)} of ${r.text(letters, 3)}-${r.text(digits, 9)}`,
    () => `const ${r.text(lower, 8)}Token = await get${r.text(letters, 1)}${r.text(lower, 6)}Token();`,
    () =>
      `password: ${r.pick(['required', '********', '<secret>', '${DB_PASSWORD}', 'string', 'process.env.PASSWORD'])}`,
    () => `The password is ${r.pick(['wrong', 'required', 'case-sensitive', 'stored elsewhere'])}.`,
    () => `data ${randomBytesOf(r, 30 + r.below(30)).toString('base64')}`,
    () => `#${r.text(hex, 6)} #${r.text(hex, 6)} rgba(${r.below(255)}, ${r.below(255)}, ${r.below(255)}, 0.5)`,
    () => `@${r.text(lower, 7)}/${r.text(lower, 9)}@${r.below(9)}.${r.below(30)}.${r.below(30)}`,
    () => `${r.text(digits, 3)} ${r.text(digits, 3)} ${r.text(digits, 3)} people in ${r.text(digits, 2)} towns`,
    () => `tel. number of the desk: extension ${100 + r.below(899)}`,
    () => `page_token=${r.text(alnum, 32)}`,
    () => `file_${r.text(alnum, 20)}.png, ${r.below(4000)}x${r.below(4000)}`,
    () => `${r.text(digits, 9)} bytes, ${r.text(digits, 10)} in all, ${r.text(digits, 11)} at most`,
    () => `${r.text(digits, 12)}`,
    () => `$${r.below(900)},${r.text(digits, 3)}.${r.text(digits, 2)} (${r.below(99)} %)`,
  ])();
}

function withLuhn(body: string): string {
  const sum = [...body].reduceRight((total, digit, at) => {
    const doubled = (body.length - 1 - at) % 2 === 0 ? Number(digit) * 2 : Number(digit);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
}

function germanIban(account: string): string {
  return `DE${String(98n - (BigInt(`${account}131400`) % 97n)).padStart(2, '0')}${account}`;
}

function usPhone(r: Random): string {
  return `(${200 + r.below(700)}) ${200 + r.below(700)}-${1000 + r.below(8999)}`;
}

function grouped(number: string, size: number): string {
  return number.match(new RegExp(`.{${size}}`, 'g'))?.join(' ') ?? number;
}

/** One digit twice, the rest once, then the check digit of ISO 7064. */
function germanTaxId(r: Random): string {
  const order = r.shuffled(Array.from(digits));
  const body = [...order.slice(0, 9), order[0] ?? '1'];
  if (body[0] === '0') return germanTaxId(r);
  let product = 10;
  for (const digit of body) product = (2 * ((Number(digit) + product) % 10 || 10)) % 11;
  return `${body.join('')}${(11 - product) % 10}`;
}

function fiscalCode(body: string): string {
  const odd = 'BAKPLCQDREVOSFTGUHMINJWZYX';
  const sum = [...body].reduce((total, character, at) => {
    const order = /\d/.test(character) ? Number(character) : letters.indexOf(character);
    return total + (at % 2 === 0 ? odd.indexOf(letters.charAt(order)) : order);
  }, 0);
  return `${body}${letters.charAt(sum % 26)}`;
}

function bsn(r: Random): string {
  const body = String(10_000_000 + r.below(89_999_999));
  const rest = [...body].reduce((sum, digit, at) => sum + Number(digit) * (9 - at), 0) % 11;
  return rest === 10 ? bsn(r) : `${body}${rest}`;
}

function cpf(body: string): string {
  const check = (given: string): number => {
    const rest = [...given].reduce((sum, digit, at) => sum + Number(digit) * (given.length + 1 - at), 0) % 11;
    return rest < 2 ? 0 : 11 - rest;
  };
  const first = check(body);
  return `${grouped(body, 3).replaceAll(' ', '.')}-${first}${check(`${body}${first}`)}`;
}

/** The tables of Verhoeff, as they are printed. */
function aadhaar(body: string): string {
  const times = '0123456789123406789523401789563401289567401239567859876043216598710432765982104387659321049876543210';
  const turned = '01234567891576283094580379614289160435279453126870428657390127938064157046913258';
  const inverse = '0432156789';
  let rest = 0;
  [...body].toReversed().forEach((digit, at) => {
    const moved = Number(turned.charAt(((at + 1) % 8) * 10 + Number(digit)));
    rest = Number(times.charAt(rest * 10 + moved));
  });
  return `${body}${inverse.charAt(rest)}`;
}
