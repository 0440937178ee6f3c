/** What stands between spaces, commas and semicolons. Pure. */
export function wordsIn(text: string): string[] {
  return text.split(/[\s,;]+/).filter((word) => word !== '');
}
