// Lines of calls as one column. They repeat each other, so they are pressed here: in less time than the database takes, and
// to a fraction of the size. Rows of earlier versions hold the lines as they are.
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

const zstdMagic = Buffer.of(0x28, 0xb5, 0x2f, 0xfd);
const options = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
/** Far more than one batch can hold; what says it is larger was not written here. */
const mostBytes = 64 * 1024 * 1024;

export function packLines(lines: readonly Buffer[]): Buffer {
  return zstdCompressSync(Buffer.concat(lines), options);
}

/** Without their ends. None for what somebody spoilt in the database, which whoever checks the log then notices. */
export function unpackLines(packed: Buffer): readonly string[] {
  return unpacked(packed).toString().split('\n').slice(0, -1);
}

function unpacked(packed: Buffer): Buffer {
  if (!packed.subarray(0, zstdMagic.length).equals(zstdMagic)) return packed;
  try {
    return zstdDecompressSync(packed, { maxOutputLength: mostBytes });
  } catch {
    return Buffer.alloc(0);
  }
}
