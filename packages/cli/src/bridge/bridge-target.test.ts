import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bridgeTarget } from './bridge-target.ts';

const known = () => Promise.resolve('https://hub.example');

async function target(given?: string): Promise<string> {
  const { hub, endpoint } = await bridgeTarget(given, known);
  return `${hub} ${endpoint.href}`;
}

test('a name, a URL or nothing says which endpoint is meant, and whose credentials count', async () => {
  assert.equal(await target(), 'https://hub.example https://hub.example/mcp');
  assert.equal(await target('files'), 'https://hub.example https://hub.example/mcp/files');
  assert.equal(await target('http://127.0.0.1:7717'), 'http://127.0.0.1:7717 http://127.0.0.1:7717/mcp');
  assert.equal(await target('https://o.example/mcp'), 'https://o.example https://o.example/mcp');
  assert.equal(await target('https://o.example/mcp/files'), 'https://o.example https://o.example/mcp/files');
  assert.equal(await target('https://o.example/a/mcp/files/'), 'https://o.example/a https://o.example/a/mcp/files');
});

test('what is neither is refused, and a password in it is not repeated', async () => {
  for (const wrong of ['Files', '../etc', 'ftp://o.example/mcp', 'https://ada:hush@o.example/mcp/x']) {
    await assert.rejects(target(wrong), (error: Error & { exit?: string }) => {
      return error.exit === 'usage' && !error.message.includes('hush');
    });
  }
});
