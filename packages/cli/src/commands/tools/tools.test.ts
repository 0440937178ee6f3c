import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCli } from '../../run-cli.ts';
import { withSignedIn } from '../../testing/signed-in.ts';

test('tools list shows the tools of one server or of all', async () => {
  await withSignedIn(async ({ json, mcpvault }) => {
    assert.match((await mcpvault(['tools', 'list', 'everything'])).out, /everything\s+echo\s+Echo\n/);
    assert.match((await mcpvault(['tools', 'list', 'everything'])).out, /everything\s+add\s+Adds two numbers\.\n/);
    const { items } = await json<{ items: { server: string }[] }>(['tools', 'list']);
    assert.deepEqual(
      items.map(({ server }) => server),
      ['everything', 'everything', 'files', 'files'],
    );
  });
});

test('tools show lists the arguments with their types', async () => {
  await withSignedIn(async ({ mcpvault }) => {
    const { out } = await mcpvault(['tools', 'show', 'everything', 'echo']);
    assert.match(out, /message\s+string\s+yes\s+what to say/);
    assert.equal((await mcpvault(['tools', 'show', 'everything', 'nope'])).code, 1);
  });
});

test('tools call goes through the MCP endpoint with typed arguments, and ends its session', async () => {
  await withSignedIn(async ({ hub, mcpvault }) => {
    const call = [
      'tools',
      'call',
      'everything',
      'add',
      '--arg',
      'a=1',
      '--arg',
      'b=2.5',
      '--arg',
      'tags=x',
      '--arg',
      'tags=y',
    ];
    const { code, out, err } = await mcpvault(call);
    assert.equal(code, 0, err);
    assert.deepEqual(JSON.parse(out), { a: 1, b: 2.5, tags: ['x', 'y'] });
    assert.deepEqual(hub.heardByMcp, ['initialize', 'notifications/initialized', 'tools/call', 'DELETE']);
  });
});

test('tools call takes its arguments as JSON, from an option or from standard input', async () => {
  await withSignedIn(async ({ json, mcpvault }) => {
    const call = ['tools', 'call', 'everything', 'echo'];
    const { out } = await mcpvault([...call, '--json-args', '{"a":{"b":[1]}}', '--arg', 'c:=null']);
    assert.deepEqual(JSON.parse(out), { a: { b: [1] }, c: null });
    assert.deepEqual(await json([...call, '-'], { input: '{"d":true}' }), {
      content: [{ type: 'text', text: '{"d":true}' }],
    });
    assert.equal((await mcpvault([...call, '--json-args', '[1]'])).code, 2);
    assert.equal((await mcpvault([...call, '--json-args', '{'])).code, 2);
    assert.equal((await mcpvault([...call, 'message=hi'])).code, 2);
    assert.equal((await mcpvault([...call, '-', '--json-args', '{}'], { input: '{}' })).code, 2);
  });
});

test('a tool that answers with an error ends with 5, its words on stdout', async () => {
  await withSignedIn(async ({ mcpvault }) => {
    const { code, out } = await mcpvault(['tools', 'call', 'everything', 'fail']);
    assert.equal(code, 5);
    assert.equal(out, 'no such file\n');
    const asJson = await mcpvault(['tools', 'call', 'everything', 'fail', '--json']);
    assert.equal(asJson.code, 5);
    assert.equal((JSON.parse(asJson.out) as { isError: boolean }).isError, true);
  });
});

test('a policy’s refusal is 6, a server’s error 5, an absent server 1 with its fix', async () => {
  await withSignedIn(async ({ mcpvault }) => {
    const refused = await mcpvault(['tools', 'call', 'everything', 'forbidden', '--json']);
    assert.equal(refused.code, 6);
    assert.deepEqual(JSON.parse(refused.err), {
      error: { code: 'refused_by_policy', message: 'A policy refused it: no secrets.', fix: null },
    });
    assert.equal((await mcpvault(['tools', 'call', 'everything', 'crash'])).code, 5);
    const away = await mcpvault(['tools', 'call', 'everything', 'away']);
    assert.equal(away.code, 1);
    assert.match(away.err, /The server is away\.\n\s+Wait a little\./);
  });
});

test('what is not text is named, and control characters stay visible on a terminal', async () => {
  await withSignedIn(async ({ mcpvault }) => {
    const { out } = await mcpvault(['tools', 'call', 'everything', 'mixed'], {
      terminal: true,
      env: { NO_COLOR: '1' },
    });
    assert.equal(
      out,
      'red ␛[31m\n[image image/png, 1.5 kB]\n[link notes file:///notes.txt]\n[resource file:///a]\ninside\n',
    );
    const piped = await mcpvault(['tools', 'call', 'everything', 'mixed']);
    assert.ok(piped.out.startsWith('red \u001b[31m\n'));
  });
});

test('progress is shown on a terminal’s stderr only', async () => {
  await withSignedIn(async ({ mcpvault }) => {
    const onTerminal = await mcpvault(['tools', 'call', 'everything', 'echo'], { terminal: true });
    assert.match(onTerminal.err, /Calling echo.*echo 1\/2/s);
    assert.equal((await mcpvault(['tools', 'call', 'everything', 'echo'])).err, '');
  });
});

test('a tool that hangs ends with 4 after --timeout', async () => {
  await withSignedIn(async ({ mcpvault }) => {
    const { code, err } = await mcpvault(['tools', 'call', 'everything', 'hang', '--timeout', '0.3']);
    assert.equal(code, 4);
    assert.match(err, /did not answer in time/);
  });
});

test('Ctrl-C during a call tells the server, ends the session, and ends with 130', async () => {
  await withSignedIn(async ({ hub, io }) => {
    const terminal = io({ terminal: true });
    const done = runCli(['tools', 'call', 'everything', 'hang'], terminal);
    await terminal.saidSoon(/Calling hang/);
    while (!hub.heardByMcp.includes('tools/call')) await new Promise((resolve) => setTimeout(resolve, 5));
    terminal.interrupt();
    assert.equal(await done, 130);
    for (const word of ['notifications/cancelled', 'DELETE']) {
      for (let tries = 0; tries < 200 && !hub.heardByMcp.includes(word); tries++) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      assert.ok(hub.heardByMcp.includes(word), `the server heard ${word}`);
    }
  });
});

test('an expired access token is renewed for the MCP endpoint too', async () => {
  await withSignedIn(async ({ hub, mcpvault }) => {
    hub.signIns.expireAccess();
    assert.equal((await mcpvault(['tools', 'call', 'everything', 'echo'])).code, 0);
    assert.equal(hub.signIns.refreshes, 1);
  });
});
