import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isWebAddress, mergedTaskId, mergedUri, splitMergedTaskId, splitMergedUri } from './merged-uri.ts';

const server = fc.oneof(fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,8}$/), fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,62}$/));
const uri = fc.oneof(
  fc.webUrl(),
  fc.stringMatching(/^[a-z]{1,6}:\/\/[a-z/{}+.:]{0,20}$/),
  fc.constantFrom(
    '',
    'file:///etc/hosts',
    'ui://weather/panel.html',
    'urn:isbn:1',
    '{+all}',
    'mcpvault:a:b',
    'a://b.mcpvault/c',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

test('a URI keeps its scheme and says whose it is', () => {
  assert.equal(mergedUri('files', 'file:///etc/hosts'), 'file://files.mcpvault//etc/hosts');
  assert.equal(mergedUri('maps', 'ui://weather/panel.html'), 'ui://maps.mcpvault/weather/panel.html');
  assert.equal(mergedUri('books', 'urn:isbn:1'), 'mcpvault:books:urn:isbn:1');
  assert.equal(mergedUri('any', '{+all}'), 'mcpvault:any:{+all}');
});

test('every URI of every server leads back to both', () => {
  fc.assert(
    fc.property(server, uri, (of, plain) =>
      assert.deepEqual(splitMergedUri(mergedUri(of, plain)), { server: of, uri: plain }),
    ),
    { numRuns: 1000 },
  );
});

test('no server can offer a URI that is another’s, whatever it calls its own', () => {
  const pair = fc.tuple(server, uri, server, uri).filter(([a, , c]) => a !== c);
  fc.assert(
    fc.property(pair, ([a, b, c, d]) => {
      assert.notEqual(mergedUri(a, b), mergedUri(c, d));
      assert.equal(splitMergedUri(mergedUri(a, mergedUri(c, d)))?.server, a);
    }),
    { numRuns: 1000 },
  );
});

test('what fills a template of a server in belongs to that server', () => {
  const filling = fc.string({ unit: 'grapheme-ascii', maxLength: 20 });
  const fill = (template: string, value: string): string => template.split('{x}').join(value);
  fc.assert(
    fc.property(
      server,
      fc.constantFrom('test://{x}', 'file://{x}', '{x}', 'a:{x}', 'a://b/{x}/c'),
      filling,
      (of, template, value) =>
        assert.deepEqual(splitMergedUri(fill(mergedUri(of, template), value)), {
          server: of,
          uri: fill(template, value),
        }),
    ),
    { numRuns: 500 },
  );
});

test('a URI of nobody belongs to nobody', () => {
  for (const plain of [
    'test://static',
    'mcpvault:',
    'mcpvault:x',
    'a://UP.mcpvault/x',
    'a://.mcpvault/',
    'a://b/c.mcpvault/',
  ])
    assert.equal(splitMergedUri(plain), null, plain);
});

test('a client that leaves a last slash out is understood', () => {
  assert.deepEqual(splitMergedUri('test://files.mcpvault'), { server: 'files', uri: 'test://' });
});

test('every task of every server leads back to both', () => {
  fc.assert(
    fc.property(server, fc.string({ unit: 'binary', maxLength: 40 }), (of, task) =>
      assert.deepEqual(splitMergedTaskId(mergedTaskId(of, task)), { server: of, task }),
    ),
  );
  for (const plain of ['', 'task', 'Up.x', '.x']) assert.equal(splitMergedTaskId(plain), null);
});

test('what a browser opens is known by its scheme', () => {
  assert.ok(isWebAddress('https://example.com/') && isWebAddress('HTTP://x'));
  assert.ok(!isWebAddress('ui://x') && !isWebAddress('httpsx://y') && !isWebAddress('file:///x'));
});
