import assert from 'node:assert/strict';
import { glob } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { filesOf } from './run-suite.ts';
import { suites } from './suites.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('every test file of the clone is run by exactly one kind of suite', async () => {
  const runBy = new Map<string, Set<string>>();
  for (const suite of suites) {
    for (const file of await filesOf(suite, root, [])) {
      runBy.set(file, (runBy.get(file) ?? new Set()).add(suite.word));
    }
  }
  const all = await Array.fromAsync(
    glob('{packages,e2e,bench,tools}/**/*.{test,e2e}.{ts,tsx,mjs}', { cwd: root, exclude: ['**/node_modules/**'] }),
  );
  assert.ok(all.length > 0);
  const wrong = all.filter((file) => file !== 'tools/architecture.test.ts' && runBy.get(file)?.size !== 1);
  assert.deepEqual(wrong, []);
});

test('a part of a path chooses files', async () => {
  const unit = suites.find((suite) => suite.word === 'unit');
  assert.ok(unit);
  assert.deepEqual(await filesOf(unit, root, ['tools/test/suites']), ['tools/test/suites.test.ts']);
});
