import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Known, mergedCapabilities, mergedInstructions } from './merged-traits.ts';

function known(
  server: string,
  capabilities: Record<string, unknown> | null,
  instructions: string | null = null,
): Known {
  return { server, traits: capabilities === null ? null : { capabilities, instructions } };
}

test('what no server has is not declared', () => {
  assert.deepEqual(mergedCapabilities([known('a', { tools: {} })], 'legacy'), { tools: { listChanged: true } });
  assert.deepEqual(mergedCapabilities([], 'legacy'), { tools: { listChanged: true } });
  const resources = mergedCapabilities([known('a', { resources: {} })], 'legacy')['resources'];
  assert.deepEqual(resources, { listChanged: true });
});

test('what one server has is declared, and what is not known yet of one is not denied', () => {
  const some = [
    known('a', { tools: {} }),
    known('b', { prompts: {}, resources: { subscribe: true }, tasks: { list: {} } }),
  ];
  assert.deepEqual(mergedCapabilities(some, 'legacy'), {
    tools: { listChanged: true },
    prompts: { listChanged: true },
    resources: { listChanged: true, subscribe: true },
    tasks: { list: {} },
  });
  const silent = mergedCapabilities([known('a', { tools: {} }), known('b', null)], 'legacy');
  assert.deepEqual(Object.keys(silent).toSorted(), ['completions', 'logging', 'prompts', 'resources', 'tools']);
});

test('extensions that nobody here can carry are not promised', () => {
  const extensions = { 'io.modelcontextprotocol/ui': { mimeTypes: ['a'] }, 'x/other': {} };
  const one = mergedCapabilities([known('a', { extensions })], 'modern');
  assert.deepEqual(one['extensions'], { 'io.modelcontextprotocol/ui': { mimeTypes: ['a'] } });
  const other = { 'io.modelcontextprotocol/ui': { mimeTypes: ['b'] } };
  const two = mergedCapabilities([known('a', { extensions }), known('b', { extensions: other })], 'modern');
  assert.deepEqual(two['extensions'], { 'io.modelcontextprotocol/ui': {} });
  assert.equal(one['tasks'], undefined);
});

test('instructions follow each other under the servers’ names, within bounds, however much servers say', () => {
  const text = mergedInstructions([known('a', {}, 'Be brief.'), known('b', {}), known('c', null)], false);
  assert.match(text, /^Tools and prompts of several servers.* Servers: a, b, c\.\n\n## a \(a__\)\n\nBe brief\.$/s);
  assert.match(mergedInstructions([], false), /Ask an admin/);
  const said = fc.array(fc.string({ maxLength: 3_000, size: 'max' }), { maxLength: 30 });
  fc.assert(
    fc.property(said, (all) => {
      const merged = mergedInstructions(
        all.map((each, at) => known(`server-${at}`, {}, each)),
        true,
      );
      assert.ok(merged.length < 22_000);
    }),
    { numRuns: 30 },
  );
});

test('whatever servers declare, something can be said of it', () => {
  const capabilities = fc.dictionary(fc.constantFrom('tools', 'resources', 'tasks', 'extensions', 'x'), fc.anything());
  fc.assert(
    fc.property(fc.array(capabilities), (all) => {
      const merged = mergedCapabilities(
        all.map((each, at) => known(`s${at}`, each)),
        'legacy',
      );
      assert.deepEqual(merged['tools'], { listChanged: true });
    }),
  );
});
