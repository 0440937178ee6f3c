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

test('grants add denies, names prompts and resources, and takes a condition', async () => {
  await withSignedIn(async ({ hub, mcpvault }) => {
    const only = ['--prompt', 'greet', '--resource', 'file:///tmp/*'];
    const given = await mcpvault([
      'grants',
      'add',
      'files',
      '--role',
      'member',
      ...only,
      '--when',
      'caller.role == "member"',
    ]);
    assert.match(
      given.out,
      /may use prompt greet, file:\/\/\/tmp\/\* of files where caller\.role == "member" \(grt_0\)/,
    );
    const deny = ['--tool', 'write', '--deny', '--reason', 'reading only'];
    const denied = await mcpvault(['grants', 'add', 'files', '--team', 'mathematics', ...deny]);
    assert.match(denied.out, /may not use write of files \(grt_1\)/);
    assert.deepEqual(
      hub.records.grants.map(({ effect, tools, prompts, resources, reason }) => [
        effect,
        tools,
        prompts,
        resources,
        reason,
      ]),
      [
        ['allow', null, ['greet'], ['file:///tmp/*'], null],
        ['deny', ['write'], null, null, 'reading only'],
      ],
    );
    assert.match((await mcpvault(['grants', 'list'])).out, /DENY team/);
  });
});

test('limits are made of an amount and of whose calls are counted, listed, changed and removed', async () => {
  await withSignedIn(async ({ hub, json, mcpvault }) => {
    const added = await mcpvault(['limits', 'add', 'Fair share', '60/minute', '--each', 'member', '--burst', '20']);
    assert.equal(added.out, 'Fair share: 60/minute, 20 at once of each member for every server (lim_0)\n', added.err);
    const quota = await mcpvault(['limits', 'add', 'Reads', '1000/day', '--server', 'files', '--tool', 'read']);
    assert.equal(quota.out, 'Reads: 1000/day of the organization for read of files (lim_1)\n', quota.err);
    assert.match((await mcpvault(['limits', 'list'])).out, /lim_1\s+Reads\s+1000\/day/);
    assert.equal((await mcpvault(['limits', 'change', 'lim_0', '--calls', '90', '--off'])).code, 0);
    assert.deepEqual([hub.records.limits[0]?.calls, hub.records.limits[0]?.enabled], [90, false]);
    assert.deepEqual(await json(['limits', 'rm', 'lim_0']), { id: 'lim_0', removed: true });
    for (const wrong of [
      ['limits', 'add', 'x', '60'],
      ['limits', 'add', 'x', '60/fortnight'],
      ['limits', 'add', 'x', '6/day', '--each', 'server'],
      ['limits', 'add', 'x', '6/day', '--each', 'member', '--team', 'mathematics'],
      ['limits', 'change', 'lim_1'],
      ['limits', 'change', 'lim_1', '--on', '--off'],
      ['limits', 'change', 'lim_1', '--burst', 'many'],
    ]) {
      assert.equal((await mcpvault(wrong)).code, 2, wrong.join(' '));
    }
  });
});
