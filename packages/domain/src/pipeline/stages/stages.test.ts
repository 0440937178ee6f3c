// Each stage against its table: what it is shown, what it says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import fc from 'fast-check';
import { defaultProcessRules } from '../../catalog/process-rules.ts';
import type { ServerEntry } from '../../catalog/server.ts';
import type { Caller } from '../../identity/caller.ts';
import { compilePolicies } from '../../policy/compile.ts';
import type { PolicyAction } from '../../policy/action.ts';
import { completePolicy } from '../../policy/complete-policy.ts';
import { plainFacts } from '../../policy/testing/plain-facts.ts';
import { apply } from '../../redaction/apply.ts';
import type { Exchange, Facts } from '../exchange.ts';
import type { Outcome } from '../outcome.ts';
import type { Stage } from '../stage.ts';
import { type Grant, unconditional } from '../../identity/access.ts';
import { reachOf } from '../../identity/reach.ts';
import { builtInRoles } from '../../identity/role.ts';
import { authorize } from './authorize.ts';
import { decide } from './decide.ts';
import { identify } from './identify.ts';
import { inspect, mostFindings } from './inspect.ts';
import { limit } from './limit.ts';
import { locate } from './locate.ts';
import { cutElements, present } from './present.ts';
import { quarantine } from './quarantine.ts';

const caller: Caller = {
  organization: 'org_1',
  member: 'mem_1',
  email: 'ada@example.com',
  role: 'member',
  permissions: builtInRoles.member.permissions,
  teams: [],
  token: 'tok_1',
};
const server: ServerEntry = {
  id: 'srv_1',
  organization: 'org_1',
  name: 'files',
  version: 'ver_1',
  transport: { type: 'streamable-http', url: 'http://127.0.0.1:1/', headers: {} },
  isolation: 'shared',
  processes: defaultProcessRules,
  enabled: true,
};
const free: Facts = {
  caller,
  owner: caller.member,
  server,
  reach: reachOf(true, []),
  circumstances: { now: 0, address: '192.0.2.1', client: null },
  bareName: null,
  policies: null,
  message: plainFacts,
  underway: 0,
  maxUnderway: 4,
  exceeded: null,
  recording: true,
};

function granting(more: Partial<Grant>, ...others: readonly Partial<Grant>[]) {
  const grant: Grant = { ...unconditional, id: 'grt_1', subject: { type: 'member', id: 'mem_1' }, server: server.id };
  return reachOf(
    false,
    [more, ...others].map((each, at) => ({ ...grant, id: `grt_${at + 1}`, ...each })),
  );
}

function message(body: object | string) {
  const text = typeof body === 'string' ? body : JSON.stringify({ jsonrpc: '2.0', ...body });
  return parseMessage(Buffer.from(text), { maxDepth: 100, check: 'strict' });
}

function asked(body: object | string, own: Partial<Exchange> = {}): Exchange {
  return { direction: 'call', message: message(body), answers: null, endpoint: 'files', ...own };
}

function said(
  stage: Stage,
  exchange: Exchange,
  facts: Partial<Facts> = {},
  findings: Parameters<NonNullable<Stage['call']>>[2] = [],
): Outcome {
  const judge = stage[exchange.direction];
  assert.ok(judge !== undefined, `${stage.name} has no ${exchange.direction}`);
  return judge(exchange, { ...free, ...facts }, findings);
}

function verdict(outcome: Outcome): string {
  if (outcome === null) return 'passes';
  return outcome.kind === 'refuse' ? outcome.refusal.code : outcome.kind;
}

const call = (name: unknown) => ({ id: 1, method: 'tools/call', params: { name } });

test('identify: every message proves who sends it, and that the conversation is theirs', () => {
  const table: readonly (readonly [Partial<Facts>, string])[] = [
    [{}, 'passes'],
    [{ owner: null }, 'passes'],
    [{ caller: null }, 'unauthenticated'],
    [{ caller: null, owner: null }, 'unauthenticated'],
    [{ owner: 'mem_2' }, 'session_not_found'],
  ];
  for (const [facts, expected] of table)
    for (const body of [call('a'), { method: 'notifications/initialized' }, { id: 1, result: {} }])
      assert.equal(verdict(said(identify, asked(body), facts)), expected);
});

