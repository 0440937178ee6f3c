import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appliedEdits } from './applied-edits.ts';

test('splices are put in by bytes, in whatever order they come', () => {
  const edits = [
    { start: 8, end: 9, replacement: '!' },
    { start: 3, end: 5, replacement: 'oe' },
  ];
  assert.equal(appliedEdits('sch\u00f6n ab', edits.toReversed()), 'schoen a!');
  assert.equal(appliedEdits('plain', []), 'plain');
});
