import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withSignedIn } from '../../testing/signed-in.ts';

test('roles are found by name in whatever case, and an unknown one says which there are', async () => {
  await withSignedIn(async ({ hub, mcpvault }) => {
    const invited = await mcpvault(['members', 'invite', 'eve@example.org', '--role', 'AUDITOR']);
    assert.equal(invited.code, 0, invited.err);
    assert.equal(hub.records.members.at(-1)?.role, 'auditor');
    const wrong = await mcpvault(['members', 'invite', 'eve@example.org', '--role', 'boss']);
    assert.equal(wrong.code, 1);
    assert.match(wrong.err, /There is no role "boss"[^]*Admin, Member, Auditor/);
  });
});

test('built-in roles stay as they are, and what is no permission is refused before the hub is asked', async () => {
  await withSignedIn(async ({ mcpvault, json }) => {
    assert.equal((await mcpvault(['roles', 'remove', 'auditor', '--yes'])).code, 2);
    const wrong = await mcpvault(['roles', 'create', 'x', '--permission', 'audit:eat']);
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /"audit:eat" is no permission/);
    const listed = await json(['roles', 'list', '--permissions']);
    assert.match(JSON.stringify(listed), /"permission":"messages:read-original"/);
    assert.match((await mcpvault(['roles', 'list'])).out, /auditor\s+Auditor\s+1\s+audit:read/);
  });
});
