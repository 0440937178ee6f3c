import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { requirements } from './requirements.ts';

const folder = new URL('./scenarios/', import.meta.url);

function citations(): Map<string, string[]> {
  const cited = new Map<string, string[]>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.e2e.ts'))) {
    const source = readFileSync(new URL(file, folder), 'utf8');
    for (const call of source.matchAll(/\bverifies\(([^)]*)\)/g)) {
      for (const [, id] of (call[1] ?? '').matchAll(/'([^']+)'/g)) {
        if (id !== undefined) cited.set(id, [...(cited.get(id) ?? []), file]);
      }
    }
  }
  return cited;
}

test('every requirement that is claimed is cited by a scenario, and every citation is claimed', (context) => {
  const cited = citations();
  const known = Object.keys(requirements);
  const unknown = [...cited.keys()].filter((id) => !known.includes(id));
  const uncited = known.filter((id) => !cited.has(id));
  assert.deepEqual({ unknown, uncited }, { unknown: [], uncited: [] });
  context.diagnostic(`${known.length} of 615 requirements are shown by scenarios`);
});
