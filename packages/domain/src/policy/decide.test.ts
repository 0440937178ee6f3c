import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { PolicyId } from '../ids.ts';
import { randomMessage } from '../redaction/testing/random-message.ts';
import { type PolicyAction, redactionStyles } from './action.ts';
import { completePolicy } from './complete-policy.ts';
import { isSampled } from './decide.ts';
import { type Policy, severities } from './policy.ts';
import { readRuleTrace } from './rule-trace.ts';
import { type Given, judgeBy } from './testing/judge-by.ts';
import { plainFacts } from './testing/plain-facts.ts';

const policy = (some: Partial<Policy> = {}): Policy =>
  completePolicy({
    id: 'pol_1',
    name: 'A policy',
    reason: 'A reason.',
    detectors: ['email'],
    actions: [{ type: 'redact', style: 'label' }],
    ...some,
  });
/** One that looks for nothing, and always does this. */
const does = (id: PolicyId, ...actions: PolicyAction[]) => policy({ id, detectors: [], actions });
const written = (policies: readonly Policy[], json: string, given?: Given) => judgeBy(policies, json, given).written;
const mask = [{ type: 'redact', style: 'mask' }] as const;
const refuse = [{ type: 'refuse' }] as const;

test('nothing found is nothing changed, and the trace says so', () => {
  const { edits, refusal, trace, outcome } = judgeBy([policy()], '{"a":"b"}');
  assert.deepEqual(
    { edits, refusal, trace, outcome },
    { edits: [], refusal: null, trace: { rules: ['pol_1@1-f'] }, outcome: 'allowed' },
  );
});

test('a label names the detector, and the edit says who asked for it and why', () => {
  const { edits, written } = judgeBy([policy()], '{"to":"Ada <ada@example.com>"}', { layer: 'workstation' });
  assert.equal(written, '{"to":"Ada <[redacted:email]>"}');
  assert.deepEqual(
    edits.map(({ start, end, ...edit }) => ({ ...edit, length: end - start })),
    [
      {
        replacement: '[redacted:email]',
        layer: 'workstation',
        policy: 'pol_1',
        reason: 'A reason.',
        detector: 'email',
        length: 15,
      },
    ],
  );
});

test('a mask has as many characters as a reader saw, however they were written', () => {
  const masked = (json: string) => written([policy({ actions: mask })], json);
  assert.equal(masked('["ada@example.com"]'), '["***************"]');
  assert.equal(masked('["\\u0061da\\u0040example.com"]'), '["***************"]');
  assert.equal(masked('["ädå@example.com"]'), '["***************"]');
});

test('what takes a finding’s place is removed, replaced, hashed or masked', () => {
  const by = (action: PolicyAction) => written([policy({ actions: [action] })], '{"to":"a@b.co, \\"x\\""}');
  assert.equal(by({ type: 'redact', style: 'remove' }), '{"to":", \\"x\\""}');
  assert.equal(by({ type: 'redact', style: 'replace', text: 'some"body' }), '{"to":"some\\"body, \\"x\\""}');
  assert.equal(by({ type: 'redact', style: 'mask' }), '{"to":"******, \\"x\\""}');
  const hashed = by({ type: 'redact', style: 'hash' });
  assert.match(hashed ?? '', /^\{"to":"\[hash:[0-9a-f]{24}\], \\"x\\""\}$/);
  assert.equal(hashed, by({ type: 'redact', style: 'hash' }));
});

test('a token stands for one text, in one conversation, and what it stands for is told', () => {
  const tokenise = policy({ actions: [{ type: 'redact', style: 'tokenise' }] });
  const { written, effects } = judgeBy([tokenise], '["a@b.co","c@d.co","\\u0061@b.co"]', { direction: 'result' });
  const tokens = JSON.parse(written ?? '') as string[];
  assert.match(tokens[0] ?? '', /^mcpvault-token-[0-9a-f]{24}$/);
  assert.equal(tokens[0], tokens[2]);
  assert.notEqual(tokens[0], tokens[1]);
  assert.deepEqual(effects[0], { kind: 'token', token: tokens[0], text: 'a@b.co', server: null });
  const elsewhere = judgeBy([tokenise], '["a@b.co"]', { facts: { ...plainFacts, conversation: 'con_2' } });
  assert.ok(!elsewhere.written?.includes(tokens[0] ?? ''));
});

