import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { displayWidth, truncate } from './display-width.ts';
import { createStyle, wantsColor } from './style.ts';
import { type Column, renderDetails, renderTable } from './table.ts';

const plain = createStyle(false);
const columns: readonly Column<readonly [string, string]>[] = [
  { header: 'NAME', value: ([name]) => name },
  { header: 'N', value: ([name]) => String(name.length), align: 'right' },
  { header: 'TEXT', value: ([, text]) => text, shrinks: true },
];

test('columns are aligned by what they look like, not by how many characters they are', () => {
  assert.equal(
    renderTable(
      [
        ['漢字', 'x'],
        ['abc', 'y'],
      ],
      columns,
      plain,
    ),
    'NAME  N  TEXT\n漢字  2  x\nabc   3  y',
  );
});

test('a table fits its terminal by cutting the columns that may give way', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '漢', '😀', ' ', '\n'), maxLength: 60 });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constant('name'), text)), (rows) =>
      renderTable(rows, columns, plain, 30)
        .split('\n')
        .every((line) => displayWidth(line) <= 30),
    ),
  );
});

test('a table without a terminal is never cut', () => {
  const long = 'x'.repeat(500);
  assert.ok(renderTable([['a', long]], columns, plain).includes(long));
});

test('cut text ends with … and keeps within its cells', () => {
  assert.equal(truncate('abcdef', 4), 'abc…');
  assert.equal(truncate('漢字漢字', 4), '漢…');
  assert.equal(truncate('abcd', 4), 'abcd');
});

test('details leave out what there is not', () => {
  assert.equal(
    renderDetails(
      [
        ['A', '1'],
        ['Long', undefined],
        ['BC', '2'],
      ],
      plain,
    ),
    'A   1\nBC  2',
  );
});

test('colour follows FORCE_COLOR, then NO_COLOR, then the stream', () => {
  const terminal = { isTTY: true };
  const wants = (stream: { isTTY?: boolean }, env: Record<string, string>): boolean =>
    wantsColor(stream as Parameters<typeof wantsColor>[0], env);
  assert.equal(wants(terminal, {}), true);
  assert.equal(wants(terminal, { NO_COLOR: '1' }), false);
  assert.equal(wants(terminal, { TERM: 'dumb' }), false);
  assert.equal(wants({}, {}), false);
  assert.equal(wants({}, { FORCE_COLOR: '1', NO_COLOR: '1' }), true);
  assert.equal(wants(terminal, { FORCE_COLOR: '0' }), false);
});