test('locate: an unknown server reads as one that may not be used; an unknown name of the merged endpoint as unknown', () => {
  const table: readonly (readonly [object, string | null, string])[] = [
    [call('a'), 'files', 'forbidden'],
    [call('a'), null, 'invalid_params'],
    [{ id: 1, method: 'prompts/get', params: { name: 'p' } }, null, 'invalid_params'],
    [{ id: 1, method: 'resources/read', params: { uri: 'u' } }, null, 'invalid_params'],
    [{ method: 'notifications/initialized' }, 'files', 'forbidden'],
  ];
  for (const [body, endpoint, expected] of table) {
    assert.equal(verdict(said(locate, asked(body, { endpoint }), { server: null })), expected);
    assert.equal(said(locate, asked(body, { endpoint })), null);
  }
  const unknown = said(locate, asked(call('files__nope'), { endpoint: null }), { server: null });
  assert.ok(unknown?.kind === 'refuse');
  assert.match(unknown.refusal.reason, /Unknown tool: files__nope/);
});

test('locate: a name of the merged endpoint becomes the server’s own, and nothing else changes', () => {
  const exchange = asked(
    '{"jsonrpc":"2.0", "id":1,"method":"tools/call","params":{"name" : "files__r\\u0065ad","arguments":{"name":"files__read"}}}',
    { endpoint: null },
  );
  const outcome = said(locate, exchange, { bareName: 're"ad' });
  assert.ok(outcome?.kind === 'edits');
  assert.equal(
    apply(exchange.message.raw, outcome.edits).toString(),
    '{"jsonrpc":"2.0", "id":1,"method":"tools/call","params":{"name" : "re\\"ad","arguments":{"name":"files__read"}}}',
  );
});

test('authorize: a grant that names tools gives those tools and nothing else of the server', () => {
  const reach = granting({ tools: ['read', 'a"b'] });
  const table: readonly (readonly [object, Partial<Facts>, string])[] = [
    [call('read'), {}, 'passes'],
    [call('a"b'), {}, 'passes'],
    [call('write'), {}, 'invalid_params'],
    [call('READ'), {}, 'invalid_params'],
    [call('read '), {}, 'invalid_params'],
    [call(5), {}, 'invalid_params'],
    [call(['read']), {}, 'invalid_params'],
    [{ id: 1, method: 'tools/call' }, {}, 'invalid_params'],
    [call('files__read'), { bareName: 'read' }, 'passes'],
    [call('read'), { bareName: 'write' }, 'invalid_params'],
    [{ id: 1, method: 'prompts/get', params: { name: 'read' } }, {}, 'invalid_params'],
    [{ id: 1, method: 'resources/read', params: { uri: 'read' } }, {}, 'invalid_params'],
    [{ id: 1, method: 'resources/subscribe', params: { uri: 'read' } }, {}, 'invalid_params'],
    [{ id: 1, method: 'completion/complete', params: {} }, {}, 'invalid_params'],
    [{ id: 1, method: 'vendor/anything', params: { name: 'read' } }, {}, 'invalid_params'],
    [{ id: 1, method: 'initialize' }, {}, 'passes'],
    [{ id: 1, method: 'tools/list' }, {}, 'passes'],
    [{ id: 1, method: 'prompts/list' }, {}, 'passes'],
    [{ id: 1, method: 'tasks/get', params: { taskId: 't' } }, {}, 'passes'],
    [{ id: 1, method: 'tasks/list' }, {}, 'invalid_params'],
    [{ method: 'notifications/initialized' }, {}, 'passes'],
    [{ id: 1, result: {} }, {}, 'passes'],
  ];
  for (const [body, facts, expected] of table) {
    assert.equal(verdict(said(authorize, asked(body), { reach, ...facts })), expected, JSON.stringify(body));
    assert.equal(said(authorize, asked(body), facts), null, 'all tools are granted');
  }
});

test('limit: nothing passes unrecorded where records are wanted, and calls under way are bounded', () => {
  const table: readonly (readonly [object, Partial<Facts>, string])[] = [
    [call('a'), {}, 'passes'],
    [call('a'), { underway: 3 }, 'passes'],
    [call('a'), { underway: 4 }, 'busy'],
    [{ method: 'notifications/x' }, { underway: 4 }, 'passes'],
    [{ id: 1, result: {} }, { underway: 4 }, 'passes'],
    [call('a'), { recording: false }, 'record_unavailable'],
    [{ method: 'notifications/x' }, { recording: false }, 'record_unavailable'],
  ];
  for (const [body, facts, expected] of table) assert.equal(verdict(said(limit, asked(body), facts)), expected);
});

const key = ['AKIA', 'Z7QXLMN2V5RT8K4W'].join('');

