import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { alertFilterCount, alertInput, nextAfter, parseAlertSearch } from './alert-search.ts';

test('filters survive the way through the address, and become what the hub is asked', () => {
  const search = parseAlertSearch({
    ...{
      tab: 'inbox',
      state: 'finished',
      severity: 'high',
      kind: 'policy',
      owner: 'none',
      policy: 'pol_1',
      q: ' drop ',
    },
    open: 'alt_1',
  });
  assert.deepEqual(parseAlertSearch({ ...search }), search);
  assert.equal(alertFilterCount(search), 6);
  assert.deepEqual(alertInput(search), {
    ...{ state: 'resolved,dismissed', severity: 'high', kind: 'policy', owner: 'none', policy: 'pol_1', q: 'drop' },
  });
  assert.deepEqual(alertInput({}), {});
});

test('what makes no sense is left out', () => {
  assert.deepEqual(parseAlertSearch({ state: 'sleeping', severity: 7, policy: 'srv_1', open: 'alt_<', q: '  ' }), {});
  fc.assert(fc.property(fc.dictionary(fc.string(), fc.anything()), (raw) => void parseAlertSearch(raw)));
});

test('when alerts leave the list, the reader goes on at the next one that stays', () => {
  const ids = ['a', 'b', 'c', 'd'];
  assert.equal(nextAfter(ids, new Set(['b']), 'b'), 'c');
  assert.equal(nextAfter(ids, new Set(['b', 'c']), 'b'), 'd');
  assert.equal(nextAfter(ids, new Set(['d']), 'd'), 'c');
  assert.equal(nextAfter(ids, new Set(ids), 'b'), null);
  assert.equal(nextAfter(ids, new Set(), null), 'a');
});
