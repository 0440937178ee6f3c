import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withSignedIn } from '../testing/signed-in.ts';

test('tokens create prints the token and nothing else on stdout', async () => {
  await withSignedIn(async ({ hub, mcpvault }) => {
    const { code, out, err } = await mcpvault(['tokens', 'create', 'laptop', '--expires', '90d']);
    assert.equal(code, 0, err);
    assert.equal(out, 'mcpv_abcSECRET\n');
    assert.match(err, /shown once/);
    assert.ok(Date.parse(hub.records.tokens[0]?.expiresAt ?? '') > Date.now() + 89 * 86_400_000);
  });
});

test('tokens list never shows a token, and revoke takes an id only', async () => {
  await withSignedIn(async ({ hub, json, mcpvault }) => {
    await mcpvault(['tokens', 'create', 'laptop']);
    assert.match(
      (await mcpvault(['tokens', 'ls', '--all'])).out,
      /tok_0\s+laptop\s+mcpv_abc\s+ada@example\.org\s+active\s+never\s+never/,
    );
    assert.doesNotMatch(JSON.stringify(await json(['tokens', 'list'])), /SECRET/);
    const mistaken = await mcpvault(['tokens', 'revoke', 'mcpv_abcSECRET']);
    assert.equal(mistaken.code, 2);
    assert.doesNotMatch(mistaken.err, /SECRET/);
    assert.deepEqual(await json(['tokens', 'revoke', 'tok_0']), { id: 'tok_0', revoked: true });
    assert.equal(hub.records.tokens.length, 0);
    assert.equal((await mcpvault(['tokens', 'revoke', 'tok_0'])).code, 1);
  });
});

test('grants add takes a member, a team or a role, by the words people use', async () => {
  await withSignedIn(async ({ hub, mcpvault }) => {
    const added = await mcpvault([
      'grants',
      'add',
      'files',
      '--member',
      'Grace@Example.org',
      '--tool',
      'read',
      '--tool',
      'list',
    ]);
    assert.equal(added.code, 0, added.err);
    assert.match(added.out, /^Grace Hopper may use read, list of files \(grt_0\)/);
    assert.equal((await mcpvault(['grants', 'add', 'files', '--team', 'mathematics'])).code, 0);
    assert.match(
      (await mcpvault(['grants', 'add', 'everything', '--role', 'member'])).out,
      /^Everyone with the role member/,
    );
    assert.deepEqual(
      hub.records.grants.map(({ subject }) => subject.id),
      ['mem_grace', 'team_math', 'member'],
    );
    assert.equal((await mcpvault(['grants', 'add', 'files', '--member', 'nobody@example.org'])).code, 1);
    assert.equal((await mcpvault(['grants', 'add', 'files', '--team', 'physics'])).code, 1);
    assert.equal((await mcpvault(['grants', 'add', 'files'])).code, 2);
    assert.equal((await mcpvault(['grants', 'add', 'files', '--role', 'member', '--team', 'x'])).code, 2);
  });
});

test('grants are listed and taken back', async () => {
  await withSignedIn(async ({ hub, json, mcpvault }) => {
    await mcpvault(['grants', 'add', 'files', '--role', 'member', '--expires', '2w']);
    assert.match((await mcpvault(['grants', 'list'])).out, /grt_0\s+role member\s+files\s+all\s+in 14 days/);
    assert.deepEqual(await json(['grants', 'rm', 'grt_0']), { id: 'grt_0', removed: true });
    assert.equal(hub.records.grants.length, 0);
  });
});

test('members are listed, invited with a link, disabled and enabled', async () => {
  await withSignedIn(async ({ hub, mcpvault }) => {
    assert.match(
      (await mcpvault(['members', 'list', '--match', 'grace'])).out,
      /grace@example\.org\s+Grace Hopper\s+Member\s+active/,
    );
    const invited = await mcpvault(['members', 'invite', 'alan@example.org', '--role', 'admin']);
    assert.equal(invited.out, 'http://hub.invalid/invite#link=once\n');
    assert.equal(hub.records.members.at(-1)?.name, 'alan');
    assert.equal((await mcpvault(['members', 'disable', 'grace@example.org'])).code, 2);
    assert.equal((await mcpvault(['members', 'disable', 'grace@example.org', '--yes'])).code, 0);
    assert.equal(hub.records.members[1]?.status, 'disabled');
    assert.match((await mcpvault(['members', 'enable', 'mem_grace'])).out, /Enabled/);
    assert.equal((await mcpvault(['members', 'invite', 'not an address'])).code, 2);
  });
});

test('config client prints an entry without a token for each client', async () => {
  await withSignedIn(async ({ hub, mcpvault, json }) => {
    for (const client of ['claude-code', 'cursor', 'vscode', 'generic']) {
      const { code, out, err } = await mcpvault(['config', 'client', client]);
      assert.equal(code, 0, err);
      assert.ok(JSON.stringify(JSON.parse(out)).includes(`"url":"${hub.url}/mcp"`));
      assert.doesNotMatch(out, /mcp[avr]_/);
      assert.match(err, /mcpvault tokens create/);
    }
    const one = await json<{ mcpServers: Record<string, { url: string }> }>([
      'config',
      'client',
      'cursor',
      '--server',
      'files',
    ]);
    assert.equal(one.mcpServers.files?.url, `${hub.url}/mcp/files`);
    assert.equal((await mcpvault(['config', 'client', 'emacs'])).code, 2);
  });
});
