const runLength = 4;
const mostRuns = 4_000;
/** Characters of one text; what is copied from further behind is not seen as copied. */
const longest = 65_536;

/** Each four words in a row; words are letters and digits, in lower case. */
export function runsOf(text: string): readonly string[] {
  const words =
    text
      .slice(0, longest)
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  const runs: string[] = [];
  for (let at = 0; at + runLength <= words.length && runs.length < mostRuns; at++)
    runs.push(words.slice(at, at + runLength).join(' '));
  return runs;
}
