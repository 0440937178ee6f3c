import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { Edit } from '@mcpvault/domain/redaction/edit';
import { apply } from '@mcpvault/domain/redaction/apply';
import { parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import fc from 'fast-check';
import { type HeldState, heldStates, isOurs, withoutRound } from './held-state.ts';

const random = { bytes: (count: number) => randomBytes(count) } as Parameters<typeof heldStates>[1];
const state: HeldState = {
  organization: 'org_1',
  principal: 'mem_1',
  approval: 'apr_1',
  digest: 'd',
  deadline: 5,
};

test('a state opens with the key of its organization, on whatever hub, and with no other', () => {
  const key = randomBytes(32);
  const sealed = heldStates(key, random).seal(state);
  assert.ok(isOurs(sealed));
  assert.deepEqual(heldStates(key, random).open(sealed), state);
  assert.equal(heldStates(randomBytes(32), random).open(sealed), null);
  assert.equal(heldStates(key, random).open(sealed.slice('mcpvault-held.'.length)), null);
});

test('what rounds add is cut out wherever it stands, and everything else stays as it was', () => {
  const name = fc.constantFrom('name', 'arguments', '_meta', 'inputResponses', 'requestState', 'other');
  const names = fc.uniqueArray(name, { maxLength: 6 });
  fc.assert(
    fc.property(names, fc.constantFrom('', ' ', '\n  '), (members, space) => {
      const of = (some: readonly string[]) =>
        `{${some.map((one) => `${space}"${one}"${space}:${space}{"of":"${one}, \\"x\\""}${space}`).join(',')}}`;
      const raw = Buffer.from(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${of(members)}}`);
      const message = parseMessage(raw, { maxDepth: 100, check: 'strict' });
      const left = JSON.parse(apply(raw, withoutRound(message, [])).toString()) as { params: object };
      const kept = members.filter((one) => one !== 'inputResponses' && one !== 'requestState');
      assert.deepEqual(left.params, JSON.parse(of(kept)));
    }),
  );
});

test('an edit in what is cut out goes with it, and the others stay', () => {
  const text =
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","requestState":"secret","z":"secret"}}';
  const at = (place: number): Edit => ({
    ...{ start: place, end: place + 6, replacement: '***', layer: 'hub', policy: 'pol_1', reason: '', detector: null },
  });
  const edits = [at(text.indexOf('secret')), at(text.lastIndexOf('secret'))];
  const message = parseMessage(Buffer.from(text), { maxDepth: 100, check: 'strict' });
  const left = JSON.parse(apply(message.raw, withoutRound(message, edits)).toString()) as { params: object };
  assert.deepEqual(left.params, { name: 'a', z: '***' });
});
