import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Definition, detectorWords, listed, modeWords, scopeWords, sentenceOfPolicy } from './policy-words.ts';

const about = { description: '', quality: null, tables: [] };
const detectors = [
  { id: 'aws-access-key', group: 'secrets', title: 'AWS access key', ...about },
  { id: 'email', group: 'personal-data', title: 'E-mail address', ...about },
];
const nowhere: Definition['scope'] = {
  ...{ servers: null, tools: null, teams: null, roles: null, clients: null, workstations: null },
};

test('groups are named as groups, detectors by their titles, unknown ones by their id', () => {
  assert.equal(
    detectorWords({ detectors: ['secrets', 'email', 'gone'] }, detectors),
    'secrets, E-mail address and gone',
  );
});

test('what a policy does reads as a sentence', () => {
  const alert = { type: 'alert' } as const;
  const redact = { type: 'redact', style: 'mask' } as const;
  assert.equal(
    sentenceOfPolicy({ actions: [redact, alert], detectors: ['secrets'], condition: null }, detectors),
    'Redacts and alerts when it finds secrets.',
  );
  assert.equal(
    sentenceOfPolicy({ actions: [{ type: 'refuse' }], detectors: [], condition: 'x' }, detectors),
    'Refuses the message when its condition holds.',
  );
  assert.equal(
    sentenceOfPolicy({ actions: [{ type: 'refuse' }], detectors: [], condition: null }, detectors),
    'Refuses the message.',
  );
});

test('where it holds is told briefly, and nothing is everything', () => {
  const nameOf = (id: string) => (id === 'srv_1' ? 'warehouse' : id);
  assert.equal(scopeWords({ scope: nowhere }, nameOf), 'everything');
  const scope = { ...nowhere, servers: ['srv_1' as const], tools: ['a', 'b', 'c'], teams: ['team_1' as const] };
  assert.equal(scopeWords({ scope }, nameOf), 'warehouse · 3 tools · 1 team');
});

test('a rollout under way is told with its mode', () => {
  assert.equal(modeWords({ mode: 'shadow', percentage: 20, pilot: null }), 'shadow');
  assert.equal(modeWords({ mode: 'enforce', percentage: 20, pilot: null }), 'enforce 20 %');
  assert.equal(modeWords({ mode: 'enforce', percentage: 100, pilot: ['team_1'] }), 'enforce for 1 team');
});

test('lists end with "and"', () => {
  assert.deepEqual(
    [listed([]), listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'])],
    ['', 'a', 'a and b', 'a, b and c'],
  );
});
