import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createChanges } from './changes.ts';

test('an announcement that is none counts as one that was missed, and ends nothing', () => {
  for (const text of [
    '',
    'null',
    '[]',
    '{',
    '"x"',
    '{"hub":"b"}',
    '{"hub":"b","changes":5}',
    '{"hub":"b","changes":[null]}',
  ]) {
    const changes = createChanges('a');
    const heard: string[] = [];
    changes.subscribe({ changed: () => void heard.push('changed'), missed: () => void heard.push('missed') });
    changes.heard(text);
    assert.deepEqual(heard, ['missed'], text);
  }
});

test('an announcement of another hub is followed, its own is not', () => {
  const changes = createChanges('a');
  const heard: unknown[] = [];
  changes.subscribe({ changed: (some) => void heard.push(...some), missed: () => assert.fail('nothing was missed') });
  const change = { organization: 'org_1', area: 'servers', id: 'srv_1' } as const;
  changes.heard(createChanges('b').announcement([change]));
  changes.heard(changes.announcement([change]));
  assert.deepEqual(heard, [change]);
});
