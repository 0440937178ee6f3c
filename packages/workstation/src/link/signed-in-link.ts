// Requests with this workstation's own credential, which renews itself with every use: the next one is safely kept before the
// token that came with it is used, so that a crash in between costs nothing.
import type { Answers, Asks, LinkName } from '@mcpvault/protocol/hub-link/link';
import type { SecretVault } from '../keys/secret-vault.ts';
import { type AskHub, type LinkOptions } from './hub-link.ts';
import { LinkFailure } from './link-failure.ts';

/** In the vault. */
export const credentialName = 'workstation-credential';
/** Renewed so long before its end, in milliseconds. */
const margin = 60_000;

export interface SignedInLink {
  ask<Name extends LinkName>(name: Name, input: Asks<Name>, options?: LinkOptions): Promise<Answers<Name> | null>;
}

export interface SignedInDeps {
  readonly ask: AskHub;
  readonly vault: SecretVault;
  /** No other process refreshes while `work` runs. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /** Microseconds of a clock that never goes back. */
  micros(): number;
}

export function createSignedInLink({ ask, vault, exclusively, micros }: SignedInDeps): SignedInLink {
  let token: { readonly value: string; readonly until: number } | null = null;
  let renewing: Promise<string> | null = null;

  function renew(): Promise<string> {
    renewing ??= exclusively(refresh).finally(() => (renewing = null));
    return renewing;
  }

  async function refresh(): Promise<string> {
    const credential = await vault.get(credentialName);
    if (credential === undefined) {
      throw new LinkFailure(
        'unauthenticated',
        'This computer has no credential for the hub any more. Enrol it again: mcpvault workstation enroll',
      );
    }
    const next = await ask('refresh', { credential });
    if (next === null) throw new LinkFailure('invalid', 'The hub answered a question that was not asked.');
    await vault.set(credentialName, next.credential);
    token = { value: next.accessToken, until: micros() + (next.accessFor - margin) * 1000 };
    return next.accessToken;
  }

  return {
    async ask(name, input, options = {}) {
      const held = token !== null && micros() < token.until ? token.value : null;
      const bearer = held ?? (await renew());
      try {
        return await ask(name, input, { ...options, bearer });
      } catch (error) {
        if (held === null || !(error instanceof LinkFailure) || error.kind !== 'unauthenticated') throw error;
        token = null;
        return ask(name, input, { ...options, bearer: await renew() });
      }
    },
  };
}
