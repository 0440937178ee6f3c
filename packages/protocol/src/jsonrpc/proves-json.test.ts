import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isJson } from './proves-json.ts';

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test('says of hand-written texts what the engine’s parser says', () => {
  const texts = [
    ...['', ' ', '{}', '[]', '[ ]', '{ }', ' \n[1 , 2]\t', '{"a":1}', '{"a" : {"b":[{}]}, "c":null}', '"a"', '12'],
    ...[
      '{',
      '}',
      '[',
      ']',
      '[1',
      '[1,',
      '[1,]',
      '[,1]',
      '{"a"}',
      '{"a":}',
      '{"a":1,}',
      '{,}',
      '{a:1}',
      '[1}',
      '{"a":1]',
    ],
    ...[
      '[]]',
      '[] []',
      '1 2',
      '{"a":1 "b":2}',
      '[1 2]',
      'tru',
      'true',
      'truefalse',
      'nul',
      'undefined',
      'NaN',
      'Infinity',
    ],
    ...['0', '-0', '00', '01', '-', '-1', '+1', '1.', '.5', '1.5', '1e5', '1e', '1E+5', '1e-', '1.5e300', '0x1', '1_0'],
    ...[
      '"\\n\\u00e9\\/"',
      '"\\x"',
      '"\\u12"',
      '"\\u12g4"',
      '"\\',
      '"',
      '"\n"',
      '"\u0000"',
      '"\u007f\u2028"',
      "'a'",
      '"\\""',
    ],
    ...['\ufeff[]', '[1]\u00a0', '[1]\u000b', '//\n1', '/*a*/1', '["a"', '{"a":"b', '{"__proto__":1}', '{"a":1,"a":2}'],
  ];
  for (const text of texts) assert.equal(isJson(text), parses(text), text);
});

test('says of any JSON, and of any that was damaged, what the engine’s parser says', () => {
  const cut = fc.record({
    at: fc.nat(400),
    drop: fc.nat(2),
    add: fc.constantFrom('', ',', '"', '}', ']', '[', '\\', '0', ' '),
  });
  fc.assert(
    fc.property(fc.json(), fc.nat(2), fc.array(cut, { maxLength: 2 }), (json, indent, cuts) => {
      let text = JSON.stringify(JSON.parse(json), null, indent);
      for (const { at, drop, add } of cuts) text = text.slice(0, at) + add + text.slice(at + drop);
      assert.equal(isJson(text), parses(text));
      const bytes = Buffer.from(text);
      assert.equal(isJson(bytes.toString('latin1')), parses(bytes.toString()));
    }),
    { numRuns: 3000 },
  );
});

test('goes as deep as a text does', () => {
  const deep = 200_000;
  assert.ok(isJson('['.repeat(deep) + ']'.repeat(deep)));
  assert.ok(!isJson('['.repeat(deep) + ']'.repeat(deep - 1)));
  assert.ok(isJson('{"a":'.repeat(deep) + '1' + '}'.repeat(deep)));
});
