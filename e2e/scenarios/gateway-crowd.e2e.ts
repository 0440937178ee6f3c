// A hundred sessions on one process, all using the same request ids and progress tokens, cancelling and leaving at random:
// every answer reaches the session that asked, none reaches another, and nothing is left.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { type BareClient, type BareReply, createBareClient } from '../actors/bare-client.ts';
import { eventually, textOf } from '../actors/eventually.ts';
import { actor, type MemoryGateway, overHttp, overStdio, startMemoryGateway } from '../actors/memory-gateway.ts';
import { type RudeHttp, startRudeHttp } from '../actors/rude-http.ts';
import { verifies } from '../requirements.ts';

const sessions = 100;
const rounds = 8;

let echo: RudeHttp;
let gateway: MemoryGateway;

before(async () => {
  echo = await startRudeHttp({ mode: 'slow', number: 20 });
  gateway = await startMemoryGateway({
    servers: [overStdio('shared', [actor('rude-server.ts'), 'slow', '20'], 'shared'), overHttp('http', echo.url)],
  });
});

after(async () => {
  await gateway?.[Symbol.asyncDispose]();
  await echo?.close();
});

/** Deterministic, so that a failure can be had again. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

for (const server of ['shared', 'http'])
  test(`${sessions} sessions on the server ${server} each get their own answers, and only those`, async () => {
    verifies('MV-REQ-075');
    const clients = await Promise.all(
      Array.from({ length: sessions }, async () => {
        const client = createBareClient(gateway.mcp(server), gateway.token);
        await client.open();
        return client;
      }),
    );
    const answered = await Promise.all(clients.map((client, at) => live(client, at)));
    const all = answered.reduce((sum, each) => sum + each, 0);
    assert.ok(all > (sessions * rounds) / 3, `${all} calls were answered`);
    await gateway.quiet();
    await Promise.all(clients.map((client) => client.send({ method: 'DELETE' })));
    for (const client of clients) client.close();
    await eventually(async () => {
      const { calls, waiting, links, sessions: left } = await gateway.load();
      return calls === 0 && waiting === 0 && links === 0 && left === 0;
    }, 'the end of all sessions');
    const records = await gateway.records();
    const calls = records.filter(({ method }) => method === 'tools/call');
    assert.equal(calls.length, sessions * rounds, 'every call is on record, once');
    for (const { outcome, request, response } of calls) {
      const nonce = /nonce-\d+-\d+/.exec(request ?? '')?.[0];
      if (outcome === 'answered') assert.ok(nonce !== undefined && response?.includes(nonce) === true);
      else assert.equal(outcome, 'cancelled');
    }
  });

/** One session's life: the same ids as everybody else's. Returns how many calls were answered. */
async function live(client: BareClient, at: number): Promise<number> {
  const roll = dice(at + 1);
  let answered = 0;
  for (let round = 0; round < rounds; round++) {
    const nonce = `nonce-${at}-${round}`;
    const params = { name: 'echo', arguments: { text: nonce }, _meta: { progressToken: 'same-for-all' } };
    const call = client.call('tools/call', params, round);
    const cancels = roll() < 0.3;
    if (cancels) {
      await setTimeout(roll() * 25);
      await client.notify('notifications/cancelled', { requestId: round, reason: 'changed my mind' });
    }
    answered += check(await call, round, nonce, cancels);
  }
  return answered;
}

function check(reply: BareReply, id: number, nonce: string, mayBeCancelled: boolean): number {
  assert.equal(reply.message?.id, id);
  if (reply.message?.error !== undefined) {
    assert.ok(mayBeCancelled, reply.body.toString());
    assert.match(reply.message.error.message, /cancelled/);
    return 0;
  }
  assert.equal(textOf(reply.message?.result ?? {}), nonce);
  return 1;
}
