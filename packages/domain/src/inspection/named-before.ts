/** How far before a number its name may stand: a key with its quotes, or a few words of a sentence. */
const reach = 56;

/** True when one of `words` stands shortly before `at`. */
export function namedBefore(text: string, at: number, words: RegExp): boolean {
  const before = text.slice(Math.max(0, at - reach), at);
  // The letter of an escape is no part of the word that follows it.
  return words.test(before.includes('\\') ? before.replaceAll(/\\[bfnrt]/g, ' ') : before);
}
