import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNearFetch } from './near-fetch.ts';
import type { OutboundInit } from './outbound-fetch.ts';

function near(serverUrl: string) {
  const asked: string[] = [];
  const fake = (name: string) => async (url: string | URL, init?: OutboundInit) => {
    asked.push(`${name} ${String(url)} ${init?.redirect ?? '-'}`);
    return new Response('');
  };
  return { asked, fetch: createNearFetch({ fetch: fake('strict'), fetchServer: fake('server') }, serverUrl) };
}

test('only the origin of the server is asked as the server is, and what it sends on to is not followed', async () => {
  const { asked, fetch } = near('http://10.0.0.1:8080/mcp');
  await fetch('http://10.0.0.1:8080/.well-known/oauth-protected-resource');
  assert.deepEqual(asked, ['server http://10.0.0.1:8080/.well-known/oauth-protected-resource manual']);
});

for (const url of [
  'http://10.0.0.1/mcp',
  'https://10.0.0.1:8080/mcp',
  'http://10.0.0.2:8080/mcp',
  'http://10.0.0.1:8080.evil.example/mcp',
  'http://10.0.0.1:8080@evil.example/mcp',
  'nonsense',
])
  test(`metadata pointing elsewhere: ${url} is a place that somebody else named`, async () => {
    const { asked, fetch } = near('http://10.0.0.1:8080/mcp');
    await fetch(url);
    assert.deepEqual(asked, [`strict ${url} -`]);
  });

test('a server without a usable URL lends its trust to nobody', async () => {
  const { asked, fetch } = near('nonsense');
  await fetch('nonsense');
  assert.deepEqual(asked, ['strict nonsense -']);
});
