import { remainder } from '../check-digits.ts';
import type { Detector } from '../detector.ts';
import { beginsWord, wordEdge } from '../edges.ts';

/** The lengths of the registry, by country. */
const lengths: ReadonlyMap<string, number> = new Map(
  'AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30'
    .match(/[A-Z]{2}\d{2}/g)
    ?.map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);
const shape = /[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}/y;

export const iban: Detector = {
  id: 'iban',
  group: 'personal',
  title: 'Bank account number (IBAN)',
  description:
    'International account numbers, in one piece or in groups of four, whose length is that of their country and whose check digits (MOD 97) are right.',
  anchors: [{ chars: '0123456789', behind: `${wordEdge}[A-Z]{2}`, ahead: String.raw`\d ?[A-Z0-9]{3}` }],
  judge(text, at, report) {
    const start = at - 2;
    const length = lengths.get(text.slice(start, at));
    if (length === undefined || !beginsWord(text, start)) return;
    shape.lastIndex = start;
    if (!shape.test(text)) return;
    const end = endOf(text, start, length);
    if (end === null || /[A-Za-z0-9]/.test(text.charAt(end))) return;
    const plain = text.slice(start, end).replaceAll(' ', '');
    if (remainder(plain.slice(4) + plain.slice(0, 4), 97) === 1) report(start, end, 0.95);
  },
};

/** Where `length` characters end, not counting one space between any two; null when there are fewer. */
function endOf(text: string, start: number, length: number): number | null {
  let at = start;
  for (let count = 0; count < length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x20 && text.charCodeAt(at - 1) !== 0x20) continue;
    if (!((code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a))) return null;
    count++;
  }
  return at;
}
