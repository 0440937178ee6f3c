import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientSnippets } from './client-snippets.ts';

const target = { name: 'mcpvault', url: 'http://127.0.0.1:7717/mcp', token: 'mcpv_abc' };

test('every snippet carries the address and the bearer', () => {
  for (const { client, text } of clientSnippets(target)) {
    assert.ok(text.includes(target.url), client);
    assert.ok(text.includes('Bearer mcpv_abc'), client);
  }
});

test('JSON snippets are JSON, under the key their client reads', () => {
  const parsed = (id: string) => {
    const snippet = clientSnippets(target).find((one) => one.id === id);
    return JSON.parse(snippet?.text ?? '') as Record<string, Record<string, Record<string, unknown>>>;
  };
  assert.equal(parsed('vscode')['servers']?.['mcpvault']?.['type'], 'http');
  assert.equal(parsed('cursor')['mcpServers']?.['mcpvault']?.['url'], target.url);
  assert.equal(parsed('claude-desktop')['mcpServers']?.['mcpvault']?.['command'], 'npx');
});

test('a plain address elsewhere has to be allowed for Claude Desktop, one on this computer not', () => {
  const desktop = (url: string) => clientSnippets({ ...target, url }).find((one) => one.id === 'claude-desktop')?.text;
  assert.ok(!desktop('http://127.0.0.1:7717/mcp')?.includes('--allow-http'));
  assert.ok(desktop('http://hub.example/mcp')?.includes('--allow-http'));
  assert.ok(!desktop('https://hub.example/mcp')?.includes('--allow-http'));
});
