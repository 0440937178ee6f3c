// A checkpoint is the hub's signature under how an organization's log looked at one moment. Whoever keeps one can prove any
// later rewriting, with nothing but the public key.
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { OrganizationId } from '../ids.ts';
import { canonicalJson } from './canonical-json.ts';
import { rootOf } from './merkle.ts';
import type { LogHead } from './log.ts';

export interface Checkpoint {
  readonly organization: OrganizationId;
  /** How many entries it covers. */
  readonly size: number;
  /** Where the export that it closes begins; null for one that stands for itself. */
  readonly from: number | null;
  /** Of the tree and of the chain, hexadecimal. */
  readonly root: string;
  readonly chain: string;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  /** Id of the key. */
  readonly key: string;
}

export interface SignedCheckpoint extends Checkpoint {
  /** Ed25519 over `checkpointText`, base64. */
  readonly signature: string;
}

export interface Signer {
  readonly key: string;
  sign(text: Buffer): Buffer;
}

/** An Ed25519 public key as it is published. */
export interface PublicKey {
  readonly id: string;
  /** The 32 bytes, base64. */
  readonly publicKey: string;
}

type About = Pick<Checkpoint, 'organization' | 'from' | 'at'>;

export function signCheckpoint(head: LogHead, { organization, from, at }: About, signer: Signer): SignedCheckpoint {
  const checkpoint: Checkpoint = {
    organization,
    size: head.frontier.size,
    from,
    root: rootOf(head.frontier).toString('hex'),
    chain: head.chain.toString('hex'),
    at,
    key: signer.key,
  };
  return { ...checkpoint, signature: signer.sign(checkpointText(checkpoint)).toString('base64') };
}

export function isSignedBy(checkpoint: SignedCheckpoint, key: PublicKey): boolean {
  return checkpoint.key === key.id && isTextSignedBy(checkpointText(checkpoint), checkpoint.signature, key);
}

/** `signature`: base64. */
export function isTextSignedBy(text: Buffer, signature: string, key: PublicKey): boolean {
  if (keyId(key.publicKey) !== key.id) return false;
  const publicKey = openPublicKey(key.publicKey);
  return publicKey !== null && verify(null, text, publicKey, Buffer.from(signature, 'base64'));
}

/** The first half of the SHA-256 of the 32 bytes, hexadecimal: the key's name follows from the key. */
export function keyId(publicKey: string): string {
  return createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('hex').slice(0, 32);
}

/** The words in front keep the signature from meaning anything elsewhere. */
function checkpointText({ organization, size, from, root, chain, at, key }: Checkpoint): Buffer {
  return Buffer.from(
    `MCPVault audit checkpoint 1\n${canonicalJson({ organization, size, from, root, chain, at, key })}`,
  );
}

const ed25519Prefix = Buffer.from('302a300506032b6570032100', 'hex');

/** null where the text is no such key. */
function openPublicKey(publicKey: string): KeyObject | null {
  const raw = Buffer.from(publicKey, 'base64');
  if (raw.length !== 32) return null;
  return createPublicKey({ key: Buffer.concat([ed25519Prefix, raw]), format: 'der', type: 'spki' });
}
