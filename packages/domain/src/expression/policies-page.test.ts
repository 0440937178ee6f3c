// docs/policies.md has what conditions can read and call as the code has it. `UPDATE=1 node --test` writes it there.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isGroup } from './declaration.ts';
import { messageEnvironment } from './message-environment.ts';

const page = fileURLToPath(new URL('../../../../docs/policies.md', import.meta.url));
const begin = '<!-- language:begin -->\n';
const end = '<!-- language:end -->';

test('docs/policies.md lists what conditions can read and call', () => {
  const text = readFileSync(page, 'utf8');
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  assert.ok(from >= 0 && to > from, 'the markers of the language are missing');
  if (process.env['UPDATE'] === '1') {
    writeFileSync(page, `${text.slice(0, from + begin.length)}${tables()}${text.slice(to)}`);
    return;
  }
  assert.equal(text.slice(from + begin.length, to), tables(), 'run this test with UPDATE=1 to write it anew');
});

test('every example of a function compiles', () => {
  for (const { example } of messageEnvironment.functions) assert.ok(messageEnvironment.compile(example).ok, example);
});

function tables(): string {
  const rows = Object.entries(messageEnvironment.variables).flatMap(([name, declared]) =>
    isGroup(declared)
      ? Object.entries(declared.fields).map(([field, { type, means }]) => row(`${name}.${field}`, type, means))
      : [row(name, declared.type, declared.means)],
  );
  const functions = messageEnvironment.functions.map(
    ({ signature, means, example }) => `| \`${signature}\` | ${means} | \`${example.replaceAll('|', '\\|')}\` |\n`,
  );
  return (
    `| value | type | what it is |\n|---|---|---|\n${rows.join('')}\n` +
    `| function | what it does | example |\n|---|---|---|\n${functions.join('')}`
  );
}

function row(name: string, type: string, means: string): string {
  return `| \`${name}\` | \`${type}\` | ${means} |\n`;
}
