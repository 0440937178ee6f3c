// What this account's workstation keeps, and where.
import { openVault } from '@mcpvault/workstation/keys/open-vault';
import { runTool } from '@mcpvault/workstation/keys/run-tool';
import type { SecretVault } from '@mcpvault/workstation/keys/secret-vault';
import { type StateFolder, stateFolder } from '@mcpvault/workstation/state/state-folder';
import { configFolder } from '../credentials/credential-store.ts';
import { thisMachine } from '../commands/workstation/this-machine.ts';
import type { Io } from '../io.ts';

export function stateOf(io: Io): StateFolder {
  return stateFolder(configFolder(io));
}

/** With `MCPVAULT_KEYCHAIN=off`, and where no desktop runs, secrets lie in files that only this account may read. */
export function vaultFor(io: Io): Promise<SecretVault> {
  const { platform } = thisMachine(io);
  const hasDesktop = platform !== 'linux' || Boolean(io.env.DBUS_SESSION_BUS_ADDRESS);
  const usesKeychain = io.env.MCPVAULT_KEYCHAIN !== 'off' && hasDesktop;
  return openVault({ run: runTool, folder: stateOf(io).path, platform, usesKeychain });
}
