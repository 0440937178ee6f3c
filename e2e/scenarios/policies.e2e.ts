// The language of policies through the real hub: each action does what it says to a real call, the record says which rule
// matched and which did not, and files of policies are applied by the command line.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { type BareClient, createBareClient } from '../actors/bare-client.ts';
import { eventually } from '../actors/eventually.ts';
import { type ScriptedHttp, sendResult, startScriptedHttp } from '../actors/scripted-http.ts';
import { type Hub, startHub } from '../actors/start-hub.ts';
import { verifies } from '../requirements.ts';
import { type MessageDetail, recorded } from './recorded.ts';

interface Side {
  readonly rules: readonly {
    readonly policy: { readonly name: string };
    readonly said: string;
    readonly why: string | null;
    readonly actions: readonly string[];
    readonly shadow: boolean;
  }[];
  readonly tags: readonly string[];
  readonly alerts: readonly { readonly title: string; readonly outcome: string }[];
  readonly restored: number;
  readonly would: string | null;
}
type Judged = MessageDetail & { readonly judged: { readonly call: Side | null; readonly result: Side | null } | null };

let server: ScriptedHttp;
let hub: Hub;
let client: BareClient;

before(async () => {
  server = await startScriptedHttp();
  server.onList = (message, response) =>
    sendResult(response, message, {
      tools: [
        { name: 'read', inputSchema: { type: 'object' }, annotations: { readOnlyHint: true, openWorldHint: false } },
        { name: 'drop', inputSchema: { type: 'object' }, annotations: { destructiveHint: true } },
      ],
    });
  hub = await startHub();
  await hub.api('POST', '/api/v1/mcp/servers', { name: 'up', transport: { type: 'streamable-http', url: server.url } });
  await hub.api('POST', '/api/v1/mcp/servers/up/check');
});

after(async () => {
  client?.close();
  await hub?.[Symbol.asyncDispose]();
  await server?.close();
});

beforeEach(async () => {
  const { items } = await hub.api<{ items: { id: string }[] }>('GET', '/api/v1/policies/definitions?limit=200');
  for (const { id } of items) await hub.api('DELETE', `/api/v1/policies/${id}`);
  client?.close();
  client = createBareClient(hub.mcp('up'), (await hub.createToken()).token);
  await client.open();
  server.heard.length = 0;
  server.onCall = (message, response) => sendResult(response, message, { content: [{ type: 'text', text: 'done' }] });
});

async function policy(name: string, actions: readonly object[], more: object = {}): Promise<string> {
  const draft = { name, reason: `because of ${name}`, actions, ...more };
  return (await hub.api<{ id: string }>('POST', '/api/v1/policies/definitions', draft)).id;
}
const call = (name: string, args: object) => client.call('tools/call', { name, arguments: args });
const heardArguments = () =>
  server.heard
    .filter(({ method }) => method === 'tools/call')
    .map(({ body }) => (JSON.parse(body) as { params: { arguments: object } }).params.arguments);
const textsOf = (reply: Awaited<ReturnType<typeof call>>) =>
  ((reply.message?.result?.['content'] ?? []) as { text: string }[]).map(({ text }) => text);
const judged = (marker: string) =>
  recorded(hub, '?server=up', (each) => each.request?.original?.includes(marker) ?? false) as Promise<Judged>;

test('a condition over tool and arguments refuses, with the policy’s own code and words, and the record says why', async () => {
  verifies('CP-012', 'CP-035', 'CP-028', 'CP-089', 'MV-REQ-032', 'TV-HUB-76');
  await policy('No dropping', [{ type: 'refuse', code: 'no_dropping', message: 'Nobody drops here.' }], {
    directions: ['call'],
    condition: 'tool.destructive && tool.known && arguments.table.startsWith("prod_")',
  });
  await policy('Something else', [{ type: 'refuse' }], {
    directions: ['call'],
    condition: 'tool.name == "other" && true',
  });
  const refused = await call('drop', { table: 'prod_users_1' });
  assert.equal(refused.message?.error?.message, 'Nobody drops here.');
  assert.equal(refused.message?.error?.data?.['policyCode'], 'no_dropping');
  assert.deepEqual(heardArguments(), []);
  assert.deepEqual(textsOf(await call('drop', { table: 'test_users' })), ['done']);
  assert.deepEqual(textsOf(await call('read', { table: 'prod_users_2' })), ['done']);
  const { judged: trace, outcome } = await judged('prod_users_1');
  assert.equal(outcome, 'refused');
  const rules = trace?.call?.rules.map(({ policy: { name }, said, why }) => [name, said, why]) ?? [];
  assert.deepEqual(rules.toSorted(), [
    ['No dropping', 'matched', null],
    ['Something else', 'missed', 'false: tool.name == "other"'],
  ]);
});