test('a number becomes a string', () => {
  const json = '{"pan":4111111111111111,"n":12}';
  assert.equal(written([policy({ detectors: ['cards'] })], json), '{"pan":"[redacted:payment-card]","n":12}');
  assert.equal(written([policy({ detectors: ['cards'], actions: mask })], json), '{"pan":"****************","n":12}');
});

test('keys are redacted and stay unique', () => {
  const json = '{"a@b.co":1,"c@d.co":2,"[redacted:email]":3}';
  assert.equal(written([policy()], json), '{"[redacted:email]-2":1,"[redacted:email]-3":2,"[redacted:email]":3}');
});

test('refusing outranks holding, holding outranks editing, and the most severe speaks', () => {
  const json = '["a@b.co","4111111111111111"]';
  const cards = policy({ id: 'pol_2', detectors: ['cards'], actions: refuse, reason: 'No cards, please.' });
  const { edits, refusal, hold } = judgeBy(
    [policy(), does('pol_4', { type: 'hold' }), policy({ id: 'pol_3', actions: refuse }), cards],
    json,
  );
  assert.deepEqual(refusal, {
    code: 'refused_by_policy',
    reason: 'No cards, please.',
    policy: 'pol_2',
  });
  assert.deepEqual({ edits, hold }, { edits: [], hold: null });
  const severe = policy({
    id: 'pol_9',
    severity: 'critical',
    actions: [{ type: 'refuse', code: 'no_mail', message: 'Never.' }],
  });
  assert.deepEqual(judgeBy([cards, severe], json).refusal, {
    code: 'refused_by_policy',
    reason: 'Never.',
    policy: 'pol_9',
    details: { policyCode: 'no_mail' },
  });
  const held = judgeBy([policy(), does('pol_4', { type: 'hold', message: 'Ask first.' })], json);
  assert.equal(held.outcome, 'held');
  assert.deepEqual(held.hold, {
    policies: [{ policy: 'pol_4', version: 1, reason: 'Ask first.' }],
    reason: 'Ask first.',
  });
  assert.equal(held.edits.length, 1, 'what is edited when somebody said yes');
});

test('a policy without a reason is named instead', () => {
  assert.equal(judgeBy([policy({ reason: ' ', actions: refuse })], '["a@b.co"]').refusal?.reason, 'A policy');
});

test('a policy acts on its own detectors only, and on findings that are sure enough', () => {
  const others = [policy(), policy({ id: 'pol_2', detectors: ['jwt'], actions: refuse })];
  assert.equal(judgeBy(others, '["a@b.co"]').refusal, null);
  assert.equal(judgeBy([policy({ threshold: 1, actions: refuse })], '["a@b.co"]').refusal, null);
});

test('what several detectors saw becomes one edit with the surest name', () => {
  const token = `ghp_${'aB3dE6gH9jK2'.repeat(3)}`;
  const { edits, written } = judgeBy([policy({ detectors: ['secrets'] })], JSON.stringify({ api_key: token }));
  assert.equal(written, '{"api_key":"[redacted:github-token]"}');
  assert.equal(edits.length, 1);
});

test('of edits that overlap the most severe policy’s stays, then the stronger style, then the first id', () => {
  const json = '["a@b.co"]';
  const by = (...policies: Policy[]) => judgeBy(policies, json).edits.map((edit) => edit.policy);
  const masked = policy({ actions: mask });
  const labelled = policy({ id: 'pol_2' });
  assert.deepEqual(by(masked, labelled), ['pol_2']);
  assert.deepEqual(by(labelled, policy({ id: 'pol_3' })), ['pol_2']);
  assert.deepEqual(by(policy({ severity: 'high', actions: mask }), labelled), ['pol_1']);
});