function policies(action: PolicyAction, direction: Exchange['direction']) {
  const policy = completePolicy({
    id: 'pol_1',
    name: 'No secrets',
    reason: 'secrets stay here',
    detectors: ['secrets'],
    directions: [direction],
    actions: [action],
  });
  return compilePolicies([policy]).forServer(server.id, direction);
}

test('inspect and decide: what no policy asks for is not looked at', () => {
  assert.equal(said(inspect, asked(call(key))), null);
  assert.equal(said(decide, asked(call(key))), null);
});

for (const direction of ['call', 'result'] as const) {
  const body = direction === 'call' ? call('a') : { id: 1, result: { content: [] } };
  const leaky = { ...body, extra: { [`x ${key}`]: [`my key is ${key}`] } };

  test(`inspect and decide: a secret in a ${direction} is found and taken out, the rest stays`, () => {
    const exchange = asked(leaky, { direction });
    const facts = { policies: policies({ type: 'redact', style: 'label' }, direction) };
    assert.equal(said(inspect, asked(body, { direction }), facts), null);
    const found = said(inspect, exchange, facts);
    assert.ok(found?.kind === 'findings');
    assert.equal(found.findings.length, 2);
    const outcome = said(decide, exchange, facts, found.findings);
    assert.ok(outcome?.kind === 'judged');
    assert.deepEqual(outcome.trace.rules, ['pol_1@1+redact']);
    const delivered = JSON.parse(apply(exchange.message.raw, outcome.edits).toString()) as { extra: object };
    assert.doesNotMatch(JSON.stringify(delivered), new RegExp(key));
    assert.deepEqual({ ...delivered, extra: 0 }, { jsonrpc: '2.0', ...body, extra: 0 });
  });

  test(`inspect and decide: a policy that refuses refuses the ${direction}, in its own words`, () => {
    const exchange = asked(leaky, { direction });
    const facts = { policies: policies({ type: 'refuse' }, direction) };
    const found = said(inspect, exchange, facts);
    assert.ok(found?.kind === 'findings');
    const outcome = said(decide, exchange, facts, found.findings);
    assert.ok(outcome?.kind === 'judged');
    const refusal = { code: 'refused_by_policy', reason: 'secrets stay here', policy: 'pol_1' };
    assert.deepEqual(outcome.refusal, refusal);
  });
}

test('inspect: a message of more findings than anybody has use for is refused', () => {
  const facts = { policies: policies({ type: 'redact', style: 'label' }, 'call') };
  const full = (findings: number) => asked({ id: 1, method: 'a', params: { list: new Array(findings).fill(key) } });
  const found = said(inspect, full(1_000), facts);
  assert.ok(found?.kind === 'findings' && found.findings.length === 1_000);
  assert.equal(verdict(said(inspect, full(mostFindings + 1), facts)), 'refused_by_policy');
});

test('decide: an id is never changed, for an answer would be lost', () => {
  const exchange = asked({ id: key, method: 'tools/call', params: { name: 'a', arguments: { key } } });
  const facts = { policies: policies({ type: 'redact', style: 'mask' }, 'call') };
  const found = said(inspect, exchange, facts);
  assert.ok(found?.kind === 'findings');
  const outcome = said(decide, exchange, facts, found.findings);
  assert.ok(outcome?.kind === 'judged');
  const delivered = JSON.parse(apply(exchange.message.raw, outcome.edits).toString()) as {
    id: string;
    params: { arguments: { key: string } };
  };
  assert.equal(delivered.id, key);
  assert.equal(delivered.params.arguments.key, '*'.repeat(key.length));
});

test('decide: what a side only gets back from the other is left alone, and nothing beside it', () => {
  const result = { resultType: 'input_required', requestState: `a.${key}`, nextCursor: key, text: key };
  const exchange = asked({ id: 1, result }, { direction: 'result' });
  const facts = { policies: policies({ type: 'redact', style: 'label' }, 'result') };
  const found = said(inspect, exchange, facts);
  assert.ok(found?.kind === 'findings');
  assert.equal(found.findings.length, 3, 'they are on record all the same');
  const outcome = said(decide, exchange, facts, found.findings);
  assert.ok(outcome?.kind === 'judged');
  const delivered = JSON.parse(apply(exchange.message.raw, outcome.edits).toString()) as { result: typeof result };
  assert.deepEqual({ ...delivered.result, text: 0 }, { ...result, text: 0 });
  assert.ok(!delivered.result.text.includes(key));
});

