// The browser's own way to passkeys. What goes in and comes out is JSON as the hub speaks it; the browser's objects stay here.
import type { Client } from '@mcpvault/contract/client';
import type { Input } from './hub.ts';

export type PasskeyProof = Input<'finishPasskeySignIn'>['passkey'];
type NewPasskey = Input<'addPasskey'>['credential'];

/** Whether this browser, at this address, can use passkeys of that name. */
export function canUsePasskeys(name: string | null | undefined): boolean {
  const known = 'PublicKeyCredential' in window && 'parseRequestOptionsFromJSON' in PublicKeyCredential;
  return known && name === location.hostname;
}

/** Asks for a finger, a face or a number. Rejects with `PasskeyDismissed` when the reader thinks better of it. */
export async function provePasskey(client: Client): Promise<PasskeyProof> {
  const { options } = await client.call('startPasskeySignIn', {});
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options as never);
  const credential = await navigator.credentials.get({ publicKey }).catch(dismissed);
  if (!(credential instanceof PublicKeyCredential)) throw new PasskeyDismissed();
  return credential.toJSON() as PasskeyProof;
}

/** `proof`: that it is really them. */
export async function makePasskey(client: Client, proof: Input<'startPasskey'>): Promise<NewPasskey> {
  const { options } = await client.call('startPasskey', proof);
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options as never);
  const credential = await navigator.credentials.create({ publicKey }).catch(dismissed);
  if (!(credential instanceof PublicKeyCredential)) throw new PasskeyDismissed();
  return credential.toJSON() as unknown as NewPasskey;
}

export class PasskeyDismissed extends Error {
  constructor() {
    super('No passkey was used.');
    this.name = 'PasskeyDismissed';
  }
}

function dismissed(error: unknown): never {
  const name = error instanceof Error ? error.name : '';
  if (name === 'InvalidStateError') throw new Error('This device has a passkey for your account already.');
  if (name === 'NotAllowedError' || name === 'AbortError') throw new PasskeyDismissed();
  throw error;
}
