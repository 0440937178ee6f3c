// Values that look like secrets and open nothing. Put together from pieces, so that no scanner takes this file for a leak.

import { crc32 } from 'node:zlib';

const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

export const fakeSecrets = {
  awsAccessKey: ['AKIA', 'QZ7WNDF4K2TRXBVM'].join(''),
  githubToken: githubToken('Zk4Qw9Tn2Rb7Vx5Ly8Hc3Jd6Mf1Sg0'),
  privateKey: ['-----BEGIN ', 'PRIVATE KEY-----\n', `${base64Line()}\n`.repeat(3), '-----END PRIVATE KEY-----'].join(
    '',
  ),
  connectionString: ['postgres://', 'ledger', ':', 'tr0ub4dor-and-3', '@db.example.com:5432/ledger'].join(''),
  cardNumber: ['4539', '5787', '6362', '1486'].join(' '),
  email: ['ada.lovelace', 'example.com'].join('@'),
} as const;

/** The last six characters are the checksum of the thirty before them, as in real ones. */
function githubToken(body: string): string {
  let sum = crc32(body);
  let digits = '';
  while (digits.length < 6) {
    digits = letters.charAt(sum % 62) + digits;
    sum = Math.floor(sum / 62);
  }
  return ['ghp', body + digits].join('_');
}

function base64Line(): string {
  return Buffer.from('a key that opens nothing at all, only long enough').toString('base64').slice(0, 64);
}
