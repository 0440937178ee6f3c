import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { run, withHome } from './testing/test-io.ts';
import { withSignedIn } from './testing/signed-in.ts';

interface Said {
  readonly error: { readonly code: string; readonly message: string; readonly fix: string };
}

test('alone, mcpvault shows its help and ends well', async () => {
  const { code, out } = await run([], { home: '/nowhere' });
  assert.equal(code, 0);
  assert.match(out, /Usage: mcpvault/);
  assert.doesNotMatch(out, /__complete/);
});

test('a group without a command shows its help on stderr, with 2', async () => {
  const { code, out, err } = await run(['servers'], { home: '/nowhere' });
  assert.deepEqual([code, out], [2, '']);
  assert.match(err, /Usage: mcpvault servers/);
});

test('help of every kind ends well', async () => {
  for (const words of [['--help'], ['help', 'servers'], ['servers', 'add', '--help'], ['--version'], ['help', 'hub']]) {
    assert.equal((await run(words, { home: '/nowhere' })).code, 0, words.join(' '));
  }
});

test('a wrong command line is 2, with what was meant and where to read on', async () => {
  const mistyped = await run(['serves', 'list'], { home: '/nowhere' });
  assert.equal(mistyped.code, 2);
  assert.match(mistyped.err, /^Error: Unknown command 'serves'\.\n {2}Did you mean servers\? See: mcpvault --help\n$/);
  for (const words of [
    ['servers', 'show'],
    ['servers', 'show', 'a', 'b'],
    ['servers', 'list', '--nope'],
    ['whoami', '--timeout', 'soon'],
    ['whoami', '--output', 'yaml'],
    ['completion', 'csh'],
    ['servers', 'show', ''],
    ['whoami', '--hub', 'ftp://a'],
  ]) {
    assert.equal((await run(words, { home: '/nowhere', env: { MCPVAULT_TOKEN: 't' } })).code, 2, words.join(' '));
  }
});

test('with --json an error is one JSON object on stderr, even when the line itself is wrong', async () => {
  for (const words of [
    ['--json', 'serves'],
    ['serves', '-o', 'json'],
    ['servers', 'list', '--nope', '--output=json'],
  ]) {
    const { code, out, err } = await run(words, { home: '/nowhere' });
    assert.deepEqual([code, out], [2, '']);
    const { error } = JSON.parse(err) as Said;
    assert.equal(error.code, 'usage');
    assert.match(error.fix, /--help/);
  }
  const byVariable = await run(['whoami'], { home: '/nowhere', env: { MCPVAULT_OUTPUT: 'json' } });
  assert.equal((JSON.parse(byVariable.err) as Said).error.code, 'not_signed_in');
});

test('--quiet keeps results and errors, and nothing else', async () => {
  await withSignedIn(async ({ mcpvault }) => {
    assert.equal((await mcpvault(['tokens', 'create', 'ci', '--quiet'])).err, '');
    assert.notEqual((await mcpvault(['servers', 'show', 'nope', '--quiet'])).err, '');
  });
});

test('with colours forced, results are coloured, and with NO_COLOR on a terminal they are not', async () => {
  await withSignedIn(async ({ mcpvault }) => {
    const list = ['servers', 'list'];
    assert.ok((await mcpvault(list, { env: { FORCE_COLOR: '1' } })).out.includes('\u001b[32mready'));
    assert.ok((await mcpvault(list, { terminal: true })).out.includes('\u001b['));
    assert.ok(!(await mcpvault(list, { terminal: true, env: { NO_COLOR: '1' } })).out.includes('\u001b['));
    assert.ok(!(await mcpvault(list)).out.includes('\u001b['));
  });
});

test('what answers but is no hub is said to be none, and no credential follows a redirect', async () => {
  const seen: (string | undefined)[] = [];
  const other = createServer((request, response) => {
    seen.push(request.headers.authorization);
    if (request.url?.includes('/mcp/servers')) response.writeHead(302, { location: 'https://login.example/' }).end();
    else if (request.url?.includes('/me')) response.writeHead(200).end('<html>');
    else response.writeHead(404).end('<html>');
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const env = { MCPVAULT_HUB: `http://127.0.0.1:${(other.address() as AddressInfo).port}`, MCPVAULT_TOKEN: 'mcpv_x' };
  try {
    await withHome(async (home) => {
      const codes: string[] = [];
      for (const words of [['whoami'], ['tokens', 'list'], ['status'], ['servers', 'list']]) {
        const { code, err } = await run([...words, '--json'], { home, env });
        assert.equal(code, 4, words.join(' '));
        codes.push((JSON.parse(err) as Said).error.code);
      }
      assert.deepEqual(codes, ['not_a_hub', 'not_a_hub', 'not_a_hub', 'redirected']);
    });
  } finally {
    other.closeAllConnections();
    other.close();
  }
});

test('version says what runs', async () => {
  const { out } = await run(['version', '--json'], { home: '/nowhere' });
  assert.deepEqual(JSON.parse(out), { version: '0.1.0', node: '26.0.0', platform: 'linux', arch: 'x64' });
});
