// Data keys, unwrapped and held in memory, so that sealing and opening never wait for anything.
import type { Clock, Ids, Random } from '@mcpvault/domain/ambient';
import type { OrganizationId } from '@mcpvault/domain/ids';
import type { Sealer } from '@mcpvault/domain/record/recorded-batch';
import type { KeysStore } from './keys-store.ts';

export interface KeyringDeps {
  /** 32 bytes. */
  readonly masterKey: Buffer;
  readonly keys: KeysStore;
  readonly random: Random;
  readonly ids: Ids;
  readonly clock: Clock;
}

export interface Keyring extends Sealer {
  /**
   * Loads the organization's keys, making its first one when it has none. Call it before anything of the organization is
   * sealed or opened. Throws `record_unavailable` when the master key does not open them.
   */
  ensure(organization: OrganizationId): Promise<void>;
}
