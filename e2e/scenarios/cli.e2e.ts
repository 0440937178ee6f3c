// The command line against the real hub: every command, what it prints for programs, and the exit code of every ending.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type CommandLine, commandLine } from '../actors/command-line.ts';
import { connectV1 } from '../actors/sdk-clients.ts';
import { admin, type Hub, startHub } from '../actors/start-hub.ts';
import { verifies } from '../requirements.ts';

const rude = fileURLToPath(new URL('../actors/rude-server.ts', import.meta.url));
const secret = 'AKIAQ3EGRPZ5WZKX7LMN';

interface Listed<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

interface Server {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly version: number;
}

let hub: Hub;
let ada: CommandLine;

before(async () => {
  hub = await startHub({ example: true });
  ada = await commandLine(hub.url);
  const login = ['login', '--email', admin.email, '--password-stdin'];
  const { code, err } = await ada.run(login, { input: admin.password });
  assert.equal(code, 0, err);
  await ready();
});
after(async () => {
  await ada?.[Symbol.asyncDispose]();
  await hub?.[Symbol.asyncDispose]();
});

async function ready(): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    const { items } = await ada.json<Listed<Server>>(['servers', 'list']);
    if (items.filter(({ status }) => status === 'ready').length >= 3) return;
  }
  throw new Error(`the example servers did not become ready:\n${hub.output()}`);
}

function errorIn({ err }: { readonly err: string }): { code: string; message: string; fix: string | null } {
  return (JSON.parse(err.trim().split('\n').at(-1) ?? '') as { error: ReturnType<typeof errorIn> }).error;
}

test('signing in: a wrong password is 3 and stores nothing, the right one is kept for its owner only', async () => {
  verifies('MV-README-088');
  await using other = await commandLine(hub.url);
  const login = ['login', '--email', admin.email, '--password-stdin', '--json'];
  const wrong = await other.run(login, { input: 'not the password\n' });
  assert.deepEqual([wrong.code, wrong.out], [3, '']);
  assert.equal(errorIn(wrong).code, 'invalid_credentials');
  assert.equal((await other.run(['whoami'])).code, 3);
  const me = await other.json<{ member: { email: string } }>(['login', '--email', admin.email, '--password-stdin'], {
    input: admin.password,
  });
  assert.equal(me.member.email, admin.email);
  assert.equal((await stat(other.credentials)).mode & 0o777, 0o600);
});

test('on a terminal the password is asked for and not shown', async (context) => {
  try {
    execFileSync('script', ['--version'], { stdio: 'ignore' });
  } catch {
    return context.skip('the program script, which makes terminals, is not installed');
  }
  await using other = await commandLine(hub.url);
  const login = other.onTerminal(['login', '--password']);
  await login.wrote(/E-mail:/);
  login.type(`${admin.email}\r`);
  await login.wrote(/Password:/);
  login.type(`${admin.password}\r`);
  assert.equal(await login.ended(), 0, login.out());
  assert.match(login.out(), /Signed in to/);
  assert.ok(login.out().includes(admin.email), 'what is not secret is shown as it is typed');
  assert.ok(!login.out().includes(admin.password));
  const given = other.onTerminal(['login', '--password']);
  await given.wrote(/E-mail:/);
  given.type('\u0003');
  assert.equal(await given.ended(), 130);
});

