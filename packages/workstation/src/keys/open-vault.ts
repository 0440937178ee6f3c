import { join } from 'node:path';
import type { Platform } from '../catalogue/client.ts';
import { readJson, writeJson } from '../state/json-file.ts';
import { findVault, type SecretVault, type VaultDeps, type VaultKind, vaultOf } from './secret-vault.ts';

export interface OpenVaultDeps extends VaultDeps {
  readonly platform: Platform;
  /** False: files, without asking the operating system. */
  readonly usesKeychain: boolean;
}

const kinds: ReadonlySet<unknown> = new Set<VaultKind>(['secret-service', 'keychain', 'dpapi', 'file']);

/** The one that was chosen first: secrets are looked for where they were put. */
export async function openVault(deps: OpenVaultDeps): Promise<SecretVault> {
  const path = join(deps.folder, 'vault.json');
  const chosen = await readJson(path);
  if (typeof chosen === 'object' && chosen !== null && 'kind' in chosen && kinds.has(chosen.kind)) {
    return vaultOf(chosen.kind as VaultKind, deps);
  }
  const vault = deps.usesKeychain ? await findVault(deps.platform, deps) : vaultOf('file', deps);
  await writeJson(path, { kind: vault.kind });
  return vault;
}
