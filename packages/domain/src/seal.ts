// AES-256-GCM as this room uses it everywhere: nonce (12 bytes), ciphertext, tag (16 bytes), and additional data that ties
// the result to what it belongs to. Every nonce is fresh random; a key is good for some 2^32 of them.
import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Random } from './ambient.ts';

const nonceBytes = 12;
const tagBytes = 16;
/** More at once is encrypted into new memory that costs more than the encrypting. */
const pieceBytes = 256 * 1024;

/** `key` has 32 bytes. */
export function seal(key: Buffer, about: string, plaintext: Buffer, random: Random): Buffer {
  const sealed = Buffer.allocUnsafe(nonceBytes + plaintext.length + tagBytes);
  const nonce = random.bytes(nonceBytes);
  sealed.set(nonce, 0);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(about));
  for (let at = 0; at < plaintext.length; at += pieceBytes) {
    sealed.set(cipher.update(plaintext.subarray(at, at + pieceBytes)), nonceBytes + at);
  }
  cipher.final();
  sealed.set(cipher.getAuthTag(), nonceBytes + plaintext.length);
  return sealed;
}

/** null when it was sealed with another key or about something else, or was changed since. */
export function unseal(key: Buffer, about: string, sealed: Buffer): Buffer | null {
  if (sealed.length < nonceBytes + tagBytes) return null;
  const end = sealed.length - tagBytes;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes));
  decipher.setAAD(Buffer.from(about));
  decipher.setAuthTag(sealed.subarray(end));
  const plaintext = decipher.update(sealed.subarray(nonceBytes, end));
  try {
    decipher.final();
    return plaintext;
  } catch {
    return null;
  }
}
