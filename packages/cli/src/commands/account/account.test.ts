import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCli } from '../../run-cli.ts';
import { withFakeHub } from '../../testing/fake-hub.ts';
import { FakeProblem } from '../../testing/fake-problem.ts';
import { fakePassword, fakeToken } from '../../testing/fake-sign-ins.ts';
import { withSignedIn } from '../../testing/signed-in.ts';
import { createTestIo, run, withHome } from '../../testing/test-io.ts';

interface Me {
  readonly hub: string;
  readonly by: string;
  readonly member: { readonly email: string };
}

test('login --password asks for e-mail and password on a terminal, and shows no password', async () => {
  await withHome((home) =>
    withFakeHub(async (hub) => {
      const io = createTestIo({ home, terminal: true });
      const done = runCli(['login', '--password', '--hub', hub.url], io);
      await io.saidSoon(/E-mail:/);
      io.stdin.write('ada@example.orh\u007fg\r');
      await io.saidSoon(/Password:/);
      io.stdin.write(`${fakePassword}\r`);
      assert.equal(await done, 0);
      assert.match(io.said.out, /Signed in to http:\S+ as Ada Lovelace \(ada@example\.org\)/);
      assert.doesNotMatch(io.said.err + io.said.out, /horse/);
    }),
  );
});

test('Ctrl-C at a question ends with 130 and stores nothing', async () => {
  await withHome((home) =>
    withFakeHub(async (hub) => {
      const io = createTestIo({ home, terminal: true });
      const done = runCli(['login', '--hub', hub.url, '--email', 'ada@example.org'], io);
      await io.saidSoon(/Password:/);
      io.stdin.write('half\u0003');
      assert.equal(await done, 130);
      assert.deepEqual(hub.asked, []);
    }),
  );
});

test('login takes the password from standard input, and keeps credentials for their owner only', async () => {
  await withSignedIn(async ({ hub, home }) => {
    const path = join(home, 'mcpvault', 'credentials.json');
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.equal((await stat(join(home, 'mcpvault'))).mode & 0o777, 0o700);
    const stored = JSON.parse(await readFile(path, 'utf8')) as {
      current: string;
      hubs: Record<string, { kind: string }>;
    };
    assert.equal(stored.current, hub.url);
    assert.equal(stored.hubs[hub.url]?.kind, 'sign-in');
  });
});

test('a wrong password ends with 3, says so, and stores nothing', async () => {
  await withHome((home) =>
    withFakeHub(async (hub) => {
      const login = ['login', '--hub', hub.url, '--email', 'ada@example.org', '--password-stdin', '--json'];
      const { code, out, err } = await run(login, { home, input: 'wrong\n' });
      assert.equal(code, 3);
      assert.equal(out, '');
      assert.equal((JSON.parse(err) as { error: { code: string } }).error.code, 'invalid_credentials');
      assert.equal((await run(['whoami', '--hub', hub.url], { home })).code, 3);
    }),
  );
});

test('login without a terminal and without --password-stdin says what is missing, with 2', async () => {
  await withHome(async (home) => {
    const { code, err } = await run(['login', '--email', 'a@example.org'], { home });
    assert.equal(code, 2);
    assert.match(err, /--password-stdin/);
  });
});

test('login --token keeps a token that works, and refuses one that does not', async () => {
  await withHome((home) =>
    withFakeHub(async (hub) => {
      assert.equal((await run(['login', '--hub', hub.url, '--token'], { home, input: 'mcpv_wrong\n' })).code, 3);
      assert.equal((await run(['login', '--hub', hub.url, '--token'], { home, input: `${fakeToken}\n` })).code, 0);
      const { out } = await run(['whoami', '--json'], { home });
      assert.equal((JSON.parse(out) as Me).by, 'token');
      assert.doesNotMatch(out, /mcpv_/);
    }),
  );
});

test('the hub of the last login is the one that later commands talk to', async () => {
  await withSignedIn(async ({ hub, json }) => {
    const me = await json<Me>(['whoami']);
    assert.equal(me.hub, hub.url);
    assert.equal(me.member.email, 'ada@example.org');
    assert.equal(me.by, 'sign-in');
  });
});

test('a hub named by flag goes before MCPVAULT_HUB, and that before the stored one', async () => {
  await withSignedIn(async ({ hub, mcpvault }) => {
    const nowhere = { env: { MCPVAULT_HUB: 'http://hub.invalid' } };
    assert.match((await mcpvault(['whoami'], nowhere)).err, /not signed in to http:\/\/hub\.invalid/);
    assert.equal((await mcpvault(['whoami', '--hub', `${hub.url}/mcp`], nowhere)).code, 0);
  });
});

