import assert from 'node:assert/strict';
import test from 'node:test';
import { parseOptions } from './options.ts';

test('without options everything is measured thoroughly', () => {
  const { only, drift, json, pace } = parseOptions([]);
  assert.deepEqual({ only, drift, json }, { only: [], drift: false, json: null });
  assert.ok(
    pace.rounds * pace.seconds > parseOptions(['--quick']).pace.rounds * parseOptions(['--quick']).pace.seconds,
  );
});

test('cases are named once, several times, or in a list', () => {
  assert.deepEqual(parseOptions(['--only', 'a,b*', '--only', 'c']).only, ['a', 'b*', 'c']);
});

test('numbers are bounded, so that every run ends', () => {
  assert.equal(parseOptions(['--rounds', '4']).pace.rounds, 4);
  for (const wrong of ['0', '-1', '1000000', 'many']) {
    assert.throws(() => parseOptions([`--rounds=${wrong}`]), /--rounds takes a number up to 100/);
  }
});

test('an option that does not exist is refused', () => {
  assert.throws(() => parseOptions(['--fast']), /--fast/);
});

test('a quick look is small in everything, unless it is asked otherwise', () => {
  const quick = parseOptions(['--quick', '--minutes', '3']);
  assert.deepEqual([quick.minutes, quick.sessions], [3, 2_000]);
  assert.deepEqual([parseOptions([]).minutes, parseOptions([]).sessions], [10, 10_000]);
});
