import { join } from 'node:path';
import type { Random } from '@mcpvault/domain/ambient';
import { withFolderLock, type WriterDeps } from '../sync/config-writer.ts';
import type { SecretVault } from './secret-vault.ts';

const name = 'journal-key';

/** The key under which this computer keeps messages, 32 bytes; made when first asked for, once for all bridges. */
export async function journalKey(
  vault: SecretVault,
  { random, folder, ...deps }: Pick<WriterDeps, 'now' | 'sleep'> & { readonly random: Random; readonly folder: string },
): Promise<Buffer> {
  const kept = await vault.get(name);
  if (kept !== undefined) return Buffer.from(kept, 'base64url');
  return withFolderLock(join(folder, 'journal-key.lock'), deps, async () => {
    const meanwhile = await vault.get(name);
    if (meanwhile !== undefined) return Buffer.from(meanwhile, 'base64url');
    const made = Buffer.from(random.bytes(32));
    await vault.set(name, made.toString('base64url'));
    return made;
  });
}
