import type { Encoding } from '../inspection/views/view.ts';

/**
 * `text` in the encoding of what it replaces, so that what stands around it can still be decoded. In base64 and in
 * hexadecimal digits it is cut, or filled with asterisks, to the same number of bytes: pictures are read by lengths.
 */
export function encodedLike(text: string, encoding: Encoding, written: string): string {
  if (encoding === 'percent') return encodeURIComponent(text);
  const plain = written.replaceAll(/\\(?:[nrt]|u000[9AaDd])/g, '').replaceAll('\\', '');
  const bytes = fitted(text, Buffer.from(plain, encoding).length);
  if (encoding === 'hex') return bytes.toString('hex');
  const encoded = bytes.toString(/[-_]/.test(plain) ? 'base64url' : 'base64');
  return plain.endsWith('=') ? encoded : encoded.replaceAll('=', '');
}

function fitted(text: string, length: number): Buffer {
  const bytes = Buffer.alloc(length, '*');
  bytes.write(text.slice(0, length), 'latin1');
  return bytes;
}
