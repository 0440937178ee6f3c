// A command as people write it, and as a list of words, both ways. Words are split as a shell would, but nothing is ever
// expanded: no shell runs it. Pure.

/** null: a quote is not closed. */
export function splitCommand(line: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quote: string | null = null;
  for (let at = 0; at < line.length; at += 1) {
    const char = line.charAt(at);
    if (quote !== null) {
      if (char === quote) quote = null;
      else if (char === '\\' && quote === '"' && /["\\]/.test(line.charAt(at + 1)))
        word = (word ?? '') + line.charAt(++at);
      else word = (word ?? '') + char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/\s/.test(char)) {
      // A backslash at the end of a line joins it with the next; that case never gets here.
      if (word !== null) words.push(word);
      word = null;
    } else if (char === '\\' && /[\s"'\\]/.test(line.charAt(at + 1))) {
      at += 1;
      if (line.charAt(at) !== '\n') word = (word ?? '') + line.charAt(at);
    } else word = (word ?? '') + char;
  }
  if (quote !== null) return null;
  if (word !== null) words.push(word);
  return words;
}

/** Written so that `splitCommand` reads the same words again. */
export function joinCommand(words: readonly string[]): string {
  return words
    .map((word) => (word !== '' && !/[\s"'\\]/.test(word) ? word : `"${word.replaceAll(/["\\]/g, String.raw`\$&`)}"`))
    .join(' ');
}

/** A name for a server that runs this: the package's or the program's, in the letters that names may have. */
export function nameFor(words: readonly string[]): string {
  const [command = '', ...rest] = words;
  const runner = /^(npx|bunx|uvx|pnpm|yarn|node|python3?|uv|docker|deno)(\.exe|\.cmd)?$/.test(baseName(command));
  const told = runner ? rest.find((word) => !word.startsWith('-') && !/^(run|exec|dlx|tool)$/.test(word)) : command;
  return asServerName(baseName(told ?? command).replace(/@[^@]*$/, ''));
}

/** From a URL: its host without what all hosts have. */
export function nameForUrl(url: string): string {
  if (!URL.canParse(url)) return '';
  const { hostname } = new URL(url);
  return asServerName(hostname.replace(/^(www|mcp|api)\./, '').replace(/\.[a-z]+$/i, ''));
}

/** The nearest thing that may name a server, or the empty string. */
export function asServerName(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toLowerCase();
  const name = plain
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^(mcp-server-|server-|mcp-)(?=.)/, '')
    .replace(/(-mcp-server|-mcp|-server)$/, '')
    .replaceAll(/^-+|-+$/g, '');
  return name.slice(0, 63).replace(/-+$/, '');
}

function baseName(path: string): string {
  return (
    path
      .split(/[/\\]/)
      .findLast((part) => part !== '')
      ?.replace(/\.(exe|cmd|js|mjs|py|ts)$/, '') ?? ''
  );
}

export const serverNamePattern = /^[a-z0-9][a-z0-9-]{0,62}$/;
