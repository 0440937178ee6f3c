// Which passwords are refused: those that whoever has the lists of leaked ones tries first, and those made of what is known
// about their owner. Nothing else is demanded of them, no capitals and no signs: length and not being guessed is what counts.
import type { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { Failure } from '@mcpvault/domain/failure';

/** Up to where it is looked at: what is strong so far stays strong. */
const judged = 72;
/** Of 0 to 4; from 3 on, more than a hundred million guesses are needed. */
const goodEnough = 3;
/** What has to be left of it without the owner’s names. */
const ownLetters = 8;

/** Loaded by the first password that is set: a few megabytes. */
let estimator: Promise<ZxcvbnFactory> | undefined;

/** `about`: the owner’s e-mail address and names. Throws `invalid_params` with what is wrong; never quotes the password. */
export async function demandGoodPassword(password: string, about: readonly string[]): Promise<void> {
  const known = wordsOf(about);
  if (lettersLeft(password, known) < ownLetters) {
    throw weak('it is mostly your name or your e-mail address, which is tried first');
  }
  estimator ??= load();
  const { score, feedback } = (await estimator).check(password.slice(0, judged), known);
  if (score < goodEnough) throw weak(reasons[feedback.warning ?? ''] ?? 'it would be guessed too soon');
}

async function load(): Promise<ZxcvbnFactory> {
  const [{ ZxcvbnFactory: Factory }, common] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ]);
  return new Factory({ dictionary: common.dictionary, graphs: common.adjacencyGraphs });
}

const leaked = 'it is among the passwords that were leaked most often, or close to one';
const reasons: Readonly<Record<string, string>> = {
  topTen: leaked,
  topHundred: leaked,
  common: leaked,
  similarToCommon: leaked,
  pwned: leaked,
  userInputs: 'it is made of what is known about you',
  namesByThemselves: 'it is made of names',
  commonNames: 'it is made of names',
  wordByItself: 'it is a single word',
  simpleRepeat: 'it repeats itself',
  extendedRepeat: 'it repeats itself',
  sequences: 'it is a row, such as abcd or 6543',
  recentYears: 'it is little more than a year',
  dates: 'it is little more than a date',
  straightRow: 'it is a row of keys',
  keyPattern: 'it is a pattern of keys',
};

function weak(why: string): Failure {
  return new Failure('invalid_params', `password: choose another one; ${why}.`, {
    fix: 'A few words in a row that do not belong together are strong and easy to keep.',
  });
}

/** The texts, and the words in them. */
function wordsOf(about: readonly string[]): string[] {
  const whole = about.map((text) => text.trim().toLowerCase()).filter((text) => text !== '');
  const parts = whole.flatMap((text) => text.split(/[^\p{L}\p{N}]+/u)).filter((part) => part.length >= 3);
  return [...new Set([...whole, ...parts, 'mcpvault'])];
}

function lettersLeft(password: string, known: readonly string[]): number {
  let left = password.toLowerCase();
  for (const word of known.toSorted((one, other) => other.length - one.length)) left = left.replaceAll(word, '');
  return left.length;
}
