import assert from 'node:assert/strict';
import { test } from 'node:test';
import { futureMoment, pastMoment } from './moments.ts';

const now = Date.parse('2026-11-20T12:00:00Z');

test('a span, a day and a time all mean a moment in UTC', () => {
  assert.equal(futureMoment('90m', now), '2026-11-20T13:30:00.000Z');
  assert.equal(futureMoment('2w', now), '2026-12-04T12:00:00.000Z');
  assert.equal(futureMoment('2027-01-31', now), '2027-01-31T00:00:00.000Z');
  assert.equal(futureMoment('2027-01-31T10:00:00+02:00', now), '2027-01-31T08:00:00.000Z');
});

test('what is past, or no time at all, is refused', () => {
  for (const wrong of ['0d', '2020-01-01', 'tomorrow', '10', '2027-13-01', '']) {
    assert.throws(() => futureMoment(wrong, now), { exit: 'usage' }, wrong);
  }
});

test('a span back, a day and a time mean a moment that has passed', () => {
  assert.equal(pastMoment('2w', now), '2026-11-06T12:00:00.000Z');
  assert.equal(pastMoment('2026-01-31', now), '2026-01-31T00:00:00.000Z');
  for (const wrong of ['yesterday', '10', '', '-1d', '999999w']) {
    assert.throws(() => pastMoment(wrong, now), { exit: 'usage' }, wrong);
  }
});
