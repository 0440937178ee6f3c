import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startLines } from './start-lines.ts';

const url = 'http://127.0.0.1:7717';
const addresses = {
  url,
  localUrl: url,
  hosts: new Set<string>(),
  ownOrigins: new Set<string>(),
  mcpOrigins: new Set<string>(),
};
const masterKey = { generated: false, source: '/data/master.key' };

test('the first start gives all that is needed to begin, the configuration ready to paste', () => {
  const firstStart = { setupLink: `${url}/setup#link=mcpl_x`, token: 'mcpv_x' };
  const lines = startLines({ addresses, firstStart, masterKey: { ...masterKey, generated: true } });
  assert.ok(lines.includes(`${url}/setup#link=mcpl_x`));
  assert.ok(lines.includes('Keep a copy of /data/master.key'));
  const json: unknown = JSON.parse(/^ {2}\{[\s\S]*?^ {2}\}$/m.exec(lines)?.[0] ?? '');
  assert.deepEqual(json, {
    mcpServers: { mcpvault: { type: 'http', url: `${url}/mcp`, headers: { Authorization: 'Bearer mcpv_x' } } },
  });
});

test('later starts show no link and no token, and say where tokens are made', () => {
  const lines = startLines({ addresses, firstStart: { setupLink: null, token: null }, masterKey });
  assert.ok(!lines.includes('#link=') && !lines.includes('mcpv_') && !lines.includes('master.key'));
  assert.match(lines, /Tokens for AI clients are made in the console/);
});
