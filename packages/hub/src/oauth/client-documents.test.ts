import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '@mcpvault/domain/failure';
import { OutboundRefused } from '@mcpvault/gateway/outbound/outbound-rules';
import { createClientDocuments } from './client-documents.ts';

const address = 'https://editor.example/client.json';
const good = { client_id: address, client_name: 'Editor', redirect_uris: ['http://127.0.0.1/callback'] };

/** One whose maker's server answers as it is told to. */
function world() {
  const answers: (Response | Error)[] = [];
  let now = 0;
  const documents = createClientDocuments(
    async () => {
      const next = answers.shift();
      if (next === undefined) throw new Error('nobody was to be asked');
      if (next instanceof Error) throw next;
      return next;
    },
    { now: () => now, micros: () => now * 1000 },
  );
  return {
    answers,
    later: (ms: number) => (now += ms),
    get: () => documents(address, {}),
  };
}

const says = (body: unknown, headers: Record<string, string> = {}) => new Response(JSON.stringify(body), { headers });
const away = () => new Failure('upstream_unavailable', 'nobody answers');
const nameIn = async (response: Response) => ((await response.json()) as { client_name: string }).client_name;

test('what does not concern this hub is left out, and a document that says nothing about it is kept for a while', async () => {
  const { answers, get } = world();
  answers.push(says({ ...good, userinfo_signed_response_alg: 'none' }), says(good, { 'cache-control': 'no-store' }));
  const first = await get();
  assert.equal(first.headers.get('cache-control'), 'max-age=300');
  assert.deepEqual(Object.keys((await first.json()) as object).includes('userinfo_signed_response_alg'), false);
  assert.equal((await get()).headers.get('cache-control'), 'max-age=0');
});

test('while its server is out of order a client is what it was, for a day and no longer', async () => {
  const { answers, later, get } = world();
  answers.push(says(good), away(), new Response('', { status: 503 }), away());
  await get();
  for (let n = 0; n < 2; n++) {
    const instead = await get();
    assert.equal(await nameIn(instead), 'Editor');
    assert.equal(instead.headers.get('cache-control'), 'max-age=60');
  }
  later(86_400_000);
  await assert.rejects(get(), { code: 'upstream_unavailable' });
});

test('a document that is gone, or lies at a place that may not be asked any more, is forgotten', async () => {
  for (const end of [
    new Response('', { status: 404 }),
    new Response('', { status: 302, headers: { location: 'https://elsewhere.example' } }),
    new Response('x'.repeat(20_000)),
  ]) {
    const { answers, get } = world();
    answers.push(says(good), end, away());
    await get();
    await get().catch(() => undefined);
    await assert.rejects(get(), { code: 'upstream_unavailable' }, `${end.status}`);
  }
  const { answers, get } = world();
  answers.push(says(good), new OutboundRefused('inside', null));
  await get();
  await assert.rejects(get(), OutboundRefused);
});

test('nothing is made up for a client that was never heard of', async () => {
  const { answers, get } = world();
  answers.push(away(), new Response('', { status: 500 }));
  await assert.rejects(get(), { code: 'upstream_unavailable' });
  assert.equal((await get()).status, 500);
});
