import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withSignedIn } from '../testing/signed-in.ts';

test('tools of a key belong to exactly one server', async () => {
  await withSignedIn(async ({ hub, mcpvault }) => {
    assert.equal((await mcpvault(['tokens', 'create', 'ci', '--tool', 'read'])).code, 2);
    assert.equal((await mcpvault(['tokens', 'create', 'ci', '--server', 'a', 'b', '--tool', 'read'])).code, 2);
    assert.equal(hub.records.tokens.length, 0);
    assert.equal((await mcpvault(['tokens', 'create', 'ci', '--server', 'files', '--tool', 'read'])).code, 0);
  });
});

test('a service account has one owner, and an impersonation a reason and whole minutes', async () => {
  await withSignedIn(async ({ mcpvault }) => {
    for (const words of [
      ['service-accounts', 'create', 'robot'],
      ['service-accounts', 'create', 'robot', '--owner', 'mem_1', '--team', 'math'],
      ['impersonations', 'start', 'ada@example.org'],
      ['impersonations', 'start', 'mem_1', '--reason', 'they are ill', '--minutes', 'some'],
      ['impersonations', 'end', 'mem_1'],
    ]) {
      assert.equal((await mcpvault(words)).code, 2, words.join(' '));
    }
  });
});

test('a member is supervised by somebody, and has access until some day', async () => {
  await withSignedIn(async ({ mcpvault }) => {
    assert.match((await mcpvault(['members', 'supervisor', 'mem_grace', 'none'])).out, /supervised by nobody/);
    assert.equal((await mcpvault(['members', 'expire', 'mem_grace', 'yesterday'])).code, 2);
    assert.match((await mcpvault(['members', 'expire', 'mem_grace', 'never'])).out, /for good/);
  });
});
