// The programs of the compatibility matrix: installed with the dependencies, started by this Node, named with their versions.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

interface Manifest {
  readonly version: string;
  readonly bin?: string | Readonly<Record<string, string>>;
}

/** The program that a package installs under its first name. */
export function programOf(name: string): string {
  const { folder, manifest } = installed(name);
  const bin = typeof manifest.bin === 'string' ? manifest.bin : Object.values(manifest.bin ?? {})[0];
  if (bin === undefined) throw new Error(`${name} installs no program.`);
  return join(folder, bin);
}

/** Without the scope, for people: `sdk 1.32.2`. */
export function versionOf(name: string): string {
  return installed(name).manifest.version;
}

function installed(name: string): { readonly folder: string; readonly manifest: Manifest } {
  for (const folder of require.resolve.paths(name) ?? []) {
    const path = join(folder, name, 'package.json');
    try {
      return { folder: dirname(path), manifest: JSON.parse(readFileSync(path, 'utf8')) as Manifest };
    } catch {
      // Looked for in every node_modules from here upwards.
    }
  }
  throw new Error(`${name} is not installed.`);
}
