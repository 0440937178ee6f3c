import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unconditional } from '@mcpvault/domain/identity/access';
import { type Reach, reachOf } from '@mcpvault/domain/identity/reach';
import { compilePolicies } from '@mcpvault/domain/policy/compile';
import { completePolicy } from '@mcpvault/domain/policy/complete-policy';
import { parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import fc from 'fast-check';
import { testSettings, createRealAmbient } from '../testing/compose.ts';
import { createMemoryHost } from '../testing/memory-host.ts';
import { createJudge } from './judge.ts';
import { createSessionMemory } from './session-memory.ts';
import { ListVerdicts } from './list-verdicts.ts';

// Joined here, so that no scanner takes this file for a leak.
const secret = ['ghp', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('_');
const long = 'x'.repeat(20_000);

function parsed(body: string) {
  return parseMessage(Buffer.from(body), { maxDepth: 50, check: 'structure' });
}

function answer(id: number | string, names: readonly string[]) {
  const tools = names.map((name) => ({ name, description: `${long} ${secret}` }));
  return parsed(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${JSON.stringify({ tools })}}`);
}

const reaches = new Map<string, Reach>();

/** The same object for the same tools, as a host keeps it. */
function reachFor(tools: readonly string[] | null): Reach {
  const key = JSON.stringify(tools);
  const grant = {
    ...unconditional,
    id: 'grt_1',
    subject: { type: 'member', id: 'mem_1' },
    server: 'srv_1',
    tools,
  } as const;
  const reach = reaches.get(key) ?? reachOf(false, [grant]);
  assert.ok(reach !== null);
  reaches.set(key, reach);
  return reach;
}

test('a judge that remembers lists says of every list what one says that sees it for the first time', () => {
  const id = fc.oneof(fc.nat(2_000_000_000), fc.constantFrom('7', 'x'));
  const names = fc.subarray(['a', 'b', 'c']);
  const step = fc.record({
    id,
    names,
    tools: fc.option(names),
    member: fc.constantFrom('ann', 'bob'),
    redact: fc.boolean(),
  });
  const policy = completePolicy({
    id: 'pol_1',
    name: 'p',
    reason: 'no secrets',
    detectors: ['secrets'],
    actions: [{ type: 'redact', style: 'label' }],
  });
  const world = () => {
    const host = createMemoryHost(createRealAmbient());
    const transport = { type: 'streamable-http', url: 'http://127.0.0.1/', headers: {} } as const;
    const server = host.addServer({ name: 's', transport });
    return { host, server, judge: createJudge(host, testSettings, createSessionMemory(host.ambient.clock)) };
  };
  const asked = parsed('{"jsonrpc":"2.0","id":1,"method":"tools/list"}');
  fc.assert(
    fc.property(fc.array(step, { minLength: 2, maxLength: 6 }), (steps) => {
      const kept = world();
      let redacting: boolean | null = null;
      for (const { id, names, tools, member, redact } of steps) {
        const fresh = world();
        if (redacting !== redact) kept.host.setPolicies(redact ? [policy] : []);
        redacting = redact;
        fresh.host.setPolicies(redact ? [policy] : []);
        const verdicts = [kept, fresh].map(({ judge, server }) => {
          const caller = {
            organization: 'org_1',
            member: `mem_${member}`,
            email: '',
            role: 'member',
            teams: [],
            token: null,
          };
          const usable = { server, reach: reachFor(tools) };
          const conversation = { era: 'legacy', id: 'con_1', caller } as never;
          const about = { conversation, caller: caller as never, address: null, client: null, endpoint: 's', usable };
          return judge.result(answer(id, names), asked, about);
        });
        assert.deepEqual(verdicts[0], verdicts[1]);
      }
    }),
    { numRuns: 60 },
  );
});

test('what is kept stays within its bound, and lists that are short or have odd ids are not kept', () => {
  const policies = compilePolicies([]);
  const verdicts = new ListVerdicts(100_000);
  const verdict = { refusal: null, edits: [], findings: [], judgement: null };
  for (let at = 0; at < 50; at++) {
    const about = { key: `k${at}`, message: answer(at, ['a']), policies, reach: reachFor(null) };
    assert.equal(verdicts.find(about), null);
    verdicts.keep(about, verdict);
    assert.equal(verdicts.find({ ...about, message: answer(at + 1_000, ['a']) }) === null, false);
    assert.ok(verdicts.bytes <= 100_000);
  }
  for (const message of [
    answer('text', ['a']),
    answer(1_000_000_000_000, ['a']),
    parsed('{"jsonrpc":"2.0","id":1,"result":{}}'),
  ]) {
    const about = { key: 'odd', message, policies, reach: reachFor(null) };
    verdicts.keep(about, verdict);
    assert.equal(verdicts.find(about), null);
  }
});
