// Holds docs/dependencies.md to the manifests: every dependency has its line with its users and its reason, and no line
// outlives its dependency.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { namedBy, readHouse } from './architecture/house.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = readFileSync(`${root}/docs/dependencies.md`, 'utf8');
const rows = Array.from(page.matchAll(/^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \|$/gm), ([, name, users, why]) => ({
  name: name ?? '',
  users: users ?? '',
  why: (why ?? '').trim(),
}));

/** Every foreign dependency with its users, as the page writes them. */
function named(): Map<string, string> {
  const users = new Map<string, string[]>();
  for (const [home, manifest] of readHouse(root).manifests) {
    const user = home === '.' ? 'root' : home.replace(/^packages\//, '');
    for (const name of Object.keys(namedBy(manifest))) {
      if (!name.startsWith('@mcpvault/')) users.set(name, [...(users.get(name) ?? []), user]);
    }
  }
  return new Map([...users].map(([name, list]) => [name, list.toSorted().join(', ')]));
}

test('the page names every dependency once with those that use it, and nothing else', () => {
  const told = rows.map(({ name, users }) => `${name}: ${users}`);
  const actual = [...named()].map(([name, users]) => `${name}: ${users}`);
  assert.deepEqual(told.toSorted(), actual.toSorted());
});

test('every dependency has a reason', () => {
  assert.deepEqual(
    rows.filter(({ why }) => why.length < 10),
    [],
  );
});
