import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCli } from '../../run-cli.ts';
import { type FakeHub, withFakeHub } from '../../testing/fake-hub.ts';
import { createTestIo, run, type TestIo, withHome } from '../../testing/test-io.ts';

interface At {
  readonly hub: FakeHub;
  readonly home: string;
  readonly io: TestIo;
  login(...more: readonly string[]): Promise<number>;
}

/** Somebody at a terminal, before they signed in. */
async function atTerminal(use: (at: At) => Promise<void>): Promise<void> {
  await withHome((home) =>
    withFakeHub(async (hub) => {
      const io = createTestIo({ home, terminal: true });
      await use({ hub, home, io, login: (...more) => runCli(['login', '--hub', hub.url, ...more], io) });
    }),
  );
}

test('on a terminal, login names the page and the code, opens a browser, waits, and keeps the sign-in', async () => {
  await atTerminal(async ({ hub, home, io, login }) => {
    hub.device.answers = ['authorization_pending', 'slow_down', 503, 'allowed'];
    assert.equal(await login(), 0, io.said.err);
    const page = `${hub.url}/device?user_code=BCDF-GHJK`;
    assert.ok(io.said.err.includes(page) && io.said.err.includes('BCDF-GHJK'));
    assert.deepEqual(io.shown, [page]);
    assert.match(io.said.out, /Signed in to http:\S+ as Ada Lovelace \(ada@example\.org\)/);
    assert.doesNotMatch(io.said.err + io.said.out, /dev_secret|allowed_once|mcpa_/);

    const path = join(home, 'mcpvault', 'credentials.json');
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    const stored = JSON.parse(await readFile(path, 'utf8')) as { hubs: Record<string, { email: string }> };
    assert.equal(stored.hubs[hub.url]?.email, 'ada@example.org');
    hub.signIns.expireAccess();
    assert.equal((await run(['whoami'], { home })).code, 0);
    assert.equal(hub.signIns.refreshes, 1);
  });
});

test('it asks as the command line, for the hub as it knows itself, at the address it was named by', async () => {
  await atTerminal(async ({ hub, login }) => {
    assert.equal(await login(), 0);
    const [begun, ...questions] = hub.device.asked;
    assert.deepEqual(begun, {
      client_id: 'mcpvault-cli',
      scope: 'sign-in',
      resource: 'https://vault.example.org/api',
    });
    assert.equal(questions.length, 2);
    assert.equal(questions[0]?.['device_code'], 'dev_secret');
  });
});

for (const [error, code, text] of [
  ['access_denied', 'access_denied', /not allowed/],
  ['expired_token', 'expired_token', /not confirmed in time/],
  ['invalid_grant', 'expired_token', /not confirmed in time/],
  ['something_else', 'access_denied', /ended the sign-in/],
] as const)
  test(`a sign-in that ends with ${error} ends the command with 3, says so, and stores nothing`, async () => {
    await withHome((home) =>
      withFakeHub(async (hub) => {
        hub.device.answers = ['authorization_pending', error];
        const login = ['login', '--hub', hub.url, '--device', '--json'];
        const { code: exit, out, err } = await run(login, { home });
        assert.deepEqual([exit, out], [3, '']);
        const said = JSON.parse(err.trim().split('\n').at(-1) ?? '') as { error: { code: string; message: string } };
        assert.equal(said.error.code, code);
        assert.match(said.error.message, text);
        assert.equal((await run(['whoami', '--hub', hub.url], { home })).code, 3);
      }),
    );
  });

test('a code that nobody confirms runs out', async () => {
  await atTerminal(async ({ hub, io, login }) => {
    hub.device.answers = ['authorization_pending'];
    assert.equal(await login(), 3);
    assert.match(io.said.err, /not confirmed in time/);
  });
});

test('--device --json needs no terminal: what to do is one line of JSON on stderr, the result is on stdout', async () => {
  await withHome((home) =>
    withFakeHub(async (hub) => {
      const io = createTestIo({ home });
      assert.equal(await runCli(['login', '--hub', hub.url, '--device', '--no-browser', '--json'], io), 0);
      const { signIn } = JSON.parse(io.said.err) as { signIn: { page: string; code: string; expiresAt: string } };
      assert.equal(signIn.code, 'BCDF-GHJK');
      assert.ok(Date.parse(signIn.expiresAt) > 0);
      assert.equal((JSON.parse(io.said.out) as { hub: string }).hub, hub.url);
      assert.deepEqual(io.shown, []);
    }),
  );
});

test('Ctrl-C while it waits ends with 130 and stores nothing', async () => {
  await atTerminal(async ({ hub, home, io, login }) => {
    hub.device.answers = ['authorization_pending'];
    const done = login();
    await io.saidSoon(/BCDF-GHJK/);
    io.interrupt();
    assert.equal(await done, 130);
    assert.equal((await run(['whoami', '--hub', hub.url], { home })).code, 3);
  });
});

test('a hub without such a sign-in is asked with e-mail and password', async () => {
  await atTerminal(async ({ hub, io, login }) => {
    hub.device.isOffered = false;
    const done = login();
    await io.saidSoon(/E-mail:/);
    io.interrupt();
    io.stdin.write('\u0003');
    assert.equal(await done, 130);
  });
});

test('without a terminal login says which ways there are, and two ways at once are refused', async () => {
  await withHome(async (home) => {
    const { code, err } = await run(['login'], { home });
    assert.equal(code, 2);
    assert.match(err, /--device.*--password-stdin.*--token/);
    for (const more of [
      ['--email', 'a@example.org'],
      ['--token', 'mcpv_x'],
    ]) {
      assert.equal((await run(['login', '--device', ...more], { home })).code, 2);
    }
  });
});
