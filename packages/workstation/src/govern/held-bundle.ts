// The bundle that this computer holds, checked anew whenever it is read: what lies in a file somebody may have changed.
import type { Bundle, SignedBundle } from '@mcpvault/protocol/hub-link/policy-bundle';
import { type BundleRefusal, openBundle } from '@mcpvault/domain/workstation/signed-bundle';
import type { Enrolment } from '../enrolment/enrolment.ts';
import { readJson } from '../state/json-file.ts';

export type HeldBundle =
  | { readonly bundle: Bundle }
  /** `absent`: enrolled, and none came yet. */
  | { readonly refused: BundleRefusal | 'absent' };

/** Its end is not looked at: what happens then is for its own settings to say. */
export async function readBundle(path: string, enrolment: Enrolment): Promise<HeldBundle> {
  const signed = (await readJson(path).catch(() => ({}))) as Partial<SignedBundle> | undefined;
  if (signed === undefined) return { refused: 'absent' };
  if (typeof signed.text !== 'string' || !Array.isArray(signed.signatures)) return { refused: 'not_understood' };
  return openBundle(signed as SignedBundle, {
    workstation: enrolment.workstation,
    keys: enrolment.keys,
    newest: null,
    now: 0,
  });
}
