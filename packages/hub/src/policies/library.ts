// The policies that come with MCPVault, each with its tests. They are a place to begin: taken over as they are, or changed.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type FilePolicy, readPolicyFile } from './policy-file.ts';

const folder = fileURLToPath(new URL('../../policies', import.meta.url));

/** In the order of their files' names. Read when first asked for. */
export function policyLibrary(): readonly FilePolicy[] {
  read ??= readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .toSorted()
    .flatMap((name) => readPolicyFile(readFileSync(`${folder}/${name}`, 'utf8'), name));
  return read;
}

let read: readonly FilePolicy[] | undefined;
