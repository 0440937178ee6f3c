// An evidence bundle: a range of the log with its calls, and what was in force when it was made, for a review far from the hub.
import { createHash } from 'node:crypto';
import { type Manifest, manifestShape } from './bundle-shape.ts';
import { canonicalJson } from './canonical-json.ts';
import { isTextSignedBy, type PublicKey, type Signer } from './checkpoint.ts';

export const logName = 'audit.jsonl';
export const manifestName = 'bundle.json';

type Unsigned = Omit<Manifest, 'key' | 'signature'>;

export function signManifest(manifest: Unsigned, signer: Signer): Manifest {
  const named = { ...manifest, key: signer.key };
  return { ...named, signature: signer.sign(manifestText(named)).toString('base64') };
}

export function digestOf(file: Uint8Array | string): string {
  return createHash('sha256').update(file).digest('hex');
}

export interface BundleFiles {
  /** Names of all files that are there. */
  readonly names: readonly string[];
  /** Of one of them. */
  read(name: string): Promise<Uint8Array>;
}

/** null when everything but the log is as it was signed; else what is not. The log is checked by itself. */
export async function whyNotWhole(
  files: BundleFiles,
  manifest: Manifest,
  { keys, closing }: { readonly keys: readonly PublicKey[]; readonly closing: string | null },
): Promise<string | null> {
  const { key, signature, ...said } = manifest;
  const signed = keys.some((one) => one.id === key && isTextSignedBy(manifestText({ ...said, key }), signature, one));
  if (!signed) return `${manifestName} is not signed with a key that is trusted`;
  if (closing !== manifest.closing) return `${logName} is not the log that this bundle was made with`;
  for (const { name, sha256 } of manifest.files) {
    if (!files.names.includes(name)) return `${name} is missing`;
    if (digestOf(await files.read(name)) !== sha256) return `${name} is not as it was`;
  }
  const known = [logName, manifestName, ...manifest.files.map(({ name }) => name)];
  const stranger = files.names.find((name) => !known.includes(name));
  return stranger === undefined ? null : `${stranger} was added`;
}

/** null for what is none. */
export function parseManifest(text: string): Manifest | null {
  try {
    return manifestShape.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function manifestText(manifest: Omit<Manifest, 'signature'>): Buffer {
  return Buffer.from(`MCPVault evidence bundle 1\n${canonicalJson(manifest)}`);
}
