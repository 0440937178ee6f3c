interface Span {
  readonly start: number;
  readonly end: number;
}

const unit = String.raw`\\u[0-9A-Fa-f]{4}`;
const highSurrogate = String.raw`\\u[Dd][89ABab][0-9A-Fa-f]{2}`;
const lowSurrogate = String.raw`\\u[Dd][C-Fc-f][0-9A-Fa-f]{2}`;
const pair = new RegExp(`${highSurrogate}${lowSurrogate}`, 'y');
const escape = new RegExp(String.raw`${unit}|\\[^]`, 'y');
const longestWritten = 12;

/**
 * The span cut to the string [from, to) of a Latin-1 view and widened so that it splits no escape, no escaped surrogate
 * pair and no UTF-8 sequence.
 */
export function wholeCharacters(text: string, from: number, to: number, span: Span): Span {
  const start = Math.max(from, span.start);
  const end = Math.min(to, span.end);
  return { start: widened(text, from, to, start).start, end: widened(text, from, to, end).end };
}

/** The written character that `at` lies strictly inside of, or `at` itself twice. */
function widened(text: string, from: number, to: number, at: number): Span {
  for (let start = Math.max(from, at - longestWritten + 1); start < at; start++) {
    if (text.charCodeAt(start) !== 0x5c || backslashesBefore(text, from, start) % 2 === 1) continue;
    const end = writtenEnd(text, start);
    if (end > at) return { start, end: Math.min(end, to) };
  }
  let start = at;
  while (start > from && isContinuation(text, start)) start--;
  let end = at;
  while (end < to && isContinuation(text, end)) end++;
  return { start, end };
}

function writtenEnd(text: string, start: number): number {
  for (const form of [pair, escape]) {
    form.lastIndex = start;
    if (form.test(text)) return form.lastIndex;
  }
  return start + 1;
}

function backslashesBefore(text: string, from: number, at: number): number {
  let first = at;
  while (first > from && text.charCodeAt(first - 1) === 0x5c) first--;
  return at - first;
}

function isContinuation(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x80 && code < 0xc0;
}
