// The master key wraps the data keys of all organizations. It comes from a setting, a file, or is made at first start.
import type { Random } from '@mcpvault/domain/ambient';

export interface MasterKeyOptions {
  /** 32 bytes as base64 or 64 hexadecimal digits. */
  readonly value?: string | undefined;
  /** A file that holds the same. */
  readonly file?: string | undefined;
  /** Where `master.key` is looked for, or made, when neither is given. */
  readonly dataDir: string;
  readonly random: Random;
}

export interface MasterKey {
  readonly key: Buffer;
  /** True when it was made just now: the operator should be told to keep a copy. */
  readonly generated: boolean;
  /** Where it came from, for people. */
  readonly source: string;
}
