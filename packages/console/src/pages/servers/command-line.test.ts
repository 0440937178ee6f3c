import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { asServerName, joinCommand, nameFor, nameForUrl, serverNamePattern, splitCommand } from './command-line.ts';

test('a command line is split into words as people mean them', () => {
  assert.deepEqual(splitCommand('npx -y @modelcontextprotocol/server-everything'), [
    'npx',
    '-y',
    '@modelcontextprotocol/server-everything',
  ]);
  assert.deepEqual(splitCommand(String.raw`"C:\Program Files\x.exe" --dir='a b' c\ d "say \"hi\""`), [
    String.raw`C:\Program Files\x.exe`,
    '--dir=a b',
    'c d',
    'say "hi"',
  ]);
  assert.deepEqual(splitCommand('a \\\n  b'), ['a', 'b']);
  assert.deepEqual(splitCommand('a ""'), ['a', '']);
  assert.deepEqual(splitCommand('  '), []);
});

test('nothing is expanded, and an open quote is said', () => {
  assert.deepEqual(splitCommand('echo $HOME `id` ~ *'), ['echo', '$HOME', '`id`', '~', '*']);
  assert.equal(splitCommand('echo "open'), null);
});

test('words survive being written as a line and read again', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }).filter((word) => !word.includes('\r'))), (words) => {
      assert.deepEqual(splitCommand(joinCommand(words)), words);
    }),
  );
});

test('a server is named after what it runs or where it lives', () => {
  const named = (line: string) => nameFor(splitCommand(line) ?? []);
  assert.equal(named('npx -y @modelcontextprotocol/server-everything@2026.8.31'), 'everything');
  assert.equal(named('uvx mcp-server-git --repository .'), 'git');
  assert.equal(named('node ./build/weather.js'), 'weather');
  assert.equal(named('/usr/local/bin/github-mcp-server stdio'), 'github');
  assert.equal(nameForUrl('https://mcp.linear.app/mcp'), 'linear');
  assert.equal(nameForUrl('not a url'), '');
});

test('whatever it is made from, a name is one that servers may have, or none', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const name = asServerName(text);
      assert.ok(name === '' || serverNamePattern.test(name), name);
    }),
  );
  assert.equal(asServerName('Büro (prod)'), 'buro-prod');
});
