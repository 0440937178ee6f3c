// Text in HTTP headers, as the modern revision mirrors it there: plain where it is plain, else in base64 between marks.

const marked = /^=\?base64\?([A-Za-z0-9+/]*={0,2})\?=$/;

/** A value as it may stand in a header. */
export function encodeHeaderValue(value: string): string {
  const plain = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(value) && !value.startsWith('=?base64?');
  return plain ? value : `=?base64?${Buffer.from(value).toString('base64')}?=`;
}

/** What a header's value stands for; null when it is marked as base64 and is not the base64 of any text. */
export function decodeHeaderValue(value: string): string | null {
  const trimmed = value.replace(/^[ \t]+|[ \t]+$/g, '');
  const base64 = marked.exec(trimmed)?.[1];
  if (base64 === undefined) return trimmed.startsWith('=?base64?') && trimmed.endsWith('?=') ? null : trimmed;
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.toString('base64') !== base64) return null;
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : null;
}
