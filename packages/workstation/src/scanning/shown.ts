// What of a server's definition may be shown: programs, packages and hosts, never what could open something.
import { entropy } from '@mcpvault/domain/inspection/entropy';

export const hidden = '[hidden]';

/** Words of a command line; those at the given numbers, and whatever looks random, are hidden. */
export function shownWords(words: readonly string[], secretAt: ReadonlySet<number>): readonly string[] {
  return words.map((word, index) => (secretAt.has(index) ? hidden : shownWord(word)));
}

export function shownWord(word: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(word)) return shownUrl(word);
  const [, flag, value] = /^(--?[\w-]+=)(.+)$/s.exec(word) ?? [];
  if (flag !== undefined && value !== undefined) return `${flag}${shownWord(value)}`;
  return looksRandom(word) ? hidden : word;
}

/** Scheme, host and path; who signs in and what is asked stay hidden. */
export function shownUrl(url: string): string {
  if (!URL.canParse(url))
    return /[?#@]/.test(url) ? (url.split(/[?#]/)[0] ?? '').replace(/\/\/[^/]*@/, `//${hidden}@`) : url;
  const { protocol, host, pathname, search, username, password } = new URL(url);
  const who = username !== '' || password !== '' ? `${hidden}@` : '';
  const path = pathname.split('/').map((part) => (looksRandom(part) ? hidden : part));
  return `${protocol}//${who}${host}${path.join('/')}${search === '' ? '' : `?${hidden}`}`;
}

function looksRandom(word: string): boolean {
  const letters = word.replace(/[^A-Za-z0-9]/g, '');
  if (letters.length < 20 || !/\d/.test(letters) || !/[A-Za-z]/.test(letters)) return false;
  // Packages, paths and versions are made of words.
  if (/[\\/@:.]/.test(word) && word.split(/[\\/@:._-]/).every((part) => part.length < 20)) return false;
  return entropy(letters.slice(0, 512)) >= 3.4;
}
