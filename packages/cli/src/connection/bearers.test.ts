import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { withSignedIn } from '../testing/signed-in.ts';

const bin = fileURLToPath(new URL('../../bin/mcpvault.mjs', import.meta.url));

test('many processes at once renew an expired sign-in once, and none of them loses it', async () => {
  await withSignedIn(async ({ hub, home }) => {
    hub.signIns.expireAccess();
    const env = { PATH: process.env['PATH'], HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home };
    const whoami = () => promisify(execFile)(process.execPath, [bin, 'whoami', '--json'], { env });
    const answers = await Promise.all(Array.from({ length: 5 }, whoami));
    for (const { stdout } of answers) assert.match(stdout, /ada@example\.org/);
    assert.equal(hub.signIns.refreshes, 1);
  });
});

test('a sign-in is renewed before it expires, so that no call is made in vain', async () => {
  await withSignedIn(
    async ({ hub, mcpvault }) => {
      const before = hub.asked.length;
      assert.equal((await mcpvault(['whoami'])).code, 0);
      assert.deepEqual(hub.asked.slice(before), ['refresh', 'me']);
    },
    { expiresIn: 20 },
  );
});
