import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseArguments, readArguments } from './tool-arguments.ts';

const schema = {
  type: 'object',
  properties: {
    text: { type: 'string' },
    amount: { type: 'number' },
    whole: { type: 'integer' },
    on: { type: 'boolean' },
    maybe: { type: ['string', 'null'] },
    either: { anyOf: [{ type: 'integer' }, { type: 'boolean' }] },
    level: { enum: ['low', 'high'] },
    list: { type: 'array', items: { type: 'integer' } },
    object: { type: 'object' },
    ['__proto__' as string]: { type: 'number' },
  },
};

const read = (...given: string[]): Record<string, unknown> => readArguments(given, schema);

test('a value is read as the type its schema says', () => {
  assert.deepEqual(read('text=12', 'amount=1.5', 'whole=3', 'on=true', 'maybe=null', 'either=false', 'level=low'), {
    text: '12',
    amount: 1.5,
    whole: 3,
    on: true,
    maybe: 'null',
    either: false,
    level: 'low',
  });
  assert.deepEqual(read('object={"a":[1]}', 'list=[1,2]'), { object: { a: [1] }, list: [1, 2] });
});

test('a whole number is a number too', () => {
  assert.deepEqual(read('amount=3'), { amount: 3 });
});

test('a name given again makes a list where the schema wants one, and else the last one holds', () => {
  assert.deepEqual(read('list=1', 'list=2'), { list: [1, 2] });
  assert.deepEqual(read('text=a', 'text=b'), { text: 'b' });
});

test('without a schema a value is text, and := makes it JSON', () => {
  assert.deepEqual(readArguments(['a=1', 'b:=1', 'c=x=y', 'd='], undefined), { a: '1', b: 1, c: 'x=y', d: '' });
  assert.deepEqual(read('text:=7'), { text: 7 });
});

test('a value of the wrong type is refused with the right one', () => {
  assert.throws(() => read('whole=1.5'), /whole must be integer/);
  assert.throws(() => read('on=yes'), /on must be boolean/);
  assert.throws(() => read('list=x'), /list must be integer/);
  assert.throws(() => read('b:=nope'), /not JSON/);
  assert.throws(() => read('nothing'), /name=value/);
});

test('any JSON value arrives as it is with :=', () => {
  const name = fc.string({ minLength: 1 }).filter((text) => !/[=:]/.test(text) && text !== '__proto__');
  fc.assert(
    fc.property(name, fc.jsonValue(), (key, value) => {
      const text = JSON.stringify(value);
      assert.deepEqual(readArguments([`${key}:=${text}`], undefined)[key], JSON.parse(text));
    }),
  );
});

test('a whole set of arguments must be an object', () => {
  assert.deepEqual(parseArguments('{"a":1}', '--json-args'), { a: 1 });
  for (const wrong of ['[]', 'null', '"a"', '{', '']) assert.throws(() => parseArguments(wrong, '--json-args'));
});
