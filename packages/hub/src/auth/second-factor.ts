// Codes as second factor: of an authenticator app (RFC 6238: SHA-1, six digits, 30 seconds, as all of them do), or one of the
// recovery codes that were shown when the first second factor was set up. Each code works once.
import { createHash } from 'node:crypto';
import type { Random } from '@mcpvault/domain/ambient';
import { Failure } from '@mcpvault/domain/failure';
import type { MemberId, OrganizationId } from '@mcpvault/domain/ids';
import type { Sealer } from '@mcpvault/domain/record/recorded-batch';
import type { SealedSecret, SecondFactorsStore } from '@mcpvault/store/second-factors-store';
import { Secret, TOTP } from 'otpauth';

const periodSeconds = 30;
/** A code of the period before or after is taken too: clocks differ, and typing takes time. */
const window = 1;
const secretBytes = 20;
const codes = 10;

export interface Enrolment {
  readonly sealed: SealedSecret;
  /** Base32, to be typed in where nothing can be scanned. */
  readonly secret: string;
  /** `otpauth://` with all an app needs. */
  readonly uri: string;
}

export function newEnrolment(
  { sealer, random }: { readonly sealer: Sealer; readonly random: Random },
  who: { readonly organization: OrganizationId; readonly member: MemberId; readonly email: string },
): Enrolment {
  const bytes = Buffer.from(random.bytes(secretBytes));
  const secret = new Secret({ buffer: new Uint8Array(bytes).buffer });
  const uri = new TOTP({ issuer: 'MCPVault', label: who.email, secret, period: periodSeconds }).toString();
  return { sealed: sealer.seal(who.organization, about(who.member), bytes), secret: secret.base32, uri };
}

export interface Factor {
  readonly sealer: Sealer;
  readonly store: SecondFactorsStore;
  readonly organization: OrganizationId;
  readonly member: MemberId;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Whether the code is one of theirs that was not used yet; uses it up. */
export async function proves({ sealer, store, organization, member, now }: Factor, code: string): Promise<boolean> {
  const plain = code.replaceAll(/[\s-]/g, '').toLowerCase();
  if (!/^\d{6}$/.test(plain)) return store.useRecoveryCode(member, hashOfCode(plain));
  const known = await store.of(member);
  if (known === null) return false;
  const bytes = sealer.open(organization, about(member), known.key, known.sealed);
  const totp = new TOTP({ secret: new Secret({ buffer: new Uint8Array(bytes).buffer }), period: periodSeconds });
  const delta = totp.validate({ token: plain, timestamp: now, window });
  return delta !== null && store.useStep(member, Math.floor(now / 1000 / periodSeconds) + delta);
}

/** Each is 80 bits, shown once; only its hash is kept. */
export function newRecoveryCodes(random: Random): { readonly shown: string[]; readonly hashes: Buffer[] } {
  const shown = Array.from({ length: codes }, () => {
    const text = Array.from(random.bytes(16), (byte) => alphabet[byte % alphabet.length]).join('');
    return text.replaceAll(/(.{4})(?=.)/g, '$1-');
  });
  return { shown, hashes: shown.map((code) => hashOfCode(code.replaceAll('-', ''))) };
}

export function secondFactorRequired(): Failure {
  return new Failure('second_factor_required', 'A second factor is needed as well: a code of the app, or a passkey.', {
    fix: 'Send it as "code" or "passkey", with what you sent before. A recovery code does too.',
  });
}

function hashOfCode(code: string): Buffer {
  return createHash('sha256').update(`recovery code: ${code}`).digest();
}

function about(member: MemberId): string {
  return `second factor of ${member}`;
}

/** 32 characters that nobody mistakes for each other; a byte's remainder favours none of them. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
