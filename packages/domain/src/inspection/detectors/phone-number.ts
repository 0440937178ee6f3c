import type { Detector, Report } from '../detector.ts';
import { namedBefore } from '../named-before.ts';
import { numberStart } from '../personal-number.ts';

/** Codes of countries and networks that are in use. */
const country =
  '(?:1|7|2(?:[07]|1[12368]|[2346]\\d|5[0-8]|9[0178])|3(?:[0-469]|[578]\\d)|4(?:[013-9]|2[013])|5(?:[1-8]|[09]\\d)|6(?:[0-6]|[7-9]\\d)|8(?:[1246]|5[0256]|70|8[0-3])|9(?:[0-58]|[679]\\d))';
const international = new RegExp(String.raw`\+${country}(?:[ .-]?(?:\(0?\d{1,4}\)|\d{1,5})){2,6}(?![A-Za-z0-9])`, 'y');
const american = /(?:\([2-9]\d{2}\) ?|[2-9]\d{2}-)[2-9]\d{2}-\d{4}(?![A-Za-z0-9-])/y;
const local = /\(?0?\d{2,5}\)?(?:[ ./-]{1,3}\d{2,8}){1,4}(?![A-Za-z0-9])|\d{7,12}(?![A-Za-z0-9])/y;
/** Directly before the number: what it is called, and what stands between. */
const names =
  /(?:\b|_)(?:phone|telephone|tel|mobile|cell(?:phone|ular)?|fax|whatsapp|sms|hotline|telefon|telefono|t[eé]l[eé]phone|tel[eé]fono|telefone|rufnummer|handy|mobil|m[oó]vil|portable|gsm)(?:[ _-]?(?:number|num|no|nr|line|nummer))?["'\\]{0,6}[.:=]{0,2}[ \t]{0,3}["'\\]{0,6}$|\b(?:call|ring|text|dial|reach)(?: (?:me|us|him|her|them|support))?(?: (?:at|on|under))? $/i;

export const phoneNumber: Detector = {
  id: 'phone-number',
  group: 'personal',
  title: 'Telephone number',
  description:
    'Numbers with + and a country’s code, American numbers as (555) 234-5678 or 555-234-5678, and any other where a word such as phone, tel or mobile stands directly before it.',
  anchors: [
    { chars: '0123456789', behind: String.raw`(?:(?<![A-Za-z0-9+/=])|\\[bfnrt])\+`, ahead: String.raw`[\d ().-]{7}` },
    { chars: '0123456789', behind: String.raw`\(`, ahead: String.raw`\d{2,4}\) ?\d{3}` },
    numberStart,
  ],
  judge(text, at, report) {
    if (text[at - 1] === '+') return judgeInternational(text, at - 1, report);
    const start = text[at - 1] === '(' ? at - 1 : at;
    if (/\d[.-]$|[A-Za-z0-9]$/.test(text.slice(Math.max(0, start - 2), start)) && text[start - 2] !== '\\') return;
    if (matches(american, text, start)) report(start, american.lastIndex, namedBefore(text, start, names) ? 0.9 : 0.65);
    else if (matches(local, text, start) && hasDigits(text.slice(start, local.lastIndex), 7, 13))
      if (namedBefore(text, start, names)) report(start, local.lastIndex, 0.8);
  },
};

function judgeInternational(text: string, at: number, report: Report): void {
  // In base64 a plus stands between letters and digits.
  if (/(?<!\\)[A-Za-z0-9+/=]$/.test(text.slice(Math.max(0, at - 2), at)) || !matches(international, text, at)) return;
  const written = text.slice(at, international.lastIndex);
  if (!hasDigits(written, 8, 15)) return;
  const isGrouped = /[ .()-]/.test(written);
  report(at, international.lastIndex, isGrouped || namedBefore(text, at, names) ? 0.9 : 0.75);
}

function matches(sticky: RegExp, text: string, at: number): boolean {
  sticky.lastIndex = at;
  return sticky.test(text);
}

function hasDigits(written: string, least: number, most: number): boolean {
  const count = written.replaceAll(/\D/g, '').length;
  return count >= least && count <= most;
}
