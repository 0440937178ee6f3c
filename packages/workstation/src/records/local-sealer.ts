import type { Random } from '@mcpvault/domain/ambient';
import { Failure } from '@mcpvault/domain/failure';
import type { Sealer } from '@mcpvault/domain/record/recorded-batch';
import { seal, unseal } from '@mcpvault/domain/seal';

const keyName = 'key_local';

/** Seals what passes on this computer under its own key, for as long as it waits here. */
export function createLocalSealer(key: Buffer, random: Random): Sealer {
  return {
    seal: (_organization, block, plaintext) => ({ key: keyName, sealed: seal(key, block, plaintext, random) }),
    open(_organization, block, _key, sealed) {
      const plaintext = unseal(key, block, sealed);
      if (plaintext === null) throw new Failure('record_unavailable', 'A part of the journal cannot be opened.');
      return plaintext;
    },
  };
}
