// The sample files, broken at random: whatever is left of them, a scan says something, and an edit either is refused or can be
// taken back to the byte.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { meaningOf } from '../catalogue/located-file.ts';
import { MalformedConfig } from '../reading/config-tree.ts';
import { type ConfigDocument, findContainers, readConfig } from '../reading/read-config.ts';
import { entriesOf } from '../reading/server-entry.ts';
import { scanFile } from '../scanning/scan.ts';
import { nothingManaged } from '../scanning/server-kind.ts';
import { bytesOf, clientOf, type Fixture, fixtures, pathOf } from '../testing/fixtures.ts';
import { memoryMachine } from '../testing/memory-machine.ts';
import { UneditableConfig } from './edit-document.ts';
import type { EntryAddress } from './entry-address.ts';
import { restoreEntry } from './restore-entry.ts';
import { rewriteEntry } from './rewrite-entry.ts';

const marks = [
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\n',
  '#',
  '//',
  '/*',
  '*/',
  '&a',
  '*a',
  '<<: ',
  '- ',
  '\\',
  '\0',
  '=',
  "'",
  '|',
  '---\n',
];
const cut = fc.record({ at: fc.nat({ max: 999 }), remove: fc.nat({ max: 12 }), insert: fc.constantFrom('', ...marks) });

function broken(fixture: Fixture, cuts: readonly { at: number; remove: number; insert: string }[]): Buffer {
  const text = cuts.reduce((now, { at, remove, insert }) => {
    const place = Math.floor((at / 1000) * now.length);
    return now.slice(0, place) + insert + now.slice(place + remove);
  }, bytesOf(fixture).toString('utf8'));
  return Buffer.from(text);
}

test('broken files are scanned without a word of failure, and edited to the byte or not at all', async () => {
  const sample = fc.tuple(fc.constantFrom(...fixtures), fc.array(cut, { minLength: 1, maxLength: 4 }));
  await fc.assert(
    fc.asyncProperty(sample, async ([fixture, cuts]) => {
      const bytes = broken(fixture, cuts);
      const path = pathOf(fixture);
      const options = { machine: memoryMachine('linux', { [path]: bytes }), managed: nothingManaged };
      const { clients } = await scanFile(path, clientOf(fixture), options);
      assert.ok(clients.length > 0);
      editAll(fixture, bytes);
    }),
    { numRuns: 600 },
  );
});

function editAll(fixture: Fixture, bytes: Buffer): void {
  const { format, locations } = meaningOf(pathOf(fixture), clientOf(fixture), 'linux');
  const { state, document } = readConfig({ state: 'read', bytes }, format);
  if (state !== 'ok' || document === undefined) return;
  for (const { pointer = [], dialect = 'mcpServers-basic' } of locations) {
    for (const container of findContainers(document.tree.root, pointer, false).containers) {
      for (const { name, launch } of entriesOf(container, dialect)) {
        if (launch === undefined) continue;
        editOne(document, { container: container.path, name, dialect });
      }
    }
  }
}

function editOne(document: ConfigDocument, address: EntryAddress): void {
  try {
    const { document: edited, undo } = rewriteEntry(document, address, { command: '/m', args: ['bridge', 'x'] });
    if (undo !== undefined) assert.equal(restoreEntry(edited, address, undo).document.text, document.text);
  } catch (error) {
    if (!(error instanceof UneditableConfig) && !(error instanceof MalformedConfig)) throw error;
  }
}

test('files made to exhaust their reader are refused as malformed', () => {
  const bomb = Array.from(
    'bcdefghij',
    (name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[at]}`).join(', ')}]`,
  );
  const table = [
    ['json', '['.repeat(100_000)],
    ['json5', `${'{a:'.repeat(100_000)}1`],
    ['yaml', '['.repeat(50_000)],
    ['yaml', `a: &a [x, x, x, x, x, x, x, x, x]\n${bomb.join('\n')}`],
    ['toml', `a = ${'['.repeat(50_000)}`],
    ['toml', `a${'.a'.repeat(50_000)} = 1`],
  ] as const;
  for (const [format, text] of table) {
    assert.equal(readConfig({ state: 'read', bytes: Buffer.from(text) }, format).state, 'malformed', format);
  }
});
