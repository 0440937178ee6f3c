// What a command line really starts. Shells, `env`, `cmd /c` and package runners stand in front of it, by habit or to hide.

export interface Unwrapped {
  /** The program without its folder and extension, in lower case. */
  readonly program: string;
  readonly args: readonly string[];
  /** What stood in front, outermost first, such as `bash -c` or `env -S`. */
  readonly wrappers: readonly string[];
}

const deepest = 6;

export function unwrap(command: string, args: readonly string[]): Unwrapped {
  const wrappers: string[] = [];
  let words: readonly string[] = [command, ...args];
  // Some write the whole line into the command.
  if (args.length === 0 && /\s/.test(command) && !/[\\/]/.test(command.split(/\s/)[0] ?? '')) words = split(command);
  for (let round = 0; round < deepest; round += 1) {
    const next = inner(words);
    if (next === undefined) break;
    wrappers.push(next.wrapper);
    words = next.words;
  }
  return { program: programOf(words[0] ?? ''), args: words.slice(1), wrappers };
}

/** `C:\Program Files\nodejs\npx.cmd` as `npx`. */
export function programOf(command: string): string {
  const name = command.split(/[\\/]/).at(-1) ?? '';
  return name.toLowerCase().replace(/\.(?:exe|cmd|bat|ps1|mjs|cjs|js)$/, '');
}

const shells = new Set(['sh', 'bash', 'zsh', 'dash', 'ksh', 'fish']);
const powershells = new Set(['powershell', 'pwsh']);

function inner(words: readonly string[]): { readonly wrapper: string; readonly words: readonly string[] } | undefined {
  const [first = '', ...rest] = words;
  const program = programOf(first);
  if (shells.has(program)) {
    const at = rest.findIndex((word) => /^-[a-z]*c$/.test(word));
    const script = at < 0 ? undefined : rest[at + 1];
    return script === undefined ? undefined : { wrapper: `${program} -c`, words: split(lastCommand(script)) };
  }
  if (powershells.has(program)) {
    const at = rest.findIndex((word) => /^-(?:c|command)$/i.test(word));
    return at < 0 ? undefined : { wrapper: `${program} -command`, words: split(rest.slice(at + 1).join(' ')) };
  }
  if (program === 'cmd') {
    const at = rest.findIndex((word) => /^\/[ck]$/i.test(word));
    const line = rest.slice(at + 1);
    return at < 0 ? undefined : { wrapper: 'cmd /c', words: line.length === 1 ? split(line[0] ?? '') : line };
  }
  return program === 'env' ? behindEnv(rest) : behindPrefix(program, rest);
}

function behindEnv(
  rest: readonly string[],
): { readonly wrapper: string; readonly words: readonly string[] } | undefined {
  let at = 0;
  for (; at < rest.length; at += 1) {
    const word = rest[at] ?? '';
    const joined = /^(?:-S|--split-string=)(.+)$/.exec(word)?.[1];
    if (joined !== undefined) return { wrapper: 'env -S', words: [...split(joined), ...rest.slice(at + 1)] };
    if (word === '-S' || word === '--split-string') {
      return { wrapper: 'env -S', words: [...split(rest[at + 1] ?? ''), ...rest.slice(at + 2)] };
    }
    if (word === '-u' || word === '--unset' || word === '-C' || word === '--chdir') at += 1;
    else if (!word.startsWith('-') && !/^\w+=/.test(word)) break;
  }
  return at < rest.length ? { wrapper: 'env', words: rest.slice(at) } : undefined;
}

/** Programs that run what follows them as it is. */
const prefixes = new Set([
  'nice',
  'nohup',
  'exec',
  'command',
  'sudo',
  'doas',
  'time',
  'setsid',
  'stdbuf',
  'caffeinate',
]);

function behindPrefix(program: string, rest: readonly string[]) {
  if (!prefixes.has(program)) return undefined;
  const at = rest.findIndex((word) => !word.startsWith('-'));
  return at < 0 ? undefined : { wrapper: program, words: rest.slice(at) };
}

/** Of a script, what is started last: what stands before prepares it. */
function lastCommand(script: string): string {
  const parts = script.split(/&&|\|\||;|\n/).map((part) => part.trim());
  return parts.findLast((part) => part !== '' && !part.startsWith('#')) ?? '';
}

/** Words as a shell would split them, quotes and backslashes understood, nothing expanded. */
function split(line: string): string[] {
  const words: string[] = [];
  const word = /(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)|([^\s"'\\]))/y;
  let current: string | undefined;
  for (let at = 0; at < line.length; ) {
    if (/\s/.test(line.charAt(at))) {
      if (current !== undefined) words.push(current);
      current = undefined;
      at += 1;
      continue;
    }
    word.lastIndex = at;
    const found = word.exec(line);
    const [whole = line.charAt(at), double, single, escaped, plain] = found ?? [];
    current = (current ?? '') + (double?.replace(/\\(["\\$`])/g, '$1') ?? single ?? escaped ?? plain ?? whole);
    at += whole.length;
  }
  if (current !== undefined) words.push(current);
  return words;
}
