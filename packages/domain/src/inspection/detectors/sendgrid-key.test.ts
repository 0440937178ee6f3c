import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const key = `SG.${'aB3dE6gH9jK2mN5pQ8sT1v'}.${'aB3-dE6_gH9jK2mN5pQ8sT1vW4xY7zA0bC3dE6gH9jK'}`;

test('API keys are found', () => {
  assert.deepEqual(foundBy('sendgrid-key', `SENDGRID_API_KEY=${key}`), [key]);
});

test('abbreviations with dots are left alone', () => {
  assert.deepEqual(foundBy('sendgrid-key', 'SG.example.com, MSG.sent.to'), []);
});
