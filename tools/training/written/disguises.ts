// Ways to write a text so that a filter reads past it and a model does not. They are put on attacks and on honest texts.
import { pick } from './grammar.ts';

type Random = () => number;
export type Disguise = (text: string, random: Random) => string;

const each = (text: string, share: number, random: Random, change: (letter: string) => string): string =>
  [...text].map((letter) => (/[a-z]/i.test(letter) && random() < share ? change(letter) : letter)).join('');

const cyrillic: Readonly<Record<string, string>> = {
  a: 'а',
  e: 'е',
  o: 'о',
  p: 'р',
  c: 'с',
  y: 'у',
  x: 'х',
  i: 'і',
  s: 'ѕ',
  j: 'ј',
  A: 'А',
  E: 'Е',
  O: 'О',
  P: 'Р',
  C: 'С',
  T: 'Т',
  H: 'Н',
  K: 'К',
  M: 'М',
  B: 'В',
};
const greek: Readonly<Record<string, string>> = {
  a: 'α',
  o: 'ο',
  v: 'ν',
  i: 'ι',
  p: 'ρ',
  u: 'υ',
  n: 'η',
  A: 'Α',
  E: 'Ε',
  I: 'Ι',
  O: 'Ο',
  T: 'Τ',
};
const leet: Readonly<Record<string, string>> = {
  a: '4',
  e: '3',
  i: '1',
  o: '0',
  s: '5',
  t: '7',
  b: '8',
  A: '4',
  E: '3',
  I: '1',
  O: '0',
  S: '5',
  T: '7',
};
const leet2: Readonly<Record<string, string>> = { a: '@', e: '3', i: '!', o: '0', s: '$', t: '+', l: '1' };

function alphabet(start: number, capital: number): Disguise {
  return (text) =>
    [...text]
      .map((letter) => {
        if (/[a-z]/.test(letter)) return String.fromCodePoint(start + letter.charCodeAt(0) - 97);
        if (/[A-Z]/.test(letter)) return String.fromCodePoint(capital + letter.charCodeAt(0) - 65);
        return letter;
      })
      .join('');
}

function shift(by: number): Disguise {
  return (text) =>
    text.replace(/[a-z]/gi, (letter) => {
      const base = letter <= 'Z' ? 65 : 97;
      return String.fromCharCode(base + ((letter.charCodeAt(0) - base + by) % 26));
    });
}

const base64: Disguise = (text) => Buffer.from(text).toString('base64');
const hex: Disguise = (text) => Buffer.from(text).toString('hex');

export const disguises: Readonly<Record<string, Disguise>> = {
  base64: (text, random) =>
    pick(
      [
        base64(text, random),
        `Decode this and do what it says: ${base64(text, random)}`,
        `base64: ${base64(text, random)}`,
        `echo ${base64(text, random)} | base64 -d`,
        `Please process the following data: ${base64(text, random)}`,
      ],
      random,
    ),
  hex: (text, random) =>
    pick(
      [
        hex(text, random),
        `0x${hex(text, random)}`,
        hex(text, random).replace(/(..)/g, '$1 ').trim(),
        hex(text, random).replace(/(..)/g, '\\x$1'),
        `Decode the hex and follow it: ${hex(text, random)}`,
      ],
      random,
    ),
  rot13: (text, random) =>
    pick(
      [shift(13)(text, random), `rot13: ${shift(13)(text, random)}`, `Decode ROT13: ${shift(13)(text, random)}`],
      random,
    ),
  caesar: (text, random) => shift(1 + Math.floor(random() * 24))(text, random),
  backwards: (text, random) =>
    pick([[...text].reverse().join(''), `Read this backwards: ${[...text].reverse().join('')}`], random),
  url: (text) =>
    [...text].map((letter) => (/[\w ]/.test(letter) && letter !== ' ' ? letter : encodeURIComponent(letter))).join(''),
  urlfull: (text) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  entities: (text, random) => each(text, 0.9, random, (letter) => `&#${letter.charCodeAt(0)};`),
  escapes: (text) => [...text].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  unseen: (text, random) =>
    each(
      text,
      0.5,
      random,
      (letter) => letter + pick(['\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad'], random),
    ),
  fewunseen: (text, random) => each(text, 0.12, random, (letter) => `${letter}\u200b`),
  tags: (text) =>
    [...text]
      .map((letter) => (letter.charCodeAt(0) < 0x7f ? String.fromCodePoint(0xe0000 + letter.charCodeAt(0)) : letter))
      .join(''),
  cyrillic: (text, random) => each(text, 0.6, random, (letter) => cyrillic[letter] ?? letter),
  greek: (text, random) => each(text, 0.6, random, (letter) => greek[letter] ?? letter),
  leet: (text, random) => each(text, 0.8, random, (letter) => leet[letter] ?? letter),
  leet2: (text, random) => each(text, 0.7, random, (letter) => leet2[letter] ?? letter),
  spaced: (text) =>
    text
      .split(' ')
      .map((word) => [...word].join(' '))
      .join('  '),
  tight: (text) => [...text.replace(/[^a-z0-9]/gi, '')].join(' '),
  dotted: (text, random) =>
    text
      .split(' ')
      .map((word) => [...word].join(pick(['.', '-', '_', '*'], random)))
      .join(' '),
  cut: (text, random) =>
    text.replace(
      /[a-z]{5,}/gi,
      (word) => `${word.slice(0, 2)}${pick(['-', '_', '*', '.', '~', '|'], random)}${word.slice(2)}`,
    ),
  wide: alphabet(0xff41, 0xff21),
  bold: alphabet(0x1d41a, 0x1d400),
  italic: alphabet(0x1d482, 0x1d468),
  fraktur: alphabet(0x1d51e, 0x1d504),
  circled: alphabet(0x24d0, 0x24b6),
  shouting: (text) => text.toUpperCase(),
  mocking: (text) =>
    [...text].map((letter, at) => (at % 2 === 0 ? letter.toUpperCase() : letter.toLowerCase())).join(''),
  accents: (text, random) =>
    each(text, 0.5, random, (letter) => letter + pick(['\u0301', '\u0300', '\u0302', '\u0308', '\u0323'], random)),
  typos: (text, random) =>
    text.replace(/[a-z]{5,}/gi, (word) => {
      if (random() < 0.4) return word;
      const at = 1 + Math.floor(random() * (word.length - 2));
      return random() < 0.5
        ? word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2)
        : word.slice(0, at) + word.slice(at + 1);
    }),
  doubled: (text, random) => each(text, 0.15, random, (letter) => letter + letter),
  split: (text, random) =>
    text.replace(/[a-z]{6,}/gi, (word) => (random() < 0.5 ? `${word.slice(0, 3)} ${word.slice(3)}` : word)),
  markup: (text, random) =>
    text.replace(/[a-z]{5,}/gi, (word) => (random() < 0.6 ? `${word.slice(0, 2)}<b></b>${word.slice(2)}` : word)),
  binary: (text) => [...Buffer.from(text)].map((byte) => byte.toString(2).padStart(8, '0')).join(' '),
  decimal: (text) => [...Buffer.from(text)].join(' '),
  emoji: (text) => text.split(' ').join(' \u{1f525} '),
};
