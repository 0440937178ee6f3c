import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { test } from 'node:test';
import type { Bundle } from '@mcpvault/protocol/hub-link/policy-bundle';
import { keyId } from '../audit/checkpoint.ts';
import { openBundle, signBundle } from './signed-bundle.ts';
import { standardRules } from './standard-rules.ts';

function makeKey() {
  const { privateKey, publicKey: made } = generateKeyPairSync('ed25519');
  const publicKey = made.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
  const known = { id: keyId(publicKey), publicKey };
  return { known, signer: { key: known.id, sign: (text: Buffer) => sign(null, text, privateKey) } };
}

const ours = makeKey();
const older = makeKey();

const content: Bundle = {
  ...{ link: 1, workstation: 'wst_1', organization: 'org_1', version: 7, madeAt: 1000, expiresAt: 9000 },
  member: { id: 'mem_1', email: 'ada@example.test', role: 'member', teams: [] },
  settings: {
    ...{ localPolicies: 'stricter', localServers: 'allowed', messages: 'originals', whenExpired: 'keep' },
    pollSeconds: 20,
  },
  policies: [{ id: 'pol_1', name: 'No cards', version: 2, severity: 'high' }],
  compliance: standardRules,
  hosted: [],
  keys: [ours.known],
};
const ask = { workstation: 'wst_1', keys: [ours.known], newest: 6, now: 2000 };

test('a bundle that the hub signed opens as what it says', () => {
  assert.deepEqual(openBundle(signBundle(content, [ours.signer]), ask), { bundle: content });
});

test('a key that was replaced a while ago still lets the next bundle in, with the keys that follow', () => {
  const opened = openBundle(signBundle(content, [ours.signer, older.signer]), { ...ask, keys: [older.known] });
  assert.deepEqual('bundle' in opened && opened.bundle.keys, [ours.known]);
});

test('one changed character, and it is nobody’s bundle', () => {
  const signed = signBundle(content, [ours.signer]);
  for (let at = 0; at < signed.text.length; at += 37) {
    const text = `${signed.text.slice(0, at)}${signed.text[at] === '1' ? '2' : '1'}${signed.text.slice(at + 1)}`;
    assert.deepEqual(openBundle({ ...signed, text }, ask), { refused: 'not_signed' });
  }
});

test('a signature by a key under another key’s name is none', () => {
  const signed = signBundle(content, [{ ...older.signer, key: ours.known.id }]);
  assert.deepEqual(openBundle(signed, ask), { refused: 'not_signed' });
});

test('what is for another workstation, older than what is held, or expired, is refused by its reason', () => {
  const signed = signBundle(content, [ours.signer]);
  assert.deepEqual(openBundle(signed, { ...ask, workstation: 'wst_2' }), { refused: 'not_for_us' });
  assert.deepEqual(openBundle(signed, { ...ask, newest: 8 }), { refused: 'older' });
  assert.deepEqual(openBundle(signed, { ...ask, now: 9000 }), { refused: 'expired' });
  assert.ok('bundle' in openBundle(signed, { ...ask, newest: 7 }));
  const strange = { ...content, version: 'seven' } as unknown as Bundle;
  assert.deepEqual(openBundle(signBundle(strange, [ours.signer]), ask), { refused: 'not_understood' });
});
