// Names, descriptions and results come from servers that nobody vetted. A terminal obeys control characters; these make
// them visible instead.

/** Control characters without tab and line feed, and the marks that reorder text. */
const dangerous = /(?![\t\n])[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Keeps tabs and line breaks; everything else that a terminal would obey is shown as a picture of itself. */
export function safeText(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(dangerous, visible);
}

/** As `safeText`, on one line. */
export function safeLine(text: string): string {
  return safeText(text)
    .replace(/\s*\n\s*/g, ' ')
    .replaceAll('\t', ' ')
    .trim();
}

/** What a server sent where text should be: text as it is, other values as JSON, nothing as nothing. */
export function asText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** JSON that means the same, with the characters a terminal obeys written as escapes. */
export function safeJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, null, indent) ?? 'null';
  return text.replace(dangerous, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function visible(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '\u2421' : '\ufffd';
}