test('quarantine: what was shut away is refused, and answers and notifications are not asked', () => {
  const shut = { ...plainFacts, quarantine: (tool: string | null) => (tool === 'drop' ? 'shut away' : null) };
  const table: readonly (readonly [object, Partial<Facts>, string])[] = [
    [call('drop'), {}, 'refused_by_policy'],
    [call('files__drop'), { bareName: 'drop' }, 'refused_by_policy'],
    [call('read'), {}, 'passes'],
    [{ id: 1, method: 'prompts/get', params: { name: 'drop' } }, {}, 'passes'],
    [{ id: 1, result: {} }, {}, 'passes'],
  ];
  for (const [body, facts, expected] of table)
    assert.equal(verdict(said(quarantine, asked(body), { message: shut, ...facts })), expected, JSON.stringify(body));
});

test('decide: what a token stands for goes back to the server it came from, and nowhere else', () => {
  const token = `mcpvault-token-${'0123456789abcdef01234567'}`;
  const session = {
    ...plainFacts.session,
    hasTokens: true,
    restore: (some: string, to: string | null) => (some === token && to === server.id ? 'a "secret"' : null),
  };
  const exchange = asked({
    id: 1,
    method: 'tools/call',
    params: { name: 'a', arguments: { text: `use ${token} now` } },
  });
  const outcome = said(decide, exchange, { message: { ...plainFacts, session } });
  assert.ok(outcome?.kind === 'judged');
  assert.ok(outcome.edits.every(({ restores }) => restores === true));
  const delivered = JSON.parse(apply(exchange.message.raw, outcome.edits).toString()) as {
    params: { arguments: object };
  };
  assert.deepEqual(delivered.params.arguments, { text: 'use a "secret" now' });
  assert.equal(
    said(decide, exchange, { message: { ...plainFacts, session }, server: { ...server, id: 'srv_2' } }),
    null,
  );
});

function listed(method: string, result: object | string, tools: ReadonlySet<string> | null): string {
  const text = typeof result === 'string' ? result : JSON.stringify(result);
  const exchange = asked(`{"jsonrpc":"2.0","id":1,"result":${text}}`, {
    direction: 'result',
    answers: message({ id: 1, method }),
  });
  const outcome = said(present, exchange, tools === null ? {} : { reach: granting({ tools: [...tools] }) });
  if (outcome === null) return text;
  assert.ok(outcome.kind === 'edits');
  const delivered = apply(exchange.message.raw, outcome.edits).toString();
  return delivered.slice('{"jsonrpc":"2.0","id":1,"result":'.length, -1);
}

test('present: what a caller may not use is not listed', () => {
  const tools = '{"tools": [ {"name":"a"} , {"name":"b","x":[1,2]},{"name":"c"} ], "nextCursor":"n"}';
  const some = new Set(['b']);
  assert.equal(listed('tools/list', tools, null), tools);
  assert.equal(listed('tools/list', tools, some), '{"tools": [ {"name":"b","x":[1,2]} ], "nextCursor":"n"}');
  assert.equal(listed('tools/list', tools, new Set()), '{"tools": [  ], "nextCursor":"n"}');
  assert.equal(listed('tools/list', tools, new Set(['a', 'b', 'c'])), tools);
  assert.equal(listed('prompts/list', { prompts: [{ name: 'b' }] }, some), '{"prompts":[]}');
  assert.equal(listed('resources/list', { resources: [{ uri: 'b', name: 'b' }] }, some), '{"resources":[]}');
  assert.equal(
    listed('resources/templates/list', { resourceTemplates: [{ name: 'b' }] }, some),
    '{"resourceTemplates":[]}',
  );
  assert.equal(listed('tools/call', { tools: [{ name: 'a' }] }, some), '{"tools":[{"name":"a"}]}');
  assert.equal(listed('tools/list', { tools: { name: 'a' } }, some), '{"tools":{"name":"a"}}');
  assert.equal(
    listed('tools/list', { tools: ['a', 5, null, { name: 5 }, { title: 'b' }, { name: 'b' }] }, some),
    '{"tools":[{"name":"b"}]}',
  );
});