test('arguments are set and taken away before the server sees them, and answers get a notice', async () => {
  await policy('Small steps', [
    { type: 'set', argument: '/limit', value: 10 },
    { type: 'unset', argument: '/debug' },
    { type: 'notice', text: 'Ten at most.' },
  ]);
  const reply = await call('read', { limit: 1000, debug: true, q: 'small' });
  assert.deepEqual(heardArguments(), [{ limit: 10, q: 'small' }]);
  assert.deepEqual(textsOf(reply), ['done', 'Ten at most.']);
});

test('a token stands for what was read, goes back to the server it came from, and is never recorded as what it was', async () => {
  await policy('Stand-ins', [{ type: 'redact', style: 'tokenise' }], { directions: ['result'], detectors: ['email'] });
  server.onCall = (message, response) =>
    sendResult(response, message, { content: [{ type: 'text', text: 'write to ada.lovelace@example.com' }] });
  const [text = ''] = textsOf(await call('read', { who: 'ada' }));
  const token = /mcpvault-token-[0-9a-f]+/.exec(text)?.[0] ?? '';
  assert.ok(token !== '' && !text.includes('@example.com'));
  await call('read', { to: `<${token}>` });
  assert.deepEqual(heardArguments().at(-1), { to: '<ada.lovelace@example.com>' });
  const second = await judged(token);
  assert.equal(second.judged?.call?.restored ?? 0, 1);
  assert.ok(!JSON.stringify(second.request?.edits).includes('@example.com'));
  const other = createBareClient(hub.mcp('up'), (await hub.createToken()).token);
  await other.open();
  await other.call('tools/call', { name: 'read', arguments: { to: token } });
  assert.deepEqual(heardArguments().at(-1), { to: token }, 'another conversation knows nothing of it');
  other.close();
});

test('what a conversation has read decides what it may send: private data does not flow outward', async () => {
  verifies('MV-REQ-034', 'CP-138');
  await policy('Label', [{ type: 'tag', of: 'session', tags: ['private'] }], {
    directions: ['result'],
    condition: 'tool.name == "read"',
  });
  await policy(
    'No outward flow',
    [
      { type: 'hold', message: 'It has read private data.' },
      { type: 'alert', title: 'Outward!' },
    ],
    {
      directions: ['call'],
      condition: '"private" in session.labels && tool.open_world',
    },
  );
  assert.deepEqual(textsOf(await call('drop', { n: 1 })), ['done']);
  await call('read', { n: 2 });
  const held = await call('drop', { n: 'held-one' });
  assert.match(held.message?.error?.message ?? '', /private data.*approve/);
  assert.deepEqual(held.message?.error?.data?.['retryable'], true);
  const message = await judged('held-one');
  assert.equal(message.code, 'approval_required');
  assert.deepEqual(
    message.judged?.call?.alerts.map(({ title, outcome }) => [title, outcome]),
    [['Outward!', 'held']],
  );
});

test('a shadow says what it would have done, and does nothing', async () => {
  await policy('Only watching', [{ type: 'refuse' }], { mode: 'shadow', directions: ['call'] });
  assert.deepEqual(textsOf(await call('read', { n: 'shadowed' })), ['done']);
  const { judged: trace } = await judged('shadowed');
  assert.equal(trace?.call?.would, 'refused');
  assert.equal(trace?.call?.rules[0]?.shadow, true);
});

