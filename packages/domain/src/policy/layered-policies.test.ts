import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import { createPipeline } from '../pipeline/run.ts';
import { decide } from '../pipeline/stages/decide.ts';
import { inspect } from '../pipeline/stages/inspect.ts';
import { apply } from '../redaction/apply.ts';
import { compilePolicies } from './compile.ts';
import { completePolicy } from './complete-policy.ts';
import { layeredPolicies } from './layered-policies.ts';
import { plainFacts } from './testing/plain-facts.ts';

const secret = 'ghp_EXAMPLEexampleEXAMPLEexample0123456789';
const labelSecrets = completePolicy({
  id: 'pol_hub',
  name: 'Secrets',
  reason: 'no secrets',
  detectors: ['secrets'],
  actions: [{ type: 'redact', style: 'label' }, { type: 'alert' }],
});
const maskMail = completePolicy({
  id: 'pol_ws',
  name: 'Addresses',
  reason: 'nobody’s address',
  detectors: ['email'],
  actions: [
    { type: 'redact', style: 'mask' },
    { type: 'tag', tags: ['mine'] },
  ],
});
const refuseAll = (id: 'pol_hub' | 'pol_ws') =>
  completePolicy({ id, name: 'No', reason: `${id} says no`, actions: [{ type: 'refuse' }] });

function judged(hub: Parameters<typeof compilePolicies>[0], workstation: typeof hub, argument: string) {
  const policies = layeredPolicies(compilePolicies(hub), compilePolicies(workstation, 'workstation'));
  const text = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'x', arguments: { argument } },
  });
  const message = parseMessage(Buffer.from(text), { maxDepth: 20, check: 'strict' });
  const pipeline = createPipeline([inspect, decide], (_, error) => assert.fail(String(error)));
  const scope = { server: null, direction: 'call', tool: 'x', caller: null, client: null, workstation: null } as const;
  const verdict = pipeline.judge(
    { direction: 'call', message, answers: null, endpoint: null },
    {
      ...{ caller: null, owner: null, server: null, reach: null, bareName: null },
      circumstances: { now: 0, address: null, client: null },
      policies: policies.forMessage(scope),
      message: plainFacts,
      ...{ underway: 0, maxUnderway: 1, exceeded: null, recording: true },
    },
  );
  return { ...verdict, policies, delivered: apply(message.raw, verdict.edits).toString() };
}

test('both layers edit the same original, and each edit says whose it is', () => {
  const { edits, delivered, judgement } = judged([labelSecrets], [maskMail], `${secret} of ada@corp.example`);
  assert.deepEqual(
    edits.map(({ layer, policy }) => `${layer} ${policy}`),
    ['hub pol_hub', 'workstation pol_ws'],
  );
  assert.ok(!delivered.includes(secret) && !delivered.includes('ada@corp.example'), delivered);
  assert.deepEqual(judgement?.trace.tags, ['mine']);
  assert.deepEqual(
    judgement?.trace.alerts?.map(({ policy }) => policy),
    ['pol_hub'],
  );
});

test('where both edit the same place, the hub’s edit holds', () => {
  const own = completePolicy({ ...labelSecrets, id: 'pol_ws', actions: [{ type: 'redact', style: 'remove' }] });
  const { edits, delivered } = judged([labelSecrets], [own], secret);
  assert.equal(edits.length, 1);
  assert.equal(edits[0]?.layer, 'hub');
  assert.match(delivered, /\[redacted:/);
});

test('the hub refuses before the workstation is asked, and the workstation may refuse what the hub lets pass', () => {
  assert.equal(judged([refuseAll('pol_hub')], [refuseAll('pol_ws')], 'a').refusal?.policy, 'pol_hub');
  const second = judged([labelSecrets], [refuseAll('pol_ws')], secret);
  assert.equal(second.refusal?.policy, 'pol_ws');
  assert.deepEqual(second.edits, []);
  assert.equal(second.judgement?.trace.rules.length, 2);
});

test('a layer without policies costs nothing: the set is the other one', () => {
  const none = compilePolicies([]);
  const some = compilePolicies([labelSecrets]);
  assert.equal(layeredPolicies(some, none), some);
  assert.equal(layeredPolicies(none, some), some);
});
