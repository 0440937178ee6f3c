// Takes a TypeScript source and blanks what is not code, keeping every position: comments and the text of templates, and
// the contents of strings too where asked. Not a parser: knows just enough not to be fooled by quotes inside each other.

export function codeOnly(source: string, keepStrings: boolean): string {
  const out = source.split('');
  const blank = (from: number, to: number): void => {
    for (let i = from; i < to; i += 1) if (out[i] !== '\n') out[i] = ' ';
  };
  /** Braces opened inside each template expression that is open; the innermost last. */
  const templates: number[] = [];
  let at = 0;
  while (at < source.length) {
    const char = source.charAt(at);
    const two = source.slice(at, at + 2);
    if (two === '//') {
      const end = endOr(source.indexOf('\n', at), source);
      blank(at, end);
      at = end;
    } else if (two === '/*') {
      const end = endOr(source.indexOf('*/', at + 2) + 2, source, 2);
      blank(at, end);
      at = end;
    } else if (char === "'" || char === '"') {
      const end = endOfString(source, at);
      if (!keepStrings) blank(at + 1, end - 1);
      at = end;
    } else if (char === '`' || (char === '}' && templates.at(-1) === 0)) {
      if (char === '}') templates.pop();
      const end = endOfTemplateText(source, at + 1);
      blank(at + 1, end);
      if (source.startsWith('${', end)) templates.push(0);
      at = end + (source.startsWith('${', end) ? 2 : 1);
    } else if (char === '/' && mayStartRegExp(out, at)) {
      const end = endOfRegExp(source, at);
      blank(at + 1, end - 1);
      at = end;
    } else {
      const open = templates.length - 1;
      if (open >= 0 && char === '{') templates[open] = (templates[open] ?? 0) + 1;
      if (open >= 0 && char === '}') templates[open] = (templates[open] ?? 0) - 1;
      at += 1;
    }
  }
  return out.join('');
}

function endOr(found: number, source: string, least = 0): number {
  return found < least || found === -1 ? source.length : found;
}

/** A string ends at its quote, and at the end of the line at the latest (an apostrophe in JSX text opens none). */
function endOfString(source: string, start: number): number {
  const quote = source.charAt(start);
  for (let at = start + 1; at < source.length; at += 1) {
    const char = source.charAt(at);
    if (char === '\\') at += 1;
    else if (char === quote) return at + 1;
    else if (char === '\n') return at;
  }
  return source.length;
}

/** The position of the closing backtick or of the next `${`. */
function endOfTemplateText(source: string, start: number): number {
  for (let at = start; at < source.length; at += 1) {
    if (source.charAt(at) === '\\') at += 1;
    else if (source.charAt(at) === '`' || source.startsWith('${', at)) return at;
  }
  return source.length;
}

/** A slash starts a regular expression where a value may stand, and divides where one has just ended. */
function mayStartRegExp(out: readonly string[], at: number): boolean {
  let before = at - 1;
  while (before >= 0 && /\s/.test(out[before] ?? '')) before -= 1;
  const line = out.slice(Math.max(0, before - 9), before + 1).join('');
  return before < 0 || /[([{,;:=!&|?+\-*%~^>]$|\b(return|typeof|case|of|in|await|yield)$/.test(line);
}

function endOfRegExp(source: string, start: number): number {
  let inClass = false;
  for (let at = start + 1; at < source.length; at += 1) {
    const char = source.charAt(at);
    if (char === '\\') at += 1;
    else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    else if (char === '/' && !inClass) return at + 1;
    else if (char === '\n') return at;
  }
  return source.length;
}
