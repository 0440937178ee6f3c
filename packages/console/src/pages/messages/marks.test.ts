import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupsOf, marksOf, spansOf } from './marks.ts';

const policy = { id: 'pol_1' as const, name: 'Keep secrets in' };
const edit = { layer: 'hub' as const, policy, reason: 'Because.', detector: 'card' };
const finding = { pointer: '/a', inKey: false, confidence: 1 };
const body = {
  original: '{"a":"1111 and 22","b":"33"}',
  delivered: '{"a":"[x] and [long]","b":"33"}',
  edits: [
    { ...edit, start: 15, end: 17, replacement: '[long]', detector: 'pin' },
    { ...edit, start: 6, end: 10, replacement: '[x]' },
  ],
  findings: [
    { ...finding, detector: 'card', start: 6, end: 10 },
    { ...finding, detector: 'pin', start: 24, end: 26 },
  ],
};
const titleOf = (detector: string) => detector.toUpperCase();

test('edits and what was only noticed are numbered in the order of the text', () => {
  assert.deepEqual(
    marksOf(body, titleOf, 4).map(({ number, what, tone }) => [number, what, tone]),
    [
      [5, 'CARD', 'redacted'],
      [6, 'PIN', 'redacted'],
      [7, 'PIN', 'found'],
    ],
  );
  assert.deepEqual(marksOf(null, titleOf, 0), []);
});

test('each view marks its own places', () => {
  const marks = marksOf(body, titleOf, 0);
  const places = (view: 'original' | 'delivered') =>
    spansOf(marks, view).map(({ start, end }) => body[view].slice(start, end));
  assert.deepEqual(places('original'), ['1111', '22', '33']);
  assert.deepEqual(places('delivered'), ['[x]', '[long]']);
});

test('marks are told together by policy, then by kind', () => {
  const groups = groupsOf(marksOf(body, titleOf, 0));
  assert.deepEqual(
    groups.map(({ policy: by, kinds }) => [by?.name ?? null, kinds.map(({ what, marks }) => [what, marks.length])]),
    [
      [
        'Keep secrets in',
        [
          ['CARD', 1],
          ['PIN', 1],
        ],
      ],
      [null, [['PIN', 1]]],
    ],
  );
});

test('a removal and a rewrite by the gateway are not called redactions', () => {
  const edits = [
    { ...edit, start: 0, end: 4, replacement: '' },
    { ...edit, start: 6, end: 8, replacement: 'x', policy: null, detector: null },
  ];
  assert.deepEqual(
    marksOf({ ...body, edits, findings: [] }, titleOf, 0).map(({ tone, what }) => [tone, what]),
    [
      ['removed', 'CARD'],
      ['found', 'Rewritten on the way'],
    ],
  );
});
