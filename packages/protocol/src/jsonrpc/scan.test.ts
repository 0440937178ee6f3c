import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { longestStringOf, ScanError, skipSpace, skipString, skipValue, walkArray, walkObject } from './scan.ts';

function latin1(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('latin1');
}

test('the end of a value is found whatever it holds', () => {
  fc.assert(
    fc.property(
      fc.jsonValue({ stringUnit: 'binary' }),
      fc.constantFrom('', ',', ' ', '}', ']', '\n'),
      (value, after) => {
        const text = latin1(value);
        assert.equal(skipValue(`  ${text}${after}`, 2, 100), 2 + text.length);
      },
    ),
  );
});

test('a string ends at the first quote that no backslash holds back', () => {
  for (const [text, end] of [
    ['""', 2],
    ['"a"b"', 3],
    ['"\\""', 4],
    ['"\\\\"x"', 4],
    ['"\\\\\\""', 6],
    ['"a\\\\\\\\"', 7],
  ] as const)
    assert.equal(skipString(text, 0), end, text);
  for (const open of ['"', '"a', '"\\"', '"\\\\\\"']) assert.throws(() => skipString(open, 0), ScanError);
});

test('members and elements are seen in order, with the bytes they lie in', () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\\', '/')),
        fc.jsonValue(),
      ),
      (object) => {
        const text = latin1(object);
        const seen: [string, unknown][] = [];
        const end = walkObject(text, 0, 100, (_key, keyStart, start, stop) => {
          const bytes = Buffer.from(text, 'latin1');
          const name = JSON.parse(
            bytes.toString('utf8', keyStart, text.indexOf(':', skipString(text, keyStart))),
          ) as string;
          seen.push([name, JSON.parse(bytes.toString('utf8', start, stop))]);
        });
        assert.equal(end, text.length);
        assert.deepEqual(seen, Object.entries(JSON.parse(JSON.stringify(object)) as object));
      },
    ),
  );
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), (array) => {
      const text = latin1(array);
      const seen: unknown[] = [];
      walkArray(text, 0, 100, (index, start, stop) => {
        assert.equal(index, seen.length);
        seen.push(JSON.parse(Buffer.from(text.slice(start, stop), 'latin1').toString()));
      });
      assert.deepEqual(seen, JSON.parse(JSON.stringify(array)));
    }),
  );
});

test('names written with escapes are seen as what they mean', () => {
  const seen: string[] = [];
  walkObject('{"na\\u006de":1,"\\"":2,"a\\/b":3}', 0, 5, (key) => seen.push(key));
  assert.deepEqual(seen, ['name', '"', 'a/b']);
});

test('what cannot be walked is refused', () => {
  const never = (): void => assert.fail('nothing should be seen');
  for (const text of ['', '[', '[]', '{', '{"a', '{"a"', '{"a":', '{"a":}', '{,}', '{a:1}', '{"a" 1}', '{"\\x":1}'])
    assert.throws(() => walkObject(text, 0, 5, never), ScanError, text);
  for (const text of ['{"a":1', '{"a":1 2}', '{"a":1]', '{"a":[1}', '{"a":"b}'])
    assert.throws(() => walkObject(text, 0, 5, () => {}), ScanError, text);
  for (const text of ['', '{}', '[', '[1', '[1 2]', '[,]', '[1,]'])
    assert.throws(() => walkArray(text, 0, 5, () => {}), ScanError, text);
});

test('nesting is bounded, and the bound is the same for objects and arrays', () => {
  const deep = (open: string, close: string, levels: number): string =>
    `${open.repeat(levels)}1${close.repeat(levels)}`;
  for (const [open, close] of [
    ['[', ']'],
    ['{"a":', '}'],
  ] as const) {
    assert.equal(skipValue(deep(open, close, 5), 0, 5), deep(open, close, 5).length);
    assert.throws(() => skipValue(deep(open, close, 6), 0, 5), /deeper/);
  }
});

test('only the four spaces of JSON are skipped', () => {
  assert.equal(skipSpace(' \t\r\n1', 0), 4);
  assert.equal(skipSpace('\u00a01', 0), 0);
  assert.equal(skipSpace('\f1', 0), 0);
  assert.equal(skipSpace('  ', 0), 2);
});

test('a long string ends where it ends, whichever texts were walked before', () => {
  const texts = ['a', 'b'].flatMap((letter) =>
    [1500, 2000].map((length) => `["${letter.repeat(length)}","${'x'.repeat(1200)}\\"",["${letter.repeat(3000)}"]]`),
  );
  for (const text of [...texts, ...texts.toReversed(), ...texts, ...texts]) {
    assert.equal(skipValue(text, 0, 100), text.length);
    assert.equal(longestStringOf(text), 3002);
    assert.equal(skipString(text, 1), text.indexOf(','));
    assert.deepEqual(JSON.parse(text.slice(1, skipString(text, 1))), JSON.parse(text)[0]);
  }
  assert.equal(longestStringOf('"another"'), 0);
});
