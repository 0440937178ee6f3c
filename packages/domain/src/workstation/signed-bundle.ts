// A bundle of policies is one text under the hub's signature. Whoever opens one gets the bundle, or the one reason why it is
// none for them; there is nothing in between.
import { type Bundle, bundle, bundlePreface, type SignedBundle } from '@mcpvault/protocol/hub-link/policy-bundle';
import { isTextSignedBy, type PublicKey, type Signer } from '../audit/checkpoint.ts';

/** `not_signed`: no signature of a key that is trusted fits these very characters. */
export type BundleRefusal = 'not_signed' | 'not_for_us' | 'expired' | 'older' | 'not_understood';

export interface BundleFor {
  readonly workstation: string;
  /** Those that the bundle before named, or enrolling did. */
  readonly keys: readonly PublicKey[];
  /** The version that was taken last; null: none yet. */
  readonly newest: number | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Signed by each of these; the first one is the key in use. */
export function signBundle(content: Bundle, signers: readonly Signer[]): SignedBundle {
  const text = JSON.stringify(content);
  const signed = Buffer.from(bundlePreface + text);
  const signatures = signers.map(({ key, sign }) => ({ key, signature: sign(signed).toString('base64') }));
  return { text, signatures };
}

/** The version that is held already is no refusal: it is the same bundle, or one that was made again. */
export function openBundle(
  { text, signatures }: SignedBundle,
  { workstation, keys, newest, now }: BundleFor,
): { readonly bundle: Bundle } | { readonly refused: BundleRefusal } {
  const signed = Buffer.from(bundlePreface + text);
  const isOurs = signatures.some(({ key, signature }) =>
    keys.some((known) => known.id === key && isTextSignedBy(signed, signature, known)),
  );
  if (!isOurs) return { refused: 'not_signed' };
  const read = bundle.safeParse(parsed(text));
  if (!read.success) return { refused: 'not_understood' };
  if (read.data.workstation !== workstation) return { refused: 'not_for_us' };
  if (newest !== null && read.data.version < newest) return { refused: 'older' };
  if (read.data.expiresAt <= now) return { refused: 'expired' };
  return { bundle: read.data };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
