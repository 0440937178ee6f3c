// Bytes to text and back. Only UTF-8 is ever written; UTF-16 is read, so that servers in such a file are still seen.

export interface DecodedText {
  /** Without the byte-order mark. */
  readonly text: string;
  readonly hasBom: boolean;
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be';
}

/** undefined where the bytes are text in none of them. */
export function decodeConfig(bytes: Uint8Array): DecodedText | undefined {
  const wide = wideEncoding(bytes);
  const encoding = wide ?? 'utf-8';
  try {
    const text = new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
    const hasBom = text.startsWith('\ufeff');
    return { text: hasBom ? text.slice(1) : text, hasBom, encoding };
  } catch {
    return undefined;
  }
}

/** The bytes of a file that was UTF-8. */
export function encodeConfig(text: string, hasBom: boolean): Uint8Array {
  return Buffer.from(hasBom ? `\ufeff${text}` : text, 'utf8');
}

function wideEncoding([first, second, third, fourth]: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  // Without a mark, text that begins with two plain characters gives itself away.
  if (first !== 0 && second === 0 && third !== 0 && fourth === 0) return 'utf-16le';
  return first === 0 && second !== 0 && third === 0 && fourth !== 0 ? 'utf-16be' : undefined;
}
