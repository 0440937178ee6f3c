// Through the whole pipeline: what a tool says of its results, what it sent, and what is delivered.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import { completePolicy } from '../../policy/complete-policy.ts';
import { compilePolicies } from '../../policy/compile.ts';
import type { PolicyAction } from '../../policy/action.ts';
import type { ToolFacts } from '../../policy/message-facts.ts';
import { plainFacts } from '../../policy/testing/plain-facts.ts';
import { apply } from '../../redaction/apply.ts';
import { createJsonSchema } from '../../validation/json-schema.ts';
import type { Facts } from '../exchange.ts';
import { createPipeline } from '../run.ts';
import { decide } from './decide.ts';
import { inspect } from './inspect.ts';
import { validateResult } from './validate-result.ts';

const pipeline = createPipeline([inspect, validateResult, decide], (stage, error) => {
  throw new Error(stage, { cause: error });
});
const schema = { type: 'object', required: ['total'], properties: { total: { type: 'integer' } } };

function judged(result: object, action: PolicyAction, outputSchema: unknown = schema, detectors = ['result-schema']) {
  const parse = (body: object) =>
    parseMessage(Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, ...body })), { maxDepth: 100, check: 'strict' });
  const message = parse({ result });
  const answers = parse({ method: 'tools/call', params: { name: 'sum' } });
  const tool: ToolFacts = {
    name: 'sum',
    description: '',
    readOnly: true,
    destructive: false,
    idempotent: true,
    openWorld: false,
    fingerprint: '',
    firstSeen: null,
    ...(outputSchema !== null && { outputSchema: createJsonSchema(outputSchema) }),
  };
  const policy = completePolicy({
    id: 'pol_1',
    name: 'Sound results',
    reason: 'broken results stay here',
    detectors,
    directions: ['result'],
    actions: [action],
    threshold: 0.9,
  });
  const facts = {
    caller: null,
    bareName: null,
    server: null,
    policies: compilePolicies([policy]).forServer(null, 'result'),
    message: { ...plainFacts, tool: (name: string) => (name === 'sum' ? tool : null) },
  } as Partial<Facts> as Facts;
  const verdict = pipeline.judge({ direction: 'result', message, answers, endpoint: null }, facts);
  const delivered =
    verdict.refusal === null ? (JSON.parse(apply(message.raw, verdict.edits).toString()) as { result: object }) : null;
  return { verdict, delivered };
}
const refuse: PolicyAction = { type: 'refuse' };
const redact: PolicyAction = { type: 'redact', style: 'label' };

test('a result that is what its tool says passes as it is', () => {
  const { verdict } = judged({ content: [], structuredContent: { total: 3 } }, refuse);
  assert.deepEqual([verdict.refusal, verdict.findings], [null, []]);
});

test('a result that is not is a finding that says where, and policies decide', () => {
  const { verdict } = judged({ content: [], structuredContent: { total: 'three' } }, refuse);
  assert.equal(verdict.refusal?.code, 'refused_by_policy');
  assert.deepEqual(
    verdict.findings.map(({ detector, pointer }) => [detector, pointer]),
    [['result-schema', '/result/structuredContent/total']],
  );
});

test('redacting takes the whole structured result, also where something else within it goes', () => {
  const key = ['AKIA', 'Z7QXLMN2V5RT8K4W'].join('');
  const { delivered } = judged({ content: [], structuredContent: { total: key } }, redact, schema, [
    'secrets',
    'result-schema',
  ]);
  assert.deepEqual(delivered?.result, { content: [], structuredContent: '[redacted:result-schema]' });
});

test('a structured result that is missing is told, but for errors, and for tools that promise none', () => {
  assert.equal(judged({ content: [] }, refuse).verdict.findings.length, 1);
  assert.equal(judged({ content: [], isError: true }, refuse).verdict.findings.length, 0);
  assert.equal(judged({ content: [], structuredContent: 5 }, refuse, null).verdict.findings.length, 0);
});

test('a schema that cannot be checked is recorded, and passes a policy that wants to be sure', () => {
  const { verdict } = judged({ content: [], structuredContent: {} }, refuse, { $ref: 'https://example.com/s' });
  assert.deepEqual([verdict.refusal, verdict.findings[0]?.confidence], [null, 0.4]);
});

test('where no policy asks, nothing is checked', () => {
  const { verdict } = judged({ content: [], structuredContent: {} }, refuse, schema, ['secrets']);
  assert.deepEqual(verdict.findings, []);
});
