import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readJsonTree } from '../reading/json-tree.ts';
import { entriesOf } from '../reading/server-entry.ts';
import { judgeServer } from './judge-server.ts';
import { type ManagedServers, nothingManaged } from './server-kind.ts';

function judge(entry: unknown, name = 'a', managed: ManagedServers = nothingManaged) {
  const { root } = readJsonTree(JSON.stringify({ [name]: entry }), 'json');
  const [found] = entriesOf({ path: [], node: root }, 'mcpServers-basic');
  assert.ok(found);
  return judgeServer(found, managed, '/home/ana');
}

function codes(entry: unknown, name?: string): readonly string[] {
  return judge(entry, name).findings.map(({ code }) => code);
}

test('whatever passes the hub, or what this workstation runs, is told from what is used directly', () => {
  const managed = {
    local: new Map([
      ['mine', { isDelegated: false }],
      ['theirs', { isDelegated: true }],
    ]),
    hubs: ['https://hub.example'],
  };
  const kinds: readonly (readonly [unknown, string])[] = [
    [{ command: 'mcpvault', args: ['bridge', 'files'] }, 'hosted'],
    [{ command: 'C:\\Program Files\\mcpvault.cmd', args: ['bridge', 'mine'] }, 'local'],
    [{ command: '/usr/bin/node', args: ['/opt/mcpvault/bin/mcpvault.mjs', 'bridge', 'theirs'] }, 'delegated'],
    [{ url: 'https://hub.example/mcp/files' }, 'hosted'],
    [{ url: 'https://hub.example.evil/mcp/files' }, 'unmanaged'],
    [{ url: 'https://hub.example/other' }, 'unmanaged'],
    [{ command: 'mcpvault', args: ['tools', 'list'] }, 'unmanaged'],
    [{ command: 'evil', args: ['mcpvault', 'bridge', 'files'] }, 'unmanaged'],
    [{ command: 'npx', args: ['mcp-remote', 'https://a.example/mcp'] }, 'unmanaged'],
  ];
  for (const [entry, kind] of kinds) assert.equal(judge(entry, 'a', managed).server.kind, kind, JSON.stringify(entry));
});

test('hosts that are made to be taken for others are told', () => {
  for (const url of [
    'https://mcp.l1near.app/mcp',
    'https://mcp.linear.app.evil.example/mcp',
    'https://mcp.linear.app@evil.example/mcp',
    'https://xn--mcp-linar-jx6d.app/mcp',
    'https://mcp.lniear.app/mcp',
  ]) {
    assert.ok(codes({ url }).includes('look-alike'), url);
  }
  assert.ok(!codes({ url: 'https://mcp.linear.app/mcp' }).includes('look-alike'));
  assert.ok(codes({ command: 'npx', args: ['@modelcontextprotocol/server-filesystm'] }).includes('look-alike'));
});

test('names with letters of two alphabets or unseen characters are told, names in another language are not', () => {
  assert.ok(codes({ command: 'x' }, 'githuЬ').includes('look-alike'));
  assert.ok(codes({ command: 'x' }, 'git\u200bhub').includes('look-alike'));
  assert.ok(!codes({ command: 'x' }, 'заметки').includes('look-alike'));
});

test('a container that reaches the home folder, keys or the engine itself is told, one with its own folder is not', () => {
  const mount = (folder: string) => codes({ command: 'docker', args: ['run', '-v', `${folder}:/x`, 'img'] });
  for (const folder of ['/', '/home', '/home/ana', '~', '$HOME', '~/.ssh', '/var/run/docker.sock', '/etc']) {
    assert.ok(mount(folder).includes('broad-mount'), folder);
  }
  for (const folder of ['/home/ana/src/shop', 'data', '/srv/mcp'])
    assert.ok(!mount(folder).includes('broad-mount'), folder);
});

test('local server compromise: code in a config, plain http, trust without questions and shells are told', () => {
  assert.ok(codes({ url: 'https://a.example', headers: { A: 'Bearer $(gh auth token)' } }).includes('runs-code'));
  assert.ok(codes({ url: 'http://a.example/mcp' }).includes('plain-http'));
  assert.ok(!codes({ url: 'http://127.0.0.1:3000/mcp' }).includes('plain-http'));
  assert.ok(codes({ command: 'x', trust: true }).includes('trusts-all'));
  assert.ok(codes({ command: 'x', autoApprove: ['*'] }).includes('trusts-all'));
  assert.ok(codes({ command: 'bash', args: ['-lc', 'npx a'] }).includes('hidden-in-shell'));
});

test('what is shown of a server holds no secret, wherever it stands', () => {
  const secret = 'ghp_EXAMPLEexampleEXAMPLEexample0123456789';
  for (const entry of [
    { command: 'x', args: ['--token', secret] },
    { command: 'x', args: [`--token=${secret}`] },
    { command: 'x', args: [`https://ana:${secret}@a.example/?key=${secret}`] },
    { command: `/bin/x-${secret}` },
    { command: 'x', env: { TOKEN: secret } },
    { url: `https://a.example/s/${secret}/mcp?key=${secret}#${secret}` },
    { url: `https://${secret}@a.example/mcp` },
    { url: 'https://a.example/mcp', headers: { Authorization: `Bearer ${secret}` } },
  ]) {
    assert.ok(!JSON.stringify(judge(entry)).includes(secret), JSON.stringify(judge(entry).server));
  }
});

test('references to secrets are no secrets', () => {
  for (const value of [
    '${env:TOKEN}',
    '$TOKEN',
    '%TOKEN%',
    '{env:TOKEN}',
    '{file:~/t}',
    '${{ secrets.T }}',
    '${input:t}',
    '',
  ]) {
    assert.ok(!codes({ command: 'x', env: { API_TOKEN: value } }).includes('secret-in-plain-sight'), value);
  }
  assert.ok(codes({ command: 'x', env: { API_TOKEN: 'hunter2' } }).includes('secret-in-plain-sight'));
});
