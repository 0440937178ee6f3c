// Proves that a text is JSON without building what it says: a message of many megabytes would otherwise cost seconds and
// ten times its size. For short texts the engine's own parser is faster.

const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const BACKSLASH = 92;
const MINUS = 45;
const PLUS = 43;
const POINT = 46;
const ZERO = 48;
const SMALL_A = 97;
const SMALL_E = 101;
const SMALL_F = 102;

/** `text` may be the latin1 view of UTF-8 bytes. Nesting is bounded by the text's length only. */
export function isJson(text: string): boolean {
  /** For every open container whether it is an array. */
  const open: boolean[] = [];
  let at = skipSpace(text, 0);
  for (;;) {
    // A value begins here.
    const code = text.charCodeAt(at);
    if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      const isArray = code === OPEN_BRACKET;
      at = skipSpace(text, at + 1);
      if (text.charCodeAt(at) !== (isArray ? CLOSE_BRACKET : CLOSE_BRACE)) {
        open.push(isArray);
        if (!isArray) at = afterKey(text, at);
        if (at < 0) return false;
        continue;
      }
      at++;
    } else at = afterScalar(text, at, code);
    if (at < 0) return false;
    // A value has ended; so may have the containers around it.
    for (;;) {
      at = skipSpace(text, at);
      const isArray = open.at(-1);
      if (isArray === undefined) return at === text.length;
      const next = text.charCodeAt(at);
      at++;
      if (next === COMMA) {
        at = skipSpace(text, at);
        if (!isArray) at = afterKey(text, at);
        if (at < 0) return false;
        break;
      }
      if (next !== (isArray ? CLOSE_BRACKET : CLOSE_BRACE)) return false;
      open.pop();
    }
  }
}

/** Where the value of a member begins whose key begins at `at`; -1 where there is none. */
function afterKey(text: string, at: number): number {
  const end = text.charCodeAt(at) === QUOTE ? afterString(text, at) : -1;
  if (end < 0) return -1;
  const colon = skipSpace(text, end);
  return text.charCodeAt(colon) === COLON ? skipSpace(text, colon + 1) : -1;
}

function afterScalar(text: string, at: number, code: number): number {
  if (code === QUOTE) return afterString(text, at);
  if (text.startsWith('true', at) || text.startsWith('null', at)) return at + 4;
  if (text.startsWith('false', at)) return at + 5;
  return afterNumber(text, at);
}

function afterNumber(text: string, at: number): number {
  const first = text.charCodeAt(at) === MINUS ? at + 1 : at;
  let end = text.charCodeAt(first) === ZERO ? first + 1 : afterDigits(text, first);
  if (end > 0 && text.charCodeAt(end) === POINT) end = afterDigits(text, end + 1);
  if (end < 0 || (text.charCodeAt(end) | 32) !== SMALL_E) return end;
  const sign = text.charCodeAt(end + 1);
  return afterDigits(text, sign === PLUS || sign === MINUS ? end + 2 : end + 1);
}

/** -1 where there is none. */
function afterDigits(text: string, at: number): number {
  let i = at;
  while (isDigit(text.charCodeAt(i))) i++;
  return i === at ? -1 : i;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= 57;
}

function afterString(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) return i + 1;
    if (code < 32) return -1;
    if (code !== BACKSLASH) continue;
    i = lastOfEscape(text, i + 1);
    if (i < 0) return -1;
  }
  return -1;
}

/** `at` is the character after the backslash. */
function lastOfEscape(text: string, at: number): number {
  switch (text.charAt(at)) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
      return at;
    case 'u':
      for (let i = at + 1; i <= at + 4; i++) {
        const code = text.charCodeAt(i);
        const letter = code | 32;
        if (!isDigit(code) && !(letter >= SMALL_A && letter <= SMALL_F)) return -1;
      }
      return at + 4;
    default:
      return -1;
  }
}

function skipSpace(text: string, at: number): number {
  for (let i = at; ; i++) {
    const code = text.charCodeAt(i);
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return i;
  }
}
