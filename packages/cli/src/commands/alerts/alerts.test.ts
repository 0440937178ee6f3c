import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withSignedIn } from '../../testing/signed-in.ts';

test('alerts are listed by what was asked, taken on, resolved and shown', async () => {
  await withSignedIn(async ({ hub, mcpvault, json }) => {
    const listed = await mcpvault(['alerts', 'list']);
    assert.match(listed.out, /alt_1\s+high\s+open\s+A token was sent\s+ada@example\.org on files\/read\s+3/);
    assert.equal((await json<{ items: unknown[] }>(['alerts', 'list', '--severity', 'critical'])).items.length, 0);
    const taken = await mcpvault(['alerts', 'ack', 'alt_1', '-m', 'Looking']);
    assert.equal(taken.code, 0, taken.err);
    assert.match(taken.out, /alt_1 is acknowledged: A token was sent/);
    const shown = await mcpvault(['alerts', 'show', 'alt_1']);
    assert.match(shown.out, /state\s+acknowledged, ada@example\.org is at it/);
    assert.match(shown.out, /found\s+github-token \(2\)/);
    assert.match(shown.out, /said: Looking/);
    assert.equal((await mcpvault(['alerts', 'resolve', 'alt_1'])).code, 0);
    assert.match((await mcpvault(['alerts', 'list'])).out, /No alerts/);
    assert.equal(hub.records.alerts[0]?.state, 'resolved');
  });
});

test('one that stayed as it was makes the exit code say so, and what is no id is not sent', async () => {
  await withSignedIn(async ({ mcpvault }) => {
    const missing = await mcpvault(['alerts', 'resolve', 'alt_1', 'alt_missing']);
    assert.equal(missing.code, 1);
    assert.match(missing.out, /alt_1 is resolved[^]*alt_missing stayed as it is\. There is no such alert\./);
    assert.equal((await mcpvault(['alerts', 'ack', 'srv_1'])).code, 2);
    assert.equal((await mcpvault(['alerts', 'list', '--kind', 'loud'])).code, 2);
  });
});
