// To which hub this computer belongs, and what of that lies in a file: everything but the credential.
import type { PublicKey } from '@mcpvault/domain/audit/checkpoint';
import { Failure } from '@mcpvault/domain/failure';
import { readJson, writeJson } from '../state/json-file.ts';

export interface Enrolment {
  readonly hub: string;
  readonly workstation: string;
  readonly organization: { readonly id: string; readonly name: string };
  readonly member: { readonly id: string; readonly email: string };
  /** Those that may sign the next bundle. */
  readonly keys: readonly PublicKey[];
  readonly pollSeconds: number;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** What was said of this computer. */
  readonly about: Readonly<Record<string, unknown>>;
}

/** null: this computer belongs to no hub. Throws for a file that is there and cannot be read: governed stays governed. */
export async function readEnrolment(path: string): Promise<Enrolment | null> {
  const read = await readJson(path);
  if (read === undefined) return null;
  const found = read as Partial<Enrolment>;
  if (typeof found.hub === 'string' && typeof found.workstation === 'string' && Array.isArray(found.keys)) {
    return read as Enrolment;
  }
  throw new Failure('conflict', `${path} is not what this version writes. Enrol again: mcpvault workstation enroll`);
}

export function writeEnrolment(path: string, enrolment: Enrolment): Promise<void> {
  return writeJson(path, enrolment);
}
