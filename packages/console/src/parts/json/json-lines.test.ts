import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { deliveredSpans, toUtf16 } from './byte-spans.ts';
import { jsonLines, type Line } from './json-lines.ts';

const printed = (lines: readonly Line[]) =>
  lines.map(({ depth, pieces }) => '  '.repeat(depth) + pieces.map((piece) => piece.text).join('')).join('\n');

const marked = (lines: readonly Line[], span: number) =>
  lines
    .flatMap((line) => line.pieces)
    .filter((piece) => piece.span === span)
    .map((piece) => piece.text)
    .join('');

const bytes = (text: string) => Buffer.byteLength(text);

test('numbers, key order, duplicate keys and escapes stay as they were written', () => {
  const text = '{"b":1.0,"a":12345678901234567890,"a":"\\u00e9\\/","e":{},"l":[ ],"n":[1e5,null]}';
  assert.equal(
    printed(jsonLines(text)),
    [
      '{',
      '  "b": 1.0,',
      '  "a": 12345678901234567890,',
      '  "a": "\\u00e9\\/",',
      '  "e": {},',
      '  "l": [],',
      '  "n": [',
      '    1e5,',
      '    null',
      '  ]',
      '}',
    ].join('\n'),
  );
});

test('the lines of any JSON say the same as the JSON', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), (text) => {
      const again = printed(jsonLines(text));
      assert.deepEqual(JSON.parse(again), JSON.parse(text));
      // Without keys that contain line-breaking characters, laying out is what JSON.stringify with two spaces does.
      assert.equal(again, JSON.stringify(JSON.parse(text), null, 2));
    }),
  );
});

test('every opening line knows the line that closes it', () => {
  const lines = jsonLines('{"a":[1,{"b":2}],"c":3}');
  for (const [index, line] of lines.entries()) {
    const opens = /[[{]$/.test(line.pieces.at(-1)?.text ?? '');
    assert.equal(line.closes !== null, opens);
    if (line.closes === null) continue;
    assert.ok(line.closes > index);
    assert.equal(lines[line.closes]?.depth, line.depth);
  }
});

test('a span given in bytes marks exactly its characters, whatever comes before', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary', minLength: 1 }),
      fc.string({ unit: 'binary' }),
      (before, secret, after) => {
        const inner = (value: string) => JSON.stringify(value).slice(1, -1);
        const head = `{"${inner(before)}":"${inner(before)}`;
        const text = `${head}${inner(secret)}${inner(after)}"}`;
        const span = { start: bytes(head), end: bytes(head) + bytes(inner(secret)) };
        assert.equal(marked(jsonLines(text, [span]), 0), inner(secret));
      },
    ),
  );
});

test('a span over several tokens marks all of them, and neighbours stay apart', () => {
  const text = '{"tools":[{"name":"a"},{"name":"b"}]}';
  const first = { start: text.indexOf('{"name":"a"'), end: text.indexOf(',{') };
  const second = { start: text.indexOf('b"'), end: text.indexOf('b"') + 1 };
  const lines = jsonLines(text, [first, second]);
  assert.equal(marked(lines, 0), '{"name":"a"}');
  assert.equal(marked(lines, 1), 'b');
});

test('a span of no length still has its place', () => {
  const lines = jsonLines('{"a":"bc"}', [{ start: 7, end: 7 }]);
  const pieces = lines.flatMap((line) => line.pieces);
  const at = pieces.findIndex((piece) => piece.span === 0);
  assert.equal(pieces[at - 1]?.text, '"b');
  assert.equal(pieces[at]?.text, '');
});

test('overlapping spans never show a character twice', () => {
  const text = '"abcdef"';
  const lines = jsonLines(text, [
    { start: 1, end: 5 },
    { start: 3, end: 7 },
    { start: 2, end: 3 },
  ]);
  assert.equal(printed(lines), text);
  assert.equal(marked(lines, 0), 'abcd');
  assert.equal(marked(lines, 1), 'ef');
});

test('an escaped line feed is a piece of its own, an escaped backslash before an n is not', () => {
  const pieces = jsonLines('"a\\nb\\\\nc\\\\\\nd"').flatMap((line) => line.pieces);
  assert.deepEqual(
    pieces.filter((piece) => piece.kind === 'break').map((piece) => piece.text),
    ['\\n', '\\n'],
  );
  assert.equal(pieces.map((piece) => piece.text).join(''), '"a\\nb\\\\nc\\\\\\nd"');
});

test('text that is not JSON is shown as it is, spans included', () => {
  const lines = jsonLines('<p>\nkéy=1', [{ start: 4, end: 8 }]);
  assert.equal(printed(lines), '<p>\nkéy=1');
  assert.equal(marked(lines, 0), 'kéy');
});

test('byte offsets turn into UTF-16 offsets', () => {
  assert.deepEqual(toUtf16('aé€😀z', [0, 1, 3, 6, 10, 11]), [0, 1, 2, 3, 5, 6]);
});

test('replacements are found in the delivered text wherever they moved to', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })),
      ),
      (parts) => {
        let original = '';
        let delivered = '';
        const edits = parts.map(([kept, removed, replacement]) => {
          original += kept;
          delivered += kept;
          const start = bytes(original);
          original += removed;
          delivered += replacement;
          return { start, end: bytes(original), replacement };
        });
        const spans = deliveredSpans(edits);
        for (const [index, edit] of edits.entries()) {
          const span = spans[index];
          assert.equal(Buffer.from(delivered).subarray(span?.start, span?.end).toString(), edit.replacement);
        }
      },
    ),
  );
});
