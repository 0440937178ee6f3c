// The computer that this runs on, as far as it matters here. Handed in, so that paths of Windows and macOS can be tested on
// any machine, and so that a scan cannot touch more than these few questions ask.
import type { Platform } from '../catalogue/client.ts';

export interface Machine {
  readonly platform: Platform;
  /** Absolute, in the platform's own spelling. */
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly files: Files;
}

/** Reading only: what a scan may do. Paths are absolute and in the platform's own spelling. */
export interface Files {
  /** Never more than `limit` bytes are read. */
  read(path: string, limit: number): Promise<FileContent>;
  /** Names in a folder; none where it is absent, no folder, or closed. */
  list(path: string): Promise<readonly string[]>;
  exists(path: string): Promise<boolean>;
}

export type FileContent =
  | { readonly state: 'read'; readonly bytes: Uint8Array; readonly linkTarget?: string }
  /** `privacy-denied`: the operating system keeps applications from each other's data. */
  | { readonly state: 'absent' | 'no-permission' | 'privacy-denied' | 'not-a-file' | 'too-large' | 'unreadable' };
