// Checks an evidence bundle without the hub: its log, every file beside it, and the signature under all of them.
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { PublicKey } from '@mcpvault/domain/audit/checkpoint';
import { usageFailure } from '../../command-failure.ts';
import type { Invocation, Outcome } from '../../invocation.ts';

export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

export async function verifyBundle(
  run: Invocation,
  folder: string,
  keys: readonly PublicKey[] | null,
): Promise<Outcome> {
  const { logName, manifestName, parseManifest, whyNotWhole } = await import('@mcpvault/domain/audit/bundle');
  const { verifyExport } = await import('@mcpvault/domain/audit/verify-export');
  const names = await readdir(folder);
  if (!names.includes(logName) || !names.includes(manifestName)) {
    throw usageFailure(`The folder ${folder} holds no evidence bundle.`, 'Name one made with: mcpvault audit bundle');
  }
  const manifest = parseManifest(await readFile(join(folder, manifestName), 'utf8'));
  const lines = createInterface({ input: createReadStream(join(folder, logName)), crlfDelay: Infinity });
  const log = await verifyExport(lines, keys);
  const files = { names, read: (name: string) => readFile(join(folder, name)) };
  const trusted = { keys: keys ?? log.named, closing: log.closing };
  const why = manifest === null ? `${manifestName} cannot be read` : await whyNotWhole(files, manifest, trusted);
  const intact = log.intact && why === null;
  run.out.result({ intact, log, why, manifest, keysGiven: keys !== null }, () => {
    if (log.problem !== null) return `Broken: ${logName}, line ${log.problem.line}: ${log.problem.why}.`;
    if (manifest === null || why !== null) return `Broken: ${why}.`;
    const made = `made by ${manifest.by.email} on ${new Date(manifest.at).toISOString()}`;
    return `Intact: a bundle of ${manifest.organization}, ${made}: ${log.entries} entries, ${log.calls} calls, ${manifest.files.length} files.`;
  });
  if (intact && keys === null) {
    run.out.warn(
      `Only the bundle says that ${log.key} is the hub's key. Compare it with "mcpvault audit keys", or give it with --key.`,
    );
  }
  return intact ? 'ok' : 'general';
}
