import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectorGroups } from './detector.ts';
import { detectorCatalog, detectorNames, detectors, detectorsNamed } from './detector-catalog.ts';

const ids = detectors.map(({ id }) => id);

test('ids are unique and speakable, and policies may use them and the groups', () => {
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.match(id, /^[a-z][a-z0-9-]+$/);
  assert.deepEqual(new Set(detectorNames), new Set([...detectorGroups, ...ids]));
});

test('a group with the name of a detector stands for nothing but that one', () => {
  for (const { id, group } of detectors)
    if (detectorGroups.some((name) => name === id)) assert.deepEqual([id, detectorsNamed([id]).length], [group, 1]);
});

test('a group stands for its detectors, once each, in the catalog’s order', () => {
  assert.deepEqual(
    detectorsNamed(['jwt', 'email', 'secrets', 'email']).map(({ id }) => id),
    detectors.filter(({ group }) => group === 'secrets' || group === 'email').map(({ id }) => id),
  );
  assert.equal(detectorsNamed([...detectorGroups]).length, detectors.length);
});

test('every detector introduces itself', () => {
  for (const { title, description, group } of detectorCatalog) {
    assert.ok(title.length > 3 && description.endsWith('.'));
    assert.ok(detectorGroups.includes(group));
  }
});

test('the characters that are looked for are ASCII', () => {
  for (const { anchors } of detectors) for (const { chars } of anchors) assert.match(chars, /^[\x21-\x7e]+$/);
});
