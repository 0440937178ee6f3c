import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import type { Finding } from '../inspection/finding.ts';
import { apply } from '../redaction/apply.ts';
import type { Edit } from '../redaction/edit.ts';
import { plainFacts } from '../policy/testing/plain-facts.ts';
import type { Exchange, Facts } from './exchange.ts';
import { type Outcome, refuse } from './outcome.ts';
import { createPipeline } from './run.ts';
import type { Judge, Stage } from './stage.ts';

const text = '{"jsonrpc":"2.0","id":1,"method":"x","params":{"list":["aaa","bbb"],"c":"ccc"}}';

function exchange(direction: 'call' | 'result' = 'call'): Exchange {
  const message: Message = parseMessage(Buffer.from(text), { maxDepth: 20, check: 'strict' });
  return { direction, message, answers: null, endpoint: 'server' };
}

const facts: Facts = {
  caller: null,
  owner: null,
  server: null,
  reach: null,
  circumstances: { now: 0, address: null, client: null },
  bareName: null,
  policies: null,
  message: plainFacts,
  underway: 0,
  maxUnderway: 1,
  exceeded: null,
  recording: true,
};

function stage(name: string, call: Judge | Outcome, result?: Judge): Stage {
  const judge: Judge = typeof call === 'function' ? call : () => call;
  return { name, decides: name, layers: ['hub'], call: judge, ...(result === undefined ? {} : { result }) };
}

function edit(part: string, replacement: string, policy: Edit['policy'] = 'pol_1'): Edit {
  const start = text.indexOf(part);
  assert.ok(start >= 0);
  const detector = policy === null ? null : 'secret';
  return { start, end: start + part.length, replacement, layer: 'hub', policy, reason: 'why', detector };
}

function finding(detector: string): Finding {
  return { detector, pointer: '/params', start: 0, end: 1, confidence: 1, inKey: false } as Finding;
}

function judge(stages: readonly Stage[], direction: 'call' | 'result' = 'call') {
  const bugs: unknown[] = [];
  const verdict = createPipeline(stages, (name, error) => bugs.push([name, error])).judge(exchange(direction), facts);
  return { ...verdict, bugs };
}

test('a message that no stage minds passes as it is', () => {
  const verdict = judge([stage('a', null), stage('b', null)]);
  assert.deepEqual(verdict, { refusal: null, edits: [], findings: [], judgement: null, bugs: [] });
});

test('stages are asked in order, and hear what earlier ones found', () => {
  const heard: string[] = [];
  const telling = (name: string, found: Outcome): Stage =>
    stage(name, (_exchange, _facts, findings) => {
      heard.push(`${name}:${findings.map(({ detector }) => detector).join('+')}`);
      return found;
    });
  const verdict = judge([
    telling('a', { kind: 'findings', findings: [finding('one')] }),
    telling('b', { kind: 'findings', findings: [finding('two')] }),
    telling('c', null),
  ]);
  assert.deepEqual(heard, ['a:', 'b:one', 'c:one+two']);
  assert.deepEqual(
    verdict.findings.map(({ detector }) => detector),
    ['one', 'two'],
  );
});

test('the first refusal ends the run; what was found until then is kept, edits are not', () => {
  const verdict = judge([
    stage('a', { kind: 'findings', findings: [finding('one')] }),
    stage('b', { kind: 'edits', edits: [edit('aaa', 'x')] }),
    stage('c', refuse('forbidden', 'because', 'pol_2')),
    stage('d', () => assert.fail('nobody is asked after a refusal')),
  ]);
  assert.deepEqual(verdict.refusal, { code: 'forbidden', reason: 'because', policy: 'pol_2' });
  assert.deepEqual(verdict.edits, []);
  assert.equal(verdict.findings.length, 1);
});

test('policy error: a stage that throws refuses the message, and the bug is told', () => {
  const broken = new Error('a bug with a secret in it');
  const verdict = judge([
    stage('a', () => {
      throw broken;
    }),
    stage('b', null),
  ]);
  assert.equal(verdict.refusal?.code, 'internal');
  assert.doesNotMatch(verdict.refusal?.reason ?? '', /secret/);
  assert.deepEqual(verdict.bugs, [['a', broken]]);
});

test('edits of several stages are put together, ascending and disjoint', () => {
  const verdict = judge([
    stage('a', { kind: 'edits', edits: [edit('ccc', 'C'), edit('aaa', 'A')] }),
    stage('b', { kind: 'edits', edits: [edit('bbb', 'B')] }),
  ]);
  assert.equal(
    apply(Buffer.from(text), verdict.edits).toString(),
    text.replace('aaa', 'A').replace('bbb', 'B').replace('ccc', 'C'),
  );
});

test('what the gateway cuts out is gone whole, whatever policies wanted changed inside it', () => {
  const verdict = judge([
    stage('a', { kind: 'edits', edits: [edit('aaa', 'A'), edit('ccc', 'C')] }),
    stage('b', { kind: 'edits', edits: [edit('"aaa",', '', null)] }),
  ]);
  assert.equal(apply(Buffer.from(text), verdict.edits).toString(), text.replace('"aaa",', '').replace('ccc', 'C'));
});

test('each direction asks its own column', () => {
  const two = [stage('a', refuse('forbidden', 'call'), () => refuse('busy', 'result')), stage('b', null)];
  assert.equal(judge(two, 'call').refusal?.reason, 'call');
  assert.equal(judge(two, 'result').refusal?.reason, 'result');
  assert.equal(judge([stage('c', refuse('forbidden', 'call'))], 'result').refusal, null);
});
