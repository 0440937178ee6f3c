// docs/protocol.md as the tables have it. `UPDATE=1 node --test` writes it there; otherwise a difference fails.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { actions, type Cell, cells } from './cells.ts';
import { downgrades, features, type Pairing } from './pairings.ts';

const page = fileURLToPath(new URL('../../../../../docs/protocol.md', import.meta.url));
const tables: Readonly<Record<string, () => string>> = { pairings, methods, downgrades: downgraded };

test('docs/protocol.md says what the tables say', () => {
  let text = readFileSync(page, 'utf8');
  for (const [name, table] of Object.entries(tables)) {
    const begin = `<!-- ${name}:begin -->\n`;
    const from = text.indexOf(begin) + begin.length;
    const to = text.indexOf(`<!-- ${name}:end -->`);
    assert.ok(text.includes(begin) && to >= from, `the markers of ${name} are missing`);
    if (process.env['UPDATE'] === '1') text = `${text.slice(0, from)}${table()}${text.slice(to)}`;
    else assert.equal(text.slice(from, to), table(), 'run this test with UPDATE=1 to write the tables anew');
  }
  if (process.env['UPDATE'] === '1') writeFileSync(page, text);
});

test('every feature says something for every pairing, and every action is used', () => {
  for (const { name, says } of features) for (const text of Object.values(says)) assert.notEqual(text, '', name);
  const used = new Set(Object.values(cells).flatMap((methods) => Object.values(methods)));
  assert.deepEqual(
    Object.keys(actions).filter((action) => !used.has(action as keyof typeof actions)),
    [],
  );
});

function pairings(): string {
  const order: readonly Pairing[] = ['LL', 'ML', 'LM', 'MM'];
  const rows = features.map(({ name, says }) => `| ${name} | ${order.map((pairing) => says[pairing]).join(' | ')} |\n`);
  const head = '| | legacy → legacy | modern → legacy | legacy → modern | modern → modern |\n|---|---|---|---|---|\n';
  return head + rows.join('');
}

function methods(): string {
  const columns: readonly Cell[] = ['modernOverLegacy', 'legacyOverModern'];
  const names = [...new Set(columns.flatMap((cell) => Object.keys(cells[cell])))].toSorted();
  const said = (cell: Cell, method: string): string => actions[cells[cell][method] ?? 'carry'];
  const rows = names.map((name) => `| \`${name}\` | ${columns.map((cell) => said(cell, name)).join(' | ')} |\n`);
  return `| method | modern → legacy | legacy → modern |\n|---|---|---|\n${rows.join('')}`;
}

function downgraded(): string {
  const rows = downgrades.map((row) => `| ${row.join(' | ')} |\n`);
  return `| before | content | becomes |\n|---|---|---|\n${rows.join('')}`;
}
