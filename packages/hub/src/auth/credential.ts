// Credentials are random texts with a prefix that says what they are. They are shown once to whoever asked for them; what
// is kept, here and in the database, is their SHA-256.
import { createHash, hash } from 'node:crypto';
import type { Random } from '@mcpvault/domain/ambient';

export const credentialPrefixes = {
  token: 'mcpv_',
  access: 'mcpa_',
  refresh: 'mcpr_',
  link: 'mcpl_',
  impersonation: 'mcpi_',
  provisioning: 'mcpp_',
  enrolment: 'mcpe_',
  workstation: 'mcpw_',
  workstationAccess: 'mcpx_',
} as const;
export type CredentialKind = keyof typeof credentialPrefixes;

const kinds = Object.keys(credentialPrefixes) as readonly CredentialKind[];

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 40 characters of 62 are 238 bits. */
const randomLength = 40;
const shownLength = 9;
/** Longer ones are none of ours, and not worth hashing. */
const longest = 100;

export function makeCredential(kind: CredentialKind, random: Random): string {
  let value = '';
  while (value.length < randomLength) {
    // Bytes past the last multiple of 62 would favour the first letters.
    for (const byte of random.bytes(randomLength)) {
      if (byte < 248 && value.length < randomLength) value += alphabet[byte % 62];
    }
  }
  return credentialPrefixes[kind] + value;
}

export function hashOf(credential: string): Buffer {
  return createHash('sha256').update(credential).digest();
}

/** The same as a short string, for keys of maps. */
export function digestOf(credential: string): string {
  return hash('sha256', credential);
}

/** The first characters, which may be shown to tell tokens apart. */
export function shownPrefix(credential: string): string {
  return credential.slice(0, shownLength);
}

/** What the text claims to be; null when it is no credential of ours. */
export function kindOf(text: string): CredentialKind | null {
  if (text.length > longest) return null;
  return kinds.find((kind) => text.startsWith(credentialPrefixes[kind])) ?? null;
}