test('whoami, version and status say where one stands', async () => {
  const me = await ada.json<{ hub: string; by: string; member: { role: string } }>(['whoami']);
  assert.deepEqual([me.hub, me.by, me.member.role], [hub.url, 'sign-in', 'admin']);
  assert.match((await ada.run(['version'])).out, /^mcpvault \d+\.\d+\.\d+ \(Node 2\d/);
  const status = await ada.json<{ ready: boolean; components: { name: string; status: string }[]; servers: Server[] }>([
    'status',
  ]);
  assert.equal(status.ready, true);
  assert.deepEqual(
    status.components.map((component) => `${component.name} ${component.status}`),
    ['database ok', 'journal ok', 'gateway ok'],
  );
  assert.ok(status.servers.length >= 3);
});

test('where no hub listens, every command that needs one is 4, and says how to go on', async () => {
  const gone = await startHub();
  await gone.stop();
  const env = { MCPVAULT_HUB: gone.url, MCPVAULT_TOKEN: 'mcpv_x' };
  for (const words of [
    ['status'],
    ['whoami'],
    ['servers', 'list'],
    ['tools', 'call', 'a', 'b'],
    ['messages', 'tail'],
  ]) {
    const run = await ada.run([...words, '--json'], { env });
    assert.deepEqual([run.code, run.out], [4, ''], words.join(' '));
    assert.equal(errorIn(run).code, 'unreachable');
    assert.notEqual(errorIn(run).fix, null);
  }
  await gone[Symbol.asyncDispose]();
});

test('a server is added, shown, checked, restarted and removed', async () => {
  verifies('MV-README-092', 'MV-README-094');
  const words = ['servers', 'add', 'polite', '--env', 'WHERE', '--isolation', 'shared', '--json'];
  const added = await ada.run([...words, '--', process.execPath, rude, 'echo'], { env: { WHERE: 'hidden value' } });
  assert.equal(added.code, 0, added.err);
  assert.equal((JSON.parse(added.out) as Server).status, 'ready');
  assert.ok(!(added.out + added.err).includes('hidden value'));
  const shown = await ada.run(['servers', 'show', 'polite']);
  assert.match(shown.out, /Status\s+ready/);
  assert.match(shown.out, /Secrets\s+WHERE/);
  const { version } = await ada.json<Server>(['servers', 'show', 'polite']);
  assert.equal(version, 1);
  assert.equal((await ada.json<Server>(['servers', 'check', 'polite'])).status, 'ready');
  assert.equal((await ada.json<Server>(['servers', 'restart', 'polite'])).name, 'polite');
  assert.equal((await ada.run(['servers', 'remove', 'polite'])).code, 2, 'it asks first');
  assert.equal((await ada.json<{ removed: boolean }>(['servers', 'rm', 'polite', '--yes'])).removed, true);
  assert.equal((await ada.run(['servers', 'show', 'polite'])).code, 1);
});

test('a server that dies is 1 with its reason, its last words are in the logs, and status is 1 until it is gone', async () => {
  const added = await ada.run(['servers', 'add', 'dead', '--', process.execPath, rude, 'dead']);
  assert.equal(added.code, 1);
  assert.match(added.err, /dead is unavailable: \S/);
  assert.match((await ada.run(['servers', 'logs', 'dead'])).out, /cannot open \/etc\/rude\.conf/);
  const status = await ada.run(['status']);
  assert.equal(status.code, 1);
  assert.match(status.out, /1 unavailable/);
  assert.equal((await ada.run(['servers', 'remove', 'dead', '--yes'])).code, 0);
  assert.equal((await ada.run(['status'])).code, 0);
});

test('what is wrong with a new server is 2 before and 2 after asking the hub, and a taken name is 1', async () => {
  assert.equal((await ada.run(['servers', 'add', 'x'])).code, 2);
  assert.equal((await ada.run(['servers', 'add', 'Not A Name', '--', 'x'])).code, 2);
  const taken = await ada.run(['servers', 'add', 'memory', '--json', '--', 'x']);
  assert.equal(taken.code, 1);
  assert.equal(errorIn(taken).code, 'conflict');
});

test('tools are listed, shown and called through the real endpoint, with policies in force', async () => {
  verifies('MV-README-095', 'CP-004');
  const { items } = await ada.json<Listed<{ server: string; name: string }>>(['tools', 'list']);
  assert.ok(items.some((tool) => tool.server === 'everything' && tool.name === 'echo'));
  assert.match((await ada.run(['tools', 'show', 'everything', 'get-sum'])).out, /a\s+number\s+yes/);
  const sum = await ada.run(['tools', 'call', 'everything', 'get-sum', '--arg', 'a=2', '--arg', 'b=40']);
  assert.deepEqual([sum.code, sum.out], [0, 'The sum of 2 and 40 is 42.\n'], sum.err);
  const input = JSON.stringify({ message: `the key is ${secret}` });
  const echo = await ada.run(['tools', 'call', 'everything', 'echo', '-'], { input });
  assert.equal(echo.code, 0, echo.err);
  assert.match(echo.out, /the key is \[redacted:aws-access-key\]/);
});

test('a tool’s own error is 5, an unknown server 1, and a policy’s refusal 6', async () => {
  const denied = await ada.run([
    'tools',
    'call',
    'filesystem',
    'read_text_file',
    '--arg',
    'path=/etc/passwd',
    '--json',
  ]);
  assert.equal(denied.code, 5);
  assert.equal((JSON.parse(denied.out) as { isError: boolean }).isError, true);
  const unknown = await ada.run(['tools', 'call', 'nowhere', 'echo', '--json']);
  assert.equal(unknown.code, 1);
  assert.equal(errorIn(unknown).code, 'not_found');
  const [card, reason] = ['4111 1111 1111 1111', 'No cards here.'];
  const policy = await hub.api<{ id: string }>('POST', '/api/v1/policies', {
    name: 'No cards',
    reason,
    detectors: ['cards'],
    action: { type: 'refuse' },
  });
  const refused = await ada.run(['tools', 'call', 'everything', 'echo', '--arg', `message=${card}`, '--json']);
  await hub.api('DELETE', `/api/v1/policies/${policy.id}`);
  assert.equal(refused.code, 6, refused.err);
  assert.equal(errorIn(refused).code, 'refused_by_policy');
});

test('the tail shows a call while it happens, and a message can be read, its original only when asked', async () => {
  const tail = ada.start(['messages', 'tail', '--json', '--limit', '0', '--tool', 'echo', '--server', 'everything']);
  const marker = 'seen live';
  // The tail may begin later than the first of these calls.
  const calls = (async () => {
    for (let tries = 0; tries < 20 && tail.out() === ''; tries++) {
      await ada.run(['tools', 'call', 'everything', 'echo', '--arg', `message=${marker} ${secret}`]);
    }
  })();
  await tail.wrote(/"target":"echo"/);
  await calls;
  tail.child.kill('SIGINT');
  assert.equal(await tail.ended(), 130);
  const [first] = tail.out().split('\n');
  const { id, outcome } = JSON.parse(first ?? '') as { id: string; outcome: string };
  assert.equal(outcome, 'answered');
  const shown = await ada.run(['messages', 'show', id]);
  assert.match(shown.out, new RegExp(marker));
  assert.match(shown.out, /redacted by Redact/);
  assert.ok(!shown.out.includes(secret));
  assert.ok((await ada.run(['messages', 'show', id, '--original'])).out.includes(secret));
  const past = await ada.run(['messages', 'tail', '--no-follow', '--limit', '500', '--json', '--outcome', 'answered']);
  assert.ok(past.out.includes(id));
});

test('a token is made, works for a client configured as printed, and stops working when revoked', async () => {
  const made = await ada.run(['tokens', 'create', 'laptop', '--expires', '1d']);
  assert.match(made.out, /^mcpv_\w+\n$/);
  const token = made.out.trim();
  const env = { MCPVAULT_TOKEN: token };
  assert.equal((await ada.json<{ by: string }>(['whoami'], { env })).by, 'MCPVAULT_TOKEN');
  assert.equal((await ada.run(['tools', 'call', 'everything', 'echo', '--arg', 'message=hi'], { env })).code, 0);
  assert.equal((await ada.run(['messages', 'tail', '--no-follow'], { env })).code, 6, 'tokens are for calling tools');
  const config = await ada.json<{ mcpServers: Record<string, { url: string; headers: { Authorization: string } }> }>([
    'config',
    'client',
    'generic',
    '--server',
    'everything',
  ]);
  const entry = config.mcpServers['everything'];
  assert.equal(entry?.headers.Authorization, 'Bearer YOUR_TOKEN');
  const connection = await connectV1(entry.url, { token });
  assert.ok((await connection.client.listTools()).tools.length > 0);
  await connection.close();
  const { items } = await ada.json<Listed<{ id: string; name: string; prefix: string }>>(['tokens', 'list']);
  const listed = items.find(({ name }) => name === 'laptop');
  assert.ok(listed !== undefined && token.startsWith(listed.prefix));
  assert.equal((await ada.run(['tokens', 'revoke', listed.id])).code, 0);
  assert.equal((await ada.run(['whoami'], { env })).code, 3);
});

test('a member may do what they were granted and is refused the rest with 6; disabled, they are out', async () => {
  verifies('TV-HUB-01', 'TV-HUB-09', 'TV-HUB-11');
  const invited = await ada.run(['members', 'invite', 'grace@example.com', '--name', 'Grace']);
  assert.match(invited.out, /^http\S+#link=\S+\n$/);
  const password = 'a password that is long enough';
  await hub.api('POST', '/api/v1/members', { email: 'bob@example.com', name: 'Bob', password });
  await using bob = await commandLine(hub.url);
  assert.equal(
    (await bob.run(['login', '--email', 'bob@example.com', '--password-stdin'], { input: password })).code,
    0,
  );
  assert.equal((await bob.run(['servers', 'remove', 'memory', '--yes'])).code, 1, 'what one may not see is not there');
  const refused = await bob.run(['members', 'list', '--json']);
  assert.equal(refused.code, 6);
  assert.equal(errorIn(refused).code, 'forbidden');
  assert.deepEqual((await bob.json<Listed<Server>>(['servers', 'list'])).items, []);
  const grant = await ada.json<{ id: string }>([
    'grants',
    'add',
    'everything',
    '--member',
    'bob@example.com',
    '--tool',
    'echo',
  ]);
  assert.match((await ada.run(['grants', 'list'])).out, /bob@example\.com\s+everything\s+echo/);
  const tools = await bob.json<Listed<{ name: string }>>(['tools', 'list']);
  assert.deepEqual(
    tools.items.map(({ name }) => name),
    ['echo'],
  );
  assert.equal((await bob.run(['tools', 'call', 'everything', 'echo', '--arg', 'message=hi'])).code, 0);
  assert.notEqual((await bob.run(['tools', 'call', 'everything', 'get-sum', '--arg', 'a=1'])).code, 0);
  assert.equal((await ada.run(['grants', 'remove', grant.id])).code, 0);
  assert.deepEqual((await bob.json<Listed<Server>>(['servers', 'list'])).items, []);
  assert.equal((await ada.run(['members', 'disable', 'bob@example.com', '--yes'])).code, 0);
  assert.equal((await bob.run(['whoami'])).code, 3);
  assert.match((await ada.run(['members', 'list', '--match', 'bob'])).out, /disabled/);
  assert.equal((await ada.run(['members', 'enable', 'bob@example.com'])).code, 0);
});

/** Makes the command line believe that its access token has expired. */
async function expire({ credentials }: CommandLine): Promise<{ refreshToken: string }> {
  const stored = JSON.parse(await readFile(credentials, 'utf8'));
  stored.hubs[hub.url].accessExpiresAt = 0;
  await writeFile(credentials, JSON.stringify(stored));
  return stored.hubs[hub.url];
}

test('an expired sign-in renews itself, once for all commands that run at the same time', async () => {
  verifies('MV-README-089');
  await using other = await commandLine(hub.url);
  await other.run(['login', '--email', admin.email, '--password-stdin'], { input: admin.password });
  const { refreshToken: old } = await expire(other);
  const runs = await Promise.all(Array.from({ length: 4 }, () => other.run(['whoami'])));
  assert.deepEqual(
    runs.map(({ code, err }) => [code, err]),
    Array(4).fill([0, '']),
  );
  assert.equal((await other.run(['whoami'])).code, 0);
  // Someone else uses the old one: it may work once more for a few seconds, and then the hub ends the sign-in, and the
  // command line says so.
  const reuse = (): Promise<unknown> => hub.api('POST', '/api/v1/auth/refresh', { refreshToken: old }, null);
  await reuse().catch(() => undefined);
  await assert.rejects(reuse());
  const ended = await other.run(['whoami', '--json']);
  assert.equal(ended.code, 3);
  assert.equal(errorIn(ended).code, 'sign_in_ended');
  assert.equal((await other.run(['whoami'])).code, 3);
});

test('signing out ends the sign-in at the hub', async () => {
  verifies('MV-README-090');
  await using other = await commandLine(hub.url);
  await other.run(['login', '--email', admin.email, '--password-stdin'], { input: admin.password });
  const stored = JSON.parse(await readFile(other.credentials, 'utf8'));
  const { accessToken } = stored.hubs[hub.url];
  assert.equal((await other.json<{ endedAtHub: boolean }>(['logout'])).endedAtHub, true);
  await assert.rejects(hub.api('GET', '/api/v1/me', undefined, accessToken));
  assert.equal((await other.run(['whoami'])).code, 3);
});

test('a shell is offered the names that the hub knows', async () => {
  const { out } = await ada.run(['__complete', '--', 'tools', 'call', 'every']);
  assert.equal(out, 'everything\t\n');
  for (const shell of ['bash', 'zsh', 'fish']) {
    assert.match((await ada.run(['completion', shell])).out, /mcpvault __complete/);
  }
});

test('of all that was ever written, no credential of a sign-in was part', () => {
  assert.ok(ada.everything().length > 1000);
  assert.doesNotMatch(ada.everything(), /mcp[ar]_/);
  assert.equal([...ada.everything().matchAll(/mcpv_\w{20,}/g)].length, 1, 'the one that was made to be seen');
});