test('present: prompts and resources are listed as they are granted, denied ones never', () => {
  const shown = (method: string, result: object, ...grants: [Partial<Grant>, ...Partial<Grant>[]]) => {
    const exchange = asked({ id: 1, result }, { direction: 'result', answers: message({ id: 1, method }) });
    const outcome = said(present, exchange, { reach: granting(...grants) });
    return JSON.stringify(
      outcome?.kind === 'edits'
        ? JSON.parse(apply(exchange.message.raw, outcome.edits).toString()).result
        : exchange.message.json.result,
    );
  };
  const prompts = { prompts: [{ name: 'a' }, { name: 'b' }] };
  assert.equal(shown('prompts/list', prompts, { prompts: ['a'] }), '{"prompts":[{"name":"a"}]}');
  assert.equal(shown('prompts/list', prompts, {}, { effect: 'deny', prompts: ['a'] }), '{"prompts":[{"name":"b"}]}');
  const resources = { resources: [{ uri: 'file:///a/1' }, { uri: 'file:///b/1' }, { uri: 'file:///a' }] };
  assert.equal(
    shown('resources/list', resources, { resources: ['file:///a/*'] }),
    '{"resources":[{"uri":"file:///a/1"}]}',
  );
  const templates = { resourceTemplates: [{ uriTemplate: 'file:///a/{x}' }, { uriTemplate: 'file:///{x}' }] };
  assert.equal(
    shown('resources/templates/list', templates, { resources: ['file:///a/*'] }),
    '{"resourceTemplates":[{"uriTemplate":"file:///a/{x}"}]}',
  );
});

test('authorize: prompts and resources are granted by name, a deny outweighs, and says so to whom it concerns', () => {
  const prompt = (name: string) => ({ id: 1, method: 'prompts/get', params: { name } });
  const read = (uri: string) => ({ id: 1, method: 'resources/read', params: { uri } });
  const completion = { id: 1, method: 'completion/complete', params: { ref: { type: 'ref/prompt', name: 'p' } } };
  const deny = { effect: 'deny', reason: 'not here' } as const;
  const table: readonly (readonly [object, readonly [Partial<Grant>, ...Partial<Grant>[]], string])[] = [
    [prompt('p'), [{ prompts: ['p'] }], 'passes'],
    [prompt('q'), [{ prompts: ['p'] }], 'invalid_params'],
    [call('p'), [{ prompts: ['p'] }], 'invalid_params'],
    [completion, [{ prompts: ['p'] }], 'passes'],
    [completion, [{ prompts: ['q'] }], 'invalid_params'],
    [read('file:///a/b'), [{ resources: ['file:///a/*'] }], 'passes'],
    [read('file:///b'), [{ resources: ['file:///a/*'] }], 'invalid_params'],
    [
      { id: 1, method: 'resources/subscribe', params: { uri: 'file:///a/b' } },
      [{ resources: ['file:///a/*'] }],
      'passes',
    ],
    [call('x'), [{}, { ...deny, tools: ['x'] }], 'forbidden'],
    [call('y'), [{}, { ...deny, tools: ['x'] }], 'passes'],
    [call('x'), [{ tools: ['y'] }, { ...deny, tools: ['x'] }], 'invalid_params'],
    [{ id: 1, method: 'vendor/anything' }, [{}, { ...deny, tools: ['x'] }], 'passes'],
    [{ id: 1, method: 'initialize' }, [{}, { ...deny, tools: ['x'] }], 'passes'],
  ];
  for (const [body, grants, expected] of table) {
    const outcome = said(authorize, asked(body), { reach: granting(...grants) });
    assert.equal(verdict(outcome), expected, JSON.stringify([body, grants]));
    if (outcome?.kind === 'refuse' && expected === 'forbidden') {
      assert.equal(outcome.refusal.reason, 'denied by grt_2: not here');
    }
  }
});

test('present: a name counts as what it means, not as how it is written', () => {
  assert.equal(
    listed('tools/list', '{"tools":[{"n\\u0061me":"\\u0062"},{"name":"a"}]}', new Set(['b'])),
    '{"tools":[{"n\\u0061me":"\\u0062"}]}',
  );
});

test('cutting leaves valid JSON with exactly the kept elements, in their own bytes', () => {
  const space = fc.stringMatching(/^[ \n]{0,2}$/);
  const element = fc.record({ value: fc.jsonValue(), kept: fc.boolean(), before: space, after: space });
  fc.assert(
    fc.property(fc.array(element, { maxLength: 12 }), (elements) => {
      const text = Buffer.from(
        `[${elements.map(({ value, before, after }) => `${before}${JSON.stringify(value)}${after}`).join(',')}]`,
      );
      let index = 0;
      const edits = cutElements(text.toString('latin1'), 0, () => elements[index++]?.kept === true);
      const delivered = apply(text, edits).toString();
      const kept = elements.filter(({ kept }) => kept).map(({ value }) => value);
      assert.deepEqual(JSON.parse(delivered), JSON.parse(JSON.stringify(kept)));
      if (kept.length === elements.length) assert.equal(edits.length, 0);
      assert.ok(edits.length <= kept.length + 1);
    }),
    { numRuns: 500 },
  );
});
