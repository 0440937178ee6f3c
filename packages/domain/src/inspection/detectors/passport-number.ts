import type { Detector } from '../detector.ts';
import { beginsWord, wordEdge } from '../edges.ts';
import { namedBefore } from '../named-before.ts';
import { numberStart } from '../personal-number.ts';

/** With what people and forms put between the word and the number, and no further sentence. */
const names =
  /(?:passport|reisepass|passeport|pasaporte|passaporto|paspoort|passnummer|загранпаспорт|паспорт)(?:[^.!?\r\n]|\.(?! )|(?<=\bN[ro])\.){0,36}$/i;
const form = /[A-Z]{0,2}\d{6,9}(?![A-Za-z0-9]|[./-]\d)/y;

export const passportNumber: Detector = {
  id: 'passport-number',
  group: 'personal',
  title: 'Passport number',
  description: 'Six to nine digits, also behind one or two capital letters, shortly after a word for passport.',
  anchors: [numberStart, { chars: '0123456789', behind: `${wordEdge}[A-Z]{1,2}`, ahead: String.raw`\d{5}` }],
  judge(text, at, report) {
    let start = at;
    while (start > at - 2 && isCapital(text.charCodeAt(start - 1))) start--;
    form.lastIndex = start;
    if (!beginsWord(text, start) || !form.test(text) || !namedBefore(text, start, names)) return;
    report(start, form.lastIndex, 0.75);
  },
};

const isCapital = (code: number): boolean => code >= 0x41 && code <= 0x5a;
