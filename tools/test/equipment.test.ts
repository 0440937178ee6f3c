import assert from 'node:assert/strict';
import { test } from 'node:test';
import { equip } from './equipment.ts';

const silent = (): void => {};

test('what the person names is taken as it is', async () => {
  const wishes = { postgresBin: '/somewhere/bin', chromium: '/somewhere/chromium', mayInstall: false };
  const equipment = await equip(new Set(['postgresql', 'chromium'] as const), wishes, silent);
  assert.equal(equipment.postgresBin, '/somewhere/bin');
  assert.equal(equipment.chromium, '/somewhere/chromium');
  assert.equal(equipment.missing.size, 0);
});

test('what is missing and may not be installed is told with the reason, and nothing is installed', async () => {
  const said: string[] = [];
  const wishes = { postgresBin: undefined, chromium: undefined, mayInstall: false };
  const { postgresBin, chromium, missing } = await equip(new Set(['postgresql', 'chromium'] as const), wishes, (line) =>
    said.push(line),
  );
  assert.deepEqual(said, []);
  assert.equal(missing.has('postgresql'), postgresBin === undefined);
  assert.equal(missing.has('chromium'), chromium === undefined);
  for (const reason of missing.values()) assert.match(reason, /missing here and MCPVAULT_TEST_INSTALL=off forbids/);
});
