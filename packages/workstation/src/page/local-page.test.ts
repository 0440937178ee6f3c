import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { openLocalPage } from './local-page.ts';

const key = 'k'.repeat(43);

async function page() {
  const words: string[] = [];
  const opened = await openLocalPage({
    key,
    read: async () => ({ summary: 'here' }),
    say: async (job, consent) => job === 'job_1' && words.push(`${job} ${consent}`) > 0,
  });
  const { origin, port } = new URL(opened.url);
  const ask = (
    path: string,
    init: { method?: string; body?: string; headers?: Record<string, string> } = {},
  ): Promise<{ status: number; text: string; headers: NodeJS.Dict<string | string[]> }> =>
    new Promise((resolve, reject) => {
      const asking = request(
        { host: '127.0.0.1', port, path, method: init.method ?? 'GET', headers: init.headers ?? {} },
        (response) => {
          let text = '';
          response.on('data', (chunk) => (text += String(chunk)));
          response.on('end', () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }));
        },
      );
      asking.on('error', reject);
      asking.end(init.body);
    });
  return { opened, origin, words, ask, [Symbol.asyncDispose]: () => opened.close() };
}

const bearer = { authorization: `Bearer ${key}` };

test('the page comes without the key, and says nothing; what it shows comes with the key only', async () => {
  await using local = await page();
  const { ask, opened } = local;
  assert.ok(opened.url.endsWith(`/#${key}`), 'the key stands where it is sent to nobody');
  const html = await ask('/');
  assert.equal(html.status, 200);
  assert.ok(!html.text.includes(key));
  assert.match(String(html.headers['content-security-policy']), /default-src 'none'.*frame-ancestors 'none'/);
  assert.equal((await ask('/state')).status, 401);
  assert.equal((await ask('/state', { headers: { authorization: 'Bearer wrong' } })).status, 401);
  assert.equal((await ask('/state', { headers: bearer })).text, '{"summary":"here"}');
});

test('other names and other pages get nothing, even with the key', async () => {
  await using local = await page();
  const { ask, origin } = local;
  assert.equal((await ask('/state', { headers: { ...bearer, host: 'rebound.example' } })).status, 403);
  assert.equal((await ask('/state', { headers: { ...bearer, origin: 'https://evil.example' } })).status, 403);
  assert.equal((await ask('/', { headers: { host: 'rebound.example' } })).status, 403);
  assert.equal((await ask('/state', { headers: { ...bearer, origin } })).status, 200);
});

test('a word on a job is taken once it is one of two words, for a job that waits', async () => {
  await using local = await page();
  const { ask, words } = local;
  const say = (job: string, body: string) =>
    ask(`/jobs/${job}`, { method: 'POST', body, headers: bearer }).then(({ status }) => status);
  assert.equal(await say('job_1', 'given'), 204);
  assert.equal(await say('job_2', 'given'), 404);
  assert.equal(await say('job_1', 'anything'), 400);
  assert.equal(await say('job_1', 'x'.repeat(5_000)), 400);
  assert.equal((await ask('/jobs/job_1', { method: 'POST', body: 'given' })).status, 401);
  assert.deepEqual(words, ['job_1 given']);
});
