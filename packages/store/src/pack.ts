// Makes plaintexts smaller before they are sealed: a request and its answer repeat each other, and what is sealed can be
// made smaller by nobody after us. What was packed is known by its first bytes, so nothing else need be noted about it.
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** The first bytes of everything that zstd writes; no JSON begins so. */
const mark = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
/** Below it, packing takes longer than it saves. */
const worthwhile = 16 * 1024;
const quick = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** The plaintext itself where packing gains little; `unpack` tells them apart, whatever the plaintext holds. */
export function pack(plaintext: Buffer): Buffer {
  const looksPacked = plaintext.subarray(0, mark.length).equals(mark);
  if (plaintext.length < worthwhile && !looksPacked) return plaintext;
  const packed = zstdCompressSync(plaintext, quick);
  return looksPacked || packed.length < plaintext.length - plaintext.length / 16 ? packed : plaintext;
}

/** What `pack` was given. Throws for bytes that it cannot have made. */
export function unpack(packed: Buffer): Buffer {
  return packed.subarray(0, mark.length).equals(mark) ? zstdDecompressSync(packed) : packed;
}