test('arguments are set and taken away, and everything else keeps its bytes', () => {
  const table: readonly (readonly [string, readonly PolicyAction[], string])[] = [
    ['{ "a" : 1 }', [{ type: 'set', argument: '/a', value: { b: [2] } }], '{ "a" : {"b":[2]} }'],
    ['{ "a" : 1.50 }', [{ type: 'set', argument: '/limit', value: 5 }], '{"limit":5, "a" : 1.50 }'],
    [
      '{}',
      [
        { type: 'set', argument: '/x', value: 1 },
        { type: 'set', argument: '/y', value: 2 },
      ],
      '{"x":1,"y":2}',
    ],
    [
      '{}',
      [
        { type: 'set', argument: '/f/g', value: 1 },
        { type: 'set', argument: '/f/h', value: 2 },
      ],
      '{"f":{"g":1,"h":2}}',
    ],
    ['{"f":{"g":0}}', [{ type: 'set', argument: '/f/h', value: 'x' }], '{"f":{"h":"x","g":0}}'],
    ['{"f":"text"}', [{ type: 'set', argument: '/f/h', value: 'x' }], '{"f":"text"}'],
    ['{"a":1, "b":2, "c":3}', [{ type: 'unset', argument: '/b' }], '{"a":1, "c":3}'],
    [
      '{"a":1, "b":2, "c":3}',
      [
        { type: 'unset', argument: '/a' },
        { type: 'unset', argument: '/b' },
      ],
      '{"c":3}',
    ],
    ['{"a":1}', [{ type: 'unset', argument: '/a' }], '{}'],
    [
      '{"a":1}',
      [
        { type: 'unset', argument: '/a' },
        { type: 'set', argument: '/b', value: null },
      ],
      '{"b":null}',
    ],
    ['{"a":1}', [{ type: 'unset', argument: '/nowhere/at/all' }], '{"a":1}'],
    ['{"a/b":{"c~d":1}}', [{ type: 'unset', argument: '/a~1b/c~0d' }], '{"a/b":{}}'],
    [
      '{"a":{"b":1}}',
      [
        { type: 'unset', argument: '/a' },
        { type: 'set', argument: '/a/b', value: 2 },
      ],
      '{}',
    ],
  ];
  for (const [json, actions, expected] of table)
    assert.equal(written([does('pol_1', ...actions)], json), expected, json);
});

test('where policies change the same argument, or one within another, the most severe prevails', () => {
  const inner = policy({
    id: 'pol_2',
    detectors: [],
    severity: 'high',
    actions: [{ type: 'set', argument: '/a/b', value: 'inner' }],
  });
  const outer = does('pol_1', { type: 'set', argument: '/a', value: 'outer' });
  assert.equal(written([outer, inner], '{"a":{"b":1}}'), '{"a":{"b":"inner"}}');
  assert.equal(written([outer, { ...inner, severity: 'low' }], '{"a":{"b":1}}'), '{"a":"outer"}');
});

test('a value that is set hides what was found in it', () => {
  const set = does('pol_9', { type: 'set', argument: '/to', value: 'nobody' });
  assert.equal(
    written([policy({ severity: 'critical' }), set], '{"to":"a@b.co","cc":"c@d.co"}'),
    '{"to":"nobody","cc":"[redacted:email]"}',
  );
});

test('a notice is added behind what a tool answered', () => {
  const notice = does('pol_1', { type: 'notice', text: 'Say "please".' });
  const added = '{"type":"text","text":"Say \\"please\\"."}';
  const answered = (json: string) => written([notice], json, { direction: 'result' });
  assert.equal(
    answered('{"content":[{"type":"text","text":"a"}]}'),
    `{"content":[{"type":"text","text":"a"},${added}]}`,
  );
  assert.equal(answered('{"content":[ ]}'), `{"content":[ ${added}]}`);
  assert.equal(answered('{"isError":false}'), `{"content":[${added}],"isError":false}`);
  assert.equal(answered('{}'), `{"content":[${added}]}`);
  assert.equal(written([notice, { ...notice, id: 'pol_2' }], '{}', { direction: 'result' }), `{"content":[${added}]}`);
  assert.equal(written([notice], '{}'), '{}', 'calls take none');
});

test('tags, labels, alerts and quarantines follow from a message', () => {
  const tagged = does('pol_1', { type: 'tag', tags: ['b', 'a'] }, { type: 'tag', tags: ['private'], of: 'session' });
  const alerting = policy({ id: 'pol_2', severity: 'high', actions: [{ type: 'alert', title: 'Mail!' }] });
  const { trace, effects, outcome } = judgeBy([tagged, alerting], '["a@b.co","c@d.co"]');
  const alert = {
    policy: 'pol_2',
    version: 1,
    name: 'A policy',
    title: 'Mail!',
    severity: 'high',
    findings: { email: 2 },
    outcome: 'allowed',
  };
  assert.equal(outcome, 'allowed');
  assert.deepEqual(trace, { rules: ['pol_2@1+alert', 'pol_1@1+tag,tag'], tags: ['a', 'b'], alerts: [alert] });
  assert.deepEqual(effects, [
    { kind: 'alert', alert },
    { kind: 'label', labels: ['private'] },
  ]);
  assert.ok(!JSON.stringify(trace).includes('@b.co'));
  const shut = judgeBy([tagged, does('pol_3', { type: 'quarantine', what: 'tool', minutes: 5 })], '{}');
  assert.equal(shut.refusal?.policy, 'pol_3');
  assert.deepEqual(
    shut.effects,
    [{ kind: 'quarantine', what: 'tool', policy: 'pol_3', reason: 'A reason.', minutes: 5 }],
    'what is refused labels nothing',
  );
});

