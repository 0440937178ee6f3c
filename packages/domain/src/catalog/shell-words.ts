// Splits a command line into words as a shell would, and runs nothing. What only a shell can do (pipes, substitutions,
// several commands) is refused by name, since servers are started without one.

export type ShellWords = { readonly words: readonly string[] } | { readonly refused: string };

const operators = /^(?:&&|\|\||[|;&<>]|\d?>{1,2}|<{1,3})/;

export function shellWords(line: string): ShellWords {
  const words: string[] = [];
  let word: string | null = null;
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    if (character === "'" || character === '"') {
      const quoted = readQuoted(line, at);
      if (typeof quoted === 'string') return { refused: quoted };
      word = (word ?? '') + quoted.text;
      at = quoted.end;
    } else if (character === '\\') {
      const escaped = line.charAt(++at);
      if (escaped !== '\n' && escaped !== '') word = (word ?? '') + escaped;
    } else if (/\s/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else if (character === '`' || line.startsWith('$(', at)) {
      return { refused: 'It takes the output of another command (`…` or $(…)).' };
    } else if (operators.test(line.slice(at, at + 3))) {
      return {
        refused: `It joins commands or files with ${operators.exec(line.slice(at, at + 3))?.[0] ?? character}.`,
      };
    } else if (character === '#' && word === null) {
      break;
    } else word = (word ?? '') + character;
  }
  if (word !== null) words.push(word);
  return { words };
}

/** The text between quotes and where they end, or why not. */
function readQuoted(line: string, start: number): { readonly text: string; readonly end: number } | string {
  const quote = line.charAt(start);
  let text = '';
  for (let at = start + 1; at < line.length; at++) {
    const character = line.charAt(at);
    if (character === quote) return { text, end: at };
    if (quote === '"') {
      if (character === '`' || line.startsWith('$(', at))
        return 'It takes the output of another command (`…` or $(…)).';
      if (character === '\\' && /["\\$`\n]/.test(line.charAt(at + 1))) {
        const escaped = line.charAt(++at);
        if (escaped !== '\n') text += escaped;
        continue;
      }
    }
    text += character;
  }
  return `A ${quote} is never closed.`;
}
