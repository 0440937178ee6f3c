// Where a token can begin. In raw JSON the letter before a token may belong to an escape (`\n`, `\u2028`), to a percent
// code or to a terminal colour, and then it is no part of a word.

const escapeBefore = String.raw`(?<=\\[bfnrt]|\\u[0-9A-Fa-f]{4}|%[0-9A-Fa-f]{2}|\[[0-9;]{0,12}m)`;
/** For the `behind` of anchors: no letter or digit of the same word stands here. */
export const wordEdge = String.raw`(?:(?<![0-9A-Za-z])|\\[bfnrt])`;
const wordStart = new RegExp(`(?<![A-Za-z0-9])|${escapeBefore}`, 'y');
const runStart = new RegExp(`(?<![A-Za-z0-9_-])|${escapeBefore}`, 'y');

/** True when no letter or digit of the same word stands before `at`. */
export function beginsWord(text: string, at: number): boolean {
  wordStart.lastIndex = at;
  return wordStart.test(text);
}

/** The same for tokens whose alphabet also has `-` and `_`: true only at the first character of such a run. */
export function beginsRun(text: string, at: number): boolean {
  runStart.lastIndex = at;
  return runStart.test(text);
}
