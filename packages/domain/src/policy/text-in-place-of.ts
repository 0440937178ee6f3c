import { createHmac } from 'node:crypto';
import type { RedactionStyle } from './action.ts';

export interface Replaced {
  /** Goes between the quotes of a JSON string. */
  readonly text: string;
  /** Set where the text can come back. */
  readonly token: string | null;
}

/** What takes the place of the bytes [start, end) of a JSON string or number. */
export function textInPlaceOf(
  raw: Buffer,
  start: number,
  end: number,
  style: RedactionStyle,
  named: {
    readonly detector: string;
    readonly text: string;
    readonly key: () => Uint8Array;
    readonly conversation: string;
  },
): Replaced {
  switch (style) {
    case 'remove':
      return { text: '', token: null };
    case 'replace':
      return { text: JSON.stringify(named.text).slice(1, -1), token: null };
    case 'label':
      return { text: `[redacted:${named.detector}]`, token: null };
    case 'hash':
      return { text: `[hash:${digest(named.key(), 'hash', seen(raw, start, end))}]`, token: null };
    case 'tokenise': {
      const token = tokenPrefix + digest(named.key(), `token ${named.conversation}`, seen(raw, start, end));
      return { text: token, token };
    }
    case 'mask':
      return { text: '*'.repeat([...seen(raw, start, end)].length), token: null };
  }
}

export const tokenPrefix = 'mcpvault-token-';
export const tokenPattern = /mcpvault-token-[0-9a-f]{24}/g;

/** Keyed: who sees the digest of a card number must not find the number by trying them all. */
function digest(key: Uint8Array, purpose: string, text: string): string {
  return createHmac('sha256', key).update(purpose).update('\0').update(text).digest('hex').slice(0, 24);
}

/** The text as a reader of the message sees it. */
export function seen(raw: Buffer, start: number, end: number): string {
  const written = raw.toString('utf8', start, end);
  try {
    return String(JSON.parse(`"${written}"`));
  } catch {
    return written;
  }
}