test('MCPVAULT_TOKEN goes before what is stored', async () => {
  await withHome((home) =>
    withFakeHub(async (hub) => {
      const env = { MCPVAULT_HUB: hub.url, MCPVAULT_TOKEN: fakeToken };
      assert.equal((await run(['whoami'], { home, env })).code, 0);
      assert.equal((await run(['whoami'], { home, env: { ...env, MCPVAULT_TOKEN: 'mcpv_gone' } })).code, 3);
    }),
  );
});

test('an expired access token is renewed without a word', async () => {
  await withSignedIn(async ({ hub, mcpvault }) => {
    hub.signIns.expireAccess();
    const { code, err } = await mcpvault(['whoami']);
    assert.equal(code, 0, err);
    assert.equal(err, '');
    assert.equal(hub.signIns.refreshes, 1);
    assert.equal((await mcpvault(['whoami'])).code, 0);
    assert.equal(hub.signIns.refreshes, 1);
  });
});

test('a sign-in that has ended says so with 3, and is forgotten', async () => {
  await withSignedIn(async ({ hub, home, mcpvault }) => {
    hub.signIns.end();
    const { code, err } = await mcpvault(['servers', 'list']);
    assert.equal(code, 3);
    assert.match(err, /has ended.*mcpvault login/s);
    const stored = await readFile(join(home, 'mcpvault', 'credentials.json'), 'utf8');
    assert.doesNotMatch(stored, /mcp[ar]_/);
  });
});

test('a hub that is away during a renewal does not cost the sign-in', async () => {
  await withSignedIn(async ({ hub, mcpvault }) => {
    hub.signIns.expireAccess();
    hub.fail('refresh', new FakeProblem(503, 'database_unavailable', 'The database is away.'));
    assert.equal((await mcpvault(['whoami'])).code, 1);
    hub.fail('refresh', undefined);
    assert.equal((await mcpvault(['whoami'])).code, 0);
  });
});

test('logout ends the sign-in at the hub and forgets it', async () => {
  await withSignedIn(async ({ hub, json, mcpvault }) => {
    assert.deepEqual(await json(['logout']), { hub: hub.url, signedOut: true, endedAtHub: true });
    assert.equal((await mcpvault(['whoami', '--hub', hub.url])).code, 3);
    assert.deepEqual(await json(['logout', '--hub', hub.url]), { hub: hub.url, signedOut: false, endedAtHub: false });
  });
});

test('logout forgets the credentials even when the hub fails, and says that it could not be told', async () => {
  await withSignedIn(async ({ hub, mcpvault }) => {
    hub.fail('logout', new FakeProblem(500, 'internal', 'Something went wrong.'));
    const { code, err } = await mcpvault(['logout']);
    assert.equal(code, 0);
    assert.match(err, /could not be told/);
    assert.equal((await mcpvault(['whoami', '--hub', hub.url])).code, 3);
  });
});

test('status is 1 while a server is unavailable, and says its reason and fix', async () => {
  await withSignedIn(async ({ hub, mcpvault }) => {
    const { code, out } = await mcpvault(['status']);
    assert.equal(code, 1);
    assert.match(out, /Ready\s+yes/);
    assert.match(out, /database\s+ok/);
    assert.match(out, /1 ready, 1 unavailable/);
    assert.match(out, /files\s+It ended at once\.\n\s+See its logs\./);
    hub.records.servers.splice(1, 1);
    assert.equal((await mcpvault(['status'])).code, 0);
  });
});

test('status needs no sign-in, and names the component that keeps the hub from being ready', async () => {
  await withHome((home) =>
    withFakeHub(async (hub) => {
      const ready = await run(['status', '--hub', hub.url], { home });
      assert.equal(ready.code, 0, ready.err);
      assert.match(ready.out, /sign in to see them/);
      hub.readiness = { database: 'failing', journal: 'ok' };
      const { code, out } = await run(['status', '--hub', hub.url, '--json'], { home });
      assert.equal(code, 1);
      assert.deepEqual(JSON.parse(out), {
        hub: hub.url,
        ready: false,
        components: [
          { name: 'database', status: 'failing' },
          { name: 'journal', status: 'ok' },
        ],
        servers: null,
      });
    }),
  );
});

test('status is 4 when no hub answers', async () => {
  await withHome(async (home) => {
    const gone = await withFakeHub((hub) => Promise.resolve(hub.url));
    const { code, err } = await run(['status', '--hub', gone], { home });
    assert.equal(code, 4);
    assert.ok(err.startsWith(`Error: No hub answers at ${gone} (ECONNREFUSED).`), err);
  });
});
