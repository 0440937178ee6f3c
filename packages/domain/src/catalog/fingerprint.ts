import { createHash } from 'node:crypto';
import { canonicalJson } from '../audit/canonical-json.ts';

/** The digest of the definition of a tool, prompt or resource: the same however its JSON is written. 32 hex digits. */
export function fingerprintOf(definition: unknown): string {
  return createHash('sha256').update(canonicalJson(definition)).digest('hex').slice(0, 32);
}
