// The console loads this room in a browser: nothing that any of its files imports, directly or not, may need Node.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const domain = resolve(here, '../../domain/src');
const protocol = resolve(here, '../../protocol/src');

test('everything the contract imports, directly or not, is safe for browsers', () => {
  const files = readdirSync(here).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  assert.ok(files.length > 10, 'too few files were read');
  const read = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string): void => {
    if (read.has(file)) return;
    read.add(file);
    for (const imported of importsOf(readFileSync(file, 'utf8'))) {
      if (imported.startsWith('.')) visit(resolve(dirname(file), imported));
      else if (imported.startsWith('@mcpvault/domain/')) visit(resolve(domain, `${imported.slice(17)}.ts`));
      else if (imported.startsWith('@mcpvault/protocol/')) visit(resolve(protocol, `${imported.slice(19)}.ts`));
      else packages.add(imported);
    }
  };
  for (const file of files) visit(resolve(here, file));
  assert.deepEqual([...packages], ['zod']);
  assert.ok([...read].some((file) => file.startsWith(domain)));
});

/** What is left when types are stripped. */
function importsOf(source: string): string[] {
  const statements = source.matchAll(
    /^(?:import|export)\s(?!type\s)[^;]*?from\s+'([^']+)';|^import\s+'([^']+)';|import\('([^']+)'\)/gm,
  );
  return [...statements].map(([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? '');
}