test('conditions see the policy’s own findings, the arguments, the tool and the conversation', () => {
  const when = (condition: string, json = '{"to":"a@b.co","n":5}', facts: Given['facts'] = {}, detectors = ['email']) =>
    judgeBy([policy({ condition, detectors, actions: refuse })], json, { facts }).outcome === 'refused';
  assert.ok(
    when('findings.exists(f, f.detector == "email" && f.group == "email" && f.pointer == "/params/arguments/to")'),
  );
  assert.ok(!when('findings.exists(f, f.in_key)'));
  assert.ok(when('arguments.n == 5 && tool.name == "example" && method == "tools/call"', undefined, {}, []));
  assert.ok(when('tool.destructive && tool.open_world && !tool.known', undefined, {}, []));
  const tool = {
    name: 'example',
    description: '',
    readOnly: true,
    destructive: false,
    idempotent: true,
    openWorld: false,
    fingerprint: 'f',
    firstSeen: plainFacts.now - 60_000,
  };
  assert.ok(when('tool.known && tool.classification == "read" && tool.age == 60', undefined, { tool: () => tool }, []));
  const session = { ...plainFacts.session, labels: ['private'], calls: 3 };
  assert.ok(when('"private" in session.labels && session.calls >= 3', undefined, { session }, []));
  assert.ok(when('text.contains("a@b.co") && size > 10', undefined, {}, []));
  assert.ok(when('arguments.constructor == 1', '{"constructor":1}', {}, []));
});

test('what a message does not have a rule is not about; what cannot be told otherwise counts as if it held', () => {
  const refusing = (condition: string) =>
    judgeBy([policy({ detectors: [], condition, actions: refuse })], '{"n":"text"}');
  const absent = refusing('arguments.limit > 5');
  assert.deepEqual([absent.outcome, absent.trace.rules], ['allowed', ['pol_1@1!absent']]);
  const failed = refusing('arguments.n > 5');
  assert.deepEqual([failed.outcome, failed.trace.rules], ['refused', ['pol_1@1!failed+refuse']]);
  const divided = refusing('1 / 0 == 1');
  assert.equal(divided.outcome, 'refused');
  const missed = refusing('true && arguments.n == "other"');
  assert.deepEqual(missed.trace.rules, ['pol_1@1-1']);
});

test('a condition that costs too much counts as if it held, and so do those after it', () => {
  const numbers = JSON.stringify({ list: Array.from({ length: 2_000 }, (_, index) => index) });
  const loop = policy({
    id: 'pol_1',
    severity: 'high',
    detectors: [],
    condition: 'arguments.list.all(x, arguments.list.all(y, y >= 0))',
    actions: [{ type: 'tag', tags: ['a'] }],
  });
  const after = policy({ id: 'pol_2', detectors: [], condition: 'tool.name == "other"', actions: refuse });
  const { trace, refusal } = judgeBy([loop, after], numbers);
  assert.deepEqual(trace.rules, ['pol_1@1!too_costly+tag', 'pol_2@1!too_costly+refuse']);
  assert.equal(refusal?.policy, 'pol_2');
});

test('a shadow changes nothing and says what it would have done', () => {
  const shadow = policy({
    mode: 'shadow',
    actions: [...refuse, { type: 'alert' }, { type: 'tag', tags: ['x'], of: 'session' }],
  });
  const { outcome, trace, effects } = judgeBy([shadow], '["a@b.co"]');
  assert.deepEqual(
    { outcome, trace, effects },
    { outcome: 'allowed', trace: { rules: ['pol_1@1+refuse,alert,tag~'], would: 'refused' }, effects: [] },
  );
  assert.equal(judgeBy([{ ...shadow, actions: mask }], '["a@b.co"]').trace.would, 'edited');
});

