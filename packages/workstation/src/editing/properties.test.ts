import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse as parseToml } from 'smol-toml';
import { parse as parseYaml } from 'yaml';
import { type ConfigDocument, readConfig } from '../reading/read-config.ts';
import type { ReadableFormat } from '../reading/read-tree.ts';
import { configOf, type GeneratedConfig } from '../testing/config-arbitraries.ts';
import { coreElements } from './core-elements.ts';
import { changeDocument, nodeUnder } from './edit-document.ts';
import { type EntryAddress, locateEntry } from './entry-address.ts';
import { conditionOf, restoreEntry } from './restore-entry.ts';
import { rewriteEntry } from './rewrite-entry.ts';

const bridge = { command: 'C:\\Program Files\\mcpvault\\mcpvault.cmd', args: ['bridge', 'a "server"'] };
const formats: readonly ReadableFormat[] = ['json', 'jsonc', 'json5', 'yaml', 'toml'];
const runs = { numRuns: 250 };

function documentOf({ text, format }: GeneratedConfig): ConfigDocument {
  const { document, state, problem } = readConfig({ state: 'read', bytes: Buffer.from(text) }, format);
  assert.ok(document, `${state} ${problem}\n${text}`);
  return document;
}

for (const format of formats) {
  test(`${format}: any entry of any dialect runs the bridge, everything else stays, and it comes back byte for byte`, () => {
    fc.assert(
      fc.property(configOf(format), (config) => {
        const document = documentOf(config);
        let current = document;
        const undos = config.addresses.map((address) => {
          const { document: next, undo } = rewriteEntry(current, address, bridge);
          assert.ok(undo);
          assert.deepEqual(outsideOf(next.text, config), outsideOf(document.text, config));
          for (const comment of commentsOutside(current, address)) assert.ok(next.text.includes(comment), comment);
          current = next;
          return { address, undo };
        });
        for (const { address, undo } of undos.toReversed()) {
          const restored = restoreEntry(current, address, undo);
          assert.equal(restored.how, 'exact');
          current = restored.document;
        }
        assert.equal(current.text, document.text);
      }),
      runs,
    );
  });

  test(`${format}: what the client changes in an adopted entry stays, and the core elements come back`, () => {
    fc.assert(
      fc.property(configOf(format), (config) => {
        const document = documentOf(config);
        const [address] = config.addresses;
        assert.ok(address);
        const { document: adopted, undo } = rewriteEntry(document, address, bridge);
        const entry = locateEntry(adopted.tree.root, address);
        assert.ok(undo && entry);
        const touched = changeDocument(adopted, { map: entry.path, key: 'changed-by-client', value: true });
        const { document: restored } = restoreEntry(touched, address, undo);
        const now = locateEntry(restored.tree.root, address);
        assert.ok(now);
        assert.equal(conditionOf(now, undo, address), 'as-before');
        assert.ok(restored.text.includes('changed-by-client'));
        const before = locateEntry(document.tree.root, address);
        assert.deepEqual(
          coreElements(now.node, address.dialect),
          coreElements(before?.node ?? now.node, address.dialect),
        );
      }),
      runs,
    );
  });
}

/** Comments that stand in front of or behind the core elements, not inside one. */
function commentsOutside({ text, tree }: ConfigDocument, address: EntryAddress): readonly string[] {
  const entry = locateEntry(tree.root, address);
  assert.ok(entry);
  const inside = coreElements(entry.node, address.dialect).flatMap(({ map, key }) => {
    const node = nodeUnder(tree.root, [...entry.path, ...map]);
    return node?.kind === 'map'
      ? node.members.filter((member) => member.key === key).flatMap(({ pieces }) => pieces)
      : [];
  });
  return [...text.matchAll(/(?:#|\/\/) keep me \d+/g)]
    .filter(({ index }) => !inside.some(({ start, end }) => index >= start && index < end))
    .map(([comment]) => comment);
}

/** What a reader that had no part in writing sees of everything but the servers. */
function outsideOf(text: string, { format }: GeneratedConfig): unknown {
  const { mcpServers: _servers, ...rest } = plainly(text, format) as Record<string, unknown>;
  return rest;
}

function plainly(text: string, format: ReadableFormat): unknown {
  if (format === 'yaml') return parseYaml(text);
  if (format === 'toml') return parseToml(text);
  return format === 'json' ? JSON.parse(text) : {};
}
