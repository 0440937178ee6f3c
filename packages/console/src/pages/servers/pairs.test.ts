import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pair, pairsFromText, recordOf, storedPairs, valuesOf } from './pairs.ts';

test('stored values are kept by saying null, typed ones are sent', () => {
  const pairs = [...storedPairs(['KEPT']), pair('TYPED', 'x'), pair('', 'nameless')];
  assert.deepEqual(recordOf(pairs), { KEPT: null, TYPED: 'x' });
  assert.deepEqual(valuesOf([pair(' A ', ''), pair('A', '2')]), { A: '2' });
});

test('lines of an .env file become rows', () => {
  const pairs = pairsFromText('# comment\nexport A=1\nB = "two words"\n\nX-Api-Key: k=v\n');
  assert.deepEqual(
    pairs?.map(({ name, value }) => [name, value]),
    [
      ['A', '1'],
      ['B', 'two words'],
      ['X-Api-Key', 'k=v'],
    ],
  );
});

test('a mere name is no .env file', () => {
  assert.equal(pairsFromText('API_KEY'), null);
  assert.equal(pairsFromText(''), null);
});
