// How far each journal of this computer has reached the hub. Only the agent writes it; bridges read it to let go of what has
// arrived.
import { readJson, writeJson } from '../state/json-file.ts';

export interface Shipped {
  /** Every block up to this position has arrived. */
  readonly position: number;
  /** Of the next item that the hub is told. */
  readonly sequence: number;
  /** Records that the hub was told are lost. */
  readonly lost: number;
  /** Written before the hub is told, so that the same words are said again after a crash. */
  readonly telling?: { readonly sequence: number; readonly lost: number };
}

export interface Ledger {
  readonly journals: Readonly<Record<string, Shipped>>;
}

export const nothingShipped: Shipped = { position: 0, sequence: 0, lost: 0 };

/** One that cannot be read is none: what is sent again under the same numbers, the hub takes once. */
export async function readLedger(path: string): Promise<Ledger> {
  const read = await readJson(path).catch(() => undefined);
  if (typeof read === 'object' && read !== null && 'journals' in read && typeof read.journals === 'object') {
    return read as Ledger;
  }
  return { journals: {} };
}

export function writeLedger(path: string, ledger: Ledger): Promise<void> {
  return writeJson(path, ledger);
}
