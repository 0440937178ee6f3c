import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../failure.ts';
import { compileInspector } from './inspect.ts';

const all = compileInspector(['secrets', 'cards', 'email']);
const npm = `npm_${'aB3dE6gH9jK2'.repeat(3)}`;

/** Pointer and text of each finding. */
function look(json: string, inspector = all) {
  const raw = Buffer.from(json);
  return inspector.inspect(raw).map(({ pointer, start, end }) => [pointer, raw.toString('utf8', start, end)]);
}

test('where nothing is found the same empty list comes back each time', () => {
  const first = all.inspect(Buffer.from('{"a":[1,"b",null]}'));
  assert.equal(first.length, 0);
  assert.equal(first, all.inspect(Buffer.from('"c"')));
});

test('a finding says what, where and how sure, and not which text', () => {
  const raw = Buffer.from(`{"params":{"é":["x","to ${npm}"]}}`);
  const [finding, ...others] = all.inspect(raw);
  const start = raw.indexOf(npm);
  assert.deepEqual(finding, {
    detector: 'npm-token',
    start,
    end: start + npm.length,
    pointer: '/params/é/1',
    inKey: false,
    confidence: 0.95,
  });
  assert.deepEqual(others, []);
});

test('the Latin-1 view may be handed in', () => {
  const raw = Buffer.from(`["${npm}"]`);
  assert.deepEqual(all.inspect(raw, raw.toString('latin1')), all.inspect(raw));
});

test('keys of any name lead to a finding, and pointers escape them', () => {
  assert.deepEqual(look(`{"__proto__":"${npm}"}`), [['/__proto__', npm]]);
  assert.deepEqual(look(`{"":{"a/b~c.d":["${npm}"]}}`), [['//a~1b~0c.d/0', npm]]);
  assert.deepEqual(look(`{"a\\"b":"${npm}"}`), [['/a"b', npm]]);
  assert.deepEqual(look(`"${npm}"`), [['', npm]]);
});

test('a key that holds a finding is not repeated by any pointer', () => {
  const raw = Buffer.from(`{"x":{"${npm}":{"to":"ada@example.com"}}}`);
  const findings = all.inspect(raw);
  assert.deepEqual(
    findings.map(({ pointer, inKey }) => [pointer, inKey]),
    [
      ['/x/[key]', true],
      ['/x/[key]/to', false],
    ],
  );
});

test('a number is a finding as a whole and says so', () => {
  const [finding] = all.inspect(Buffer.from('{"n":[0, -4111111111111111 ]}'));
  assert.deepEqual([finding?.start, finding?.end, finding?.pointer, finding?.inNumber], [9, 26, '/n/1', true]);
});

test('pointers into deep and long-winded messages stay short', () => {
  const deep = `${'{"a-rather-long-name":'.repeat(300)}"${npm}"${'}'.repeat(300)}`;
  const [finding] = all.inspect(Buffer.from(deep));
  assert.ok(finding !== undefined && finding.pointer.length < 600 && finding.pointer.endsWith('/…'));
  const [other] = all.inspect(Buffer.from(`{"${'k'.repeat(5000)}":"${npm}"}`));
  assert.ok(other !== undefined && other.pointer.length < 100);
});

test('findings come by place, the longer and the surer first', () => {
  const text = `api_key=${npm} and ada@example.com`;
  assert.deepEqual(
    all.inspect(Buffer.from(JSON.stringify([text, npm]))).map(({ detector }) => detector),
    ['npm-token', 'generic-secret-assignment', 'email', 'npm-token'],
  );
});

test('JSON inside a string is looked into at any depth', () => {
  let text = JSON.stringify({ note: 'a\nb', password: 'S3cr3t!Pass', mail: 'x\nada@example.com' });
  for (let depth = 0; depth < 3; depth++) text = JSON.stringify({ text });
  assert.deepEqual(look(text), [
    ['/text', 'S3cr3t!Pass'],
    ['/text', 'ada@example.com'],
  ]);
});

test('escapes that hide are seen through, also where they are escaped themselves', () => {
  const hidden = '\\u0061da\\u0040example.com';
  assert.deepEqual(look(`["${hidden}"]`), [['/0', hidden]]);
  const twice = hidden.replaceAll('\\', '\\\\');
  assert.deepEqual(look(`["{\\"a\\":\\"${twice}\\"}"]`), [['/0', twice]]);
  const within = '\\u005cu0061da@example.com';
  assert.deepEqual(look(`["${within}"]`), [['/0', within]]);
});

test('quotes spelled as escapes separate like quotes', () => {
  const json = String.raw`["{\u0022password\u0022:\u0022S3cr3t!Pass\u0022,\u0022n\u0022:1}"]`;
  assert.deepEqual(look(json), [['/0', 'S3cr3t!Pass']]);
});

test('a span splits no escape, no surrogate pair and no UTF-8 sequence', () => {
  assert.deepEqual(look('["🙂ada@example.com🙂"]'), [['/0', 'ada@example.com']]);
  assert.deepEqual(look('["\\ud83d\\ude42ada@example.com\\ud83d\\ude42"]'), [['/0', 'ada@example.com']]);
  assert.deepEqual(look('["\\\\ada@example.com"]'), [['/0', 'ada@example.com']]);
});

test('what is not JSON does no harm', () => {
  for (const text of [
    '',
    '{',
    '"',
    '["a@b.co',
    '}]',
    `${npm}`,
    '{"a":"b\\',
    '{:,"a@b.co"}',
    '-',
    '\\u0041',
    '[4111111111111111',
  ])
    assert.ok(Array.isArray(all.inspect(Buffer.from(text))));
});

test('one detector alone finds only its own', () => {
  assert.deepEqual(look(`["${npm} ada@example.com"]`, compileInspector(['email'])), [['/0', 'ada@example.com']]);
  assert.deepEqual(compileInspector(['email', 'npm-token', 'email']).detectors, ['npm-token', 'email']);
});

test('no detector at all finds nothing', () => {
  assert.deepEqual(look(`["${npm}"]`, compileInspector([])), []);
});

test('an unknown name fails with the known ones', () => {
  assert.throws(
    () => compileInspector(['emails']),
    (error) =>
      error instanceof Failure &&
      error.code === 'invalid_params' &&
      /“emails”.*secrets, cards, email/.test(error.message),
  );
});