test('a percentage holds for the same callers each time, and for about as many as it says', () => {
  const sampled = (percentage: number, id: PolicyId = 'pol_1') =>
    Array.from({ length: 2_000 }, (_, index) => isSampled({ id, percentage }, `mem_${index}`));
  assert.deepEqual(sampled(30), sampled(30));
  assert.notDeepEqual(sampled(30), sampled(30, 'pol_2'));
  const share = sampled(30).filter(Boolean).length / 2_000;
  assert.ok(share > 0.25 && share < 0.35, String(share));
  assert.ok(sampled(100).every(Boolean) && !sampled(0).some(Boolean));
  sampled(30).forEach((is, index) => assert.ok(!is || sampled(60)[index] === true, 'who is in stays in'));
});

const anyAction: fc.Arbitrary<PolicyAction> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(...redactionStyles).map((style) => ({ type: 'redact', style, text: 'x"y' }) as const),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom('/a', '/b', '/a/b', '/value', '/new/one')
      .map((argument) => ({ type: 'unset', argument }) as const),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom('/a', '/b', '/a/b', '/value', '/new/one', '/new/two'), fc.jsonValue())
      .map(([argument, value]) => ({ type: 'set', argument, value }) as const),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'notice', text: 'n' } as const) },
  { weight: 1, arbitrary: fc.constant({ type: 'tag', tags: ['t'], of: 'session' } as const) },
  { weight: 1, arbitrary: fc.constant({ type: 'hold' } as const) },
);
const anyPolicies = fc
  .array(
    fc.record({
      severity: fc.constantFrom(...severities),
      detectors: fc.subarray(['secrets', 'cards', 'email']),
      actions: fc.array(anyAction, { minLength: 1, maxLength: 3 }),
      mode: fc.constantFrom('enforce', 'enforce', 'enforce', 'shadow' as const),
      condition: fc.constantFrom(null, null, 'size > 200', 'has(arguments.a)', 'arguments.nope == 1'),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((some) => some.map((one, index) => policy({ ...one, id: `pol_${index}`, mode: one.mode as Policy['mode'] })));

test('the order of policies changes nothing', () => {
  fc.assert(
    fc.property(
      anyPolicies,
      fc.array(fc.nat(), { minLength: 6, maxLength: 6 }),
      randomMessage,
      (policies, order, { json }) => {
        const shuffled = policies
          .map((one, index) => ({ one, at: order[index] ?? 0 }))
          .toSorted((a, b) => a.at - b.at || (a.one.id < b.one.id ? 1 : -1))
          .map(({ one }) => one);
        const said = (some: readonly Policy[]) => {
          const { outcome, edits, refusal, hold, trace, effects, written } = judgeBy(
            some,
            `{"a":{"b":1},"value":${json}}`,
          );
          return { outcome, edits, refusal, hold, trace, effects, written };
        };
        assert.deepEqual(said(shuffled), said(policies));
      },
    ),
    { numRuns: 200 },
  );
});

test('whatever policies do together, what is delivered is valid JSON, and each rule is in the trace', () => {
  fc.assert(
    fc.property(anyPolicies, randomMessage, fc.constantFrom('call', 'result'), (policies, { json }, direction) => {
      const { written, trace } = judgeBy(policies, `{"a":{"b":1},"value":${json}}`, { direction: direction as 'call' });
      assert.doesNotThrow(() => JSON.parse(written ?? 'null') as unknown);
      const named = trace.rules.map((rule) => readRuleTrace(rule)?.policy);
      assert.deepEqual(named.toSorted(), policies.map(({ id }) => id).toSorted());
    }),
    { numRuns: 400 },
  );
});

test('the strongest outcome counts, and what is planted never survives a policy that takes it out', () => {
  const taking = policy({ id: 'pol_z', severity: 'info', detectors: ['secrets', 'cards', 'email'] });
  fc.assert(
    fc.property(anyPolicies, randomMessage, (policies, { json, planted }) => {
      const sets = policies.map((one) => ({ ...one, actions: one.actions.filter(({ type }) => type !== 'set') }));
      const { written, outcome } = judgeBy([taking, ...sets], `{"value":${json}}`);
      assert.ok(outcome !== 'refused' && written !== null);
      const text = JSON.stringify(JSON.parse(written));
      for (const secret of planted) assert.ok(!text.includes(JSON.stringify(secret).slice(1, -1)), 'a secret was left');
    }),
    { numRuns: 200 },
  );
});