test('a tool that was shut away stays shut for everybody until somebody lifts it', async () => {
  verifies('CP-094');
  const actions = [
    { type: 'quarantine', what: 'tool' },
    { type: 'alert', title: 'It was shut away' },
  ];
  const id = await policy('Shut it', actions, {
    directions: ['call'],
    condition: 'arguments.bad == true',
  });
  assert.match((await call('drop', { bad: true })).message?.error?.message ?? '', /Shut it/);
  await hub.api('DELETE', `/api/v1/policies/${id}`);
  assert.match(
    (await call('drop', { bad: false })).message?.error?.message ?? '',
    /quarantined until an admin lifts it/,
  );
  assert.deepEqual(textsOf(await call('read', {})), ['done']);
  const { items } = await hub.api<{ items: { id: string; tool: string }[] }>('GET', '/api/v1/quarantines');
  assert.deepEqual(
    items.map(({ tool }) => tool),
    ['drop'],
  );
  await hub.api('DELETE', `/api/v1/quarantines/${items[0]?.id}`);
  assert.deepEqual(textsOf(await call('drop', { bad: false })), ['done']);
  for (const action of ['quarantines.begin', 'quarantines.lift']) {
    const entries = await hub.api<{ items: object[] }>('GET', `/api/v1/audit?action=${action}`);
    assert.equal(entries.items.length, 1, action);
  }
  await eventually(async () => {
    const raised = await hub.api<{ items: { title: string }[] }>('GET', '/api/v1/alerts?limit=50');
    return raised.items.some(({ title }) => title === 'It was shut away');
  }, 'the alert');
});

test('what cannot be told counts as if it held: loops, divisions, and types that do not fit refuse', async () => {
  await policy('Loops', [{ type: 'refuse' }], {
    directions: ['call'],
    condition: 'arguments.list.all(x, arguments.list.all(y, arguments.list.all(z, z >= 0)))',
  });
  const list = Array.from({ length: 1_000 }, (_, index) => index);
  assert.match((await call('read', { list })).message?.error?.message ?? '', /Loops/);
  assert.deepEqual(textsOf(await call('read', { none: 1 })), ['done'], 'what is not there is nobody’s business');
});

test('the older list of policies shows those that say more as near as it can, and does not change them', async () => {
  const id = await policy('Says more', [{ type: 'hold' }], { directions: ['call'], condition: 'size > 10' });
  const { items } = await hub.api<{ items: { id: string; detectors: string[] }[] }>('GET', '/api/v1/policies');
  assert.deepEqual(
    items.map((one) => [one.id, one.detectors]),
    [[id, []]],
  );
  const plain = { name: 'Says more', reason: 'r', detectors: ['email'], action: { type: 'refuse' } };
  await assert.rejects(hub.api('PUT', `/api/v1/policies/${id}`, plain), /change it as a definition/);
});

test('a draft is refused with the place of what is wrong, and when its own tests fail', async () => {
  const problem = async (draft: object): Promise<string> => {
    const error = await hub.api('POST', '/api/v1/policies/definitions', draft).catch((cause: unknown) => cause);
    return String(error);
  };
  const draft = { name: 'A', reason: 'r', actions: [{ type: 'refuse' }] };
  assert.match(await problem({ ...draft, condition: 'tool.nam == "x"' }), /no member “nam”.*column 6/s);
  const tests = [{ name: 'mine', given: { tool: 'a' }, expect: { outcome: 'refused' } }];
  assert.match(await problem({ ...draft, condition: 'tool.name == "b"', tests }), /“mine” fails.*not_matched/s);
});

test('a pattern of the policy’s own is found and redacted, and a pattern that cannot be is refused with what is wrong', async () => {
  await policy('Invoices', [{ type: 'redact', style: 'mask' }], {
    directions: ['call'],
    patterns: [{ name: 'invoice', pattern: 'INV-\\d{6}' }],
    tests: [
      { name: 'one', given: { arguments: { q: 'INV-004711' } }, expect: { outcome: 'edited', lacks: '004711' } },
      { name: 'none', given: { arguments: { q: 'INV-47' } }, expect: { outcome: 'not_matched' } },
    ],
  });
  await call('read', { q: 'pay INV-004711 today' });
  assert.deepEqual(heardArguments(), [{ q: 'pay ********** today' }]);
  await assert.rejects(
    policy('Runs away', [{ type: 'refuse' }], { patterns: [{ name: 'x', pattern: '(a)\\1' }] }),
    /not one that RE2 knows/,
  );
});
