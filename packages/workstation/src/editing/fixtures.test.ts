import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse as parseToml } from 'smol-toml';
import { readConfig } from '../reading/read-config.ts';
import { entriesOf } from '../reading/server-entry.ts';
import { nodeAt } from '../reading/config-tree.ts';
import { bridgedServer } from '../scanning/server-kind.ts';
import { editable } from '../testing/entries.ts';
import { bytesOf, fixtures } from '../testing/fixtures.ts';
import type { ConfigDocument } from '../reading/read-config.ts';
import { encodeConfig } from '../reading/decode.ts';
import type { EntryAddress } from './entry-address.ts';
import { restoreEntry } from './restore-entry.ts';
import { type EntryUndo, rewriteEntry } from './rewrite-entry.ts';

const bridge = { command: '/opt/mcpvault/bin/mcpvault', args: ['bridge', 'some-server'] };
let rewritten = 0;

for (const fixture of fixtures) {
  const found = editable(fixture);
  if (found === undefined || found.entries.length === 0) continue;
  const { document, entries } = found;

  for (const { address } of entries) {
    rewritten += 1;
    test(`${fixture.file}: “${address.name}” runs the bridge, keeps its key and all that is not core, and comes back`, () => {
      const { document: edited, undo } = rewriteEntry(document, address, bridge);
      assert.ok(undo);
      assert.equal(bridgedServer(entryIn(edited, address)?.launch), 'some-server');
      assertReadable(edited);
      assert.deepEqual(lineEnds(edited.text), lineEnds(document.text));
      for (const line of document.text.split('\n')) {
        if (!/^\s*(?:\/\/|#|\/\*)/.test(line)) continue;
        assert.ok(edited.text.includes(line.trim()), `lost ${line}`);
      }
      assert.equal(rewriteEntry(edited, address, bridge).undo, undefined, 'twice is once');
      const back = restoreEntry(edited, address, undo);
      assert.equal(back.how, 'exact');
      assert.deepEqual(Buffer.from(encodeConfig(back.document.text, back.document.hasBom)), bytesOf(fixture));
    });
  }

  test(`${fixture.file}: all entries together come back in any order`, () => {
    for (const order of [entries, entries.toReversed()]) {
      let current = document;
      const undos: { readonly address: EntryAddress; readonly undo: EntryUndo }[] = [];
      for (const { address } of entries) {
        const next = rewriteEntry(current, address, bridge);
        assert.ok(next.undo);
        undos.push({ address, undo: next.undo });
        current = next.document;
      }
      assertReadable(current);
      for (const { address } of order) {
        const undo = undos.find((each) => each.address === address)?.undo;
        assert.ok(undo);
        current = restoreEntry(current, address, undo).document;
      }
      assert.equal(current.text, document.text);
    }
  });
}

test('every entry of the samples that runs something was rewritten', () =>
  assert.ok(rewritten > 75, String(rewritten)));

function entryIn({ tree }: ConfigDocument, { container, name, dialect }: EntryAddress) {
  const node = nodeAt(tree.root, container);
  assert.ok(node);
  return entriesOf({ path: container, node }, dialect).find((entry) => entry.name === name);
}

/** Read by something that had no part in writing it. */
function assertReadable({ text, format, tree }: ConfigDocument): void {
  if (format === 'json' && !tree.isLenient) JSON.parse(text);
  if (format === 'toml') parseToml(text);
  assert.equal(readConfig({ state: 'read', bytes: Buffer.from(text) }, format).state, 'ok');
}

function lineEnds(text: string): readonly string[] {
  return [...new Set(text.match(/\r?\n/g))];
}
