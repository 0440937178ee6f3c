import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCli } from '../../run-cli.ts';
import { FakeProblem } from '../../testing/fake-problem.ts';
import { server } from '../../testing/fake-records.ts';
import { withSignedIn } from '../../testing/signed-in.ts';

interface Listed {
  readonly items: readonly { readonly name: string; readonly status: string; readonly transport?: object }[];
}

test('servers list shows a table to people and everything to programs', async () => {
  await withSignedIn(async ({ json, mcpvault }) => {
    const { out } = await mcpvault(['servers', 'ls']);
    assert.match(out, /^NAME\s+STATUS\s+TOOLS\s+RUNS\s+REASON\n/);
    assert.match(out, /everything\s+ready\s+2\s+npx -y 'the everything'\n/);
    const { items } = await json<Listed>(['servers', 'list', '--match', 'file']);
    assert.deepEqual(
      items.map(({ name }) => name),
      ['files'],
    );
  });
});

test('servers list reads every page', async () => {
  await withSignedIn(async ({ hub, json }) => {
    for (let number = 0; number < 450; number += 1) hub.records.servers.push(server(`s-${number}`));
    assert.equal((await json<Listed>(['servers', 'list'])).items.length, 452);
  });
});

test('servers show tells how a server runs without its secrets', async () => {
  await withSignedIn(async ({ mcpvault }) => {
    const { out } = await mcpvault(['servers', 'show', 'everything']);
    assert.match(out, /Runs\s+npx -y 'the everything'/);
    assert.match(out, /Secrets\s+API_KEY/);
  });
});

test('a server that is not there is 1, with the hub’s own words', async () => {
  await withSignedIn(async ({ mcpvault }) => {
    const { code, err } = await mcpvault(['servers', 'show', 'nope', '--json']);
    assert.equal(code, 1);
    assert.deepEqual(JSON.parse(err), {
      error: { code: 'not_found', message: 'There is no server nope.', fix: null, requestId: 'req_1' },
    });
  });
});

test('servers add waits until the server is ready, and prints it as it is then', async () => {
  await withSignedIn(async ({ hub, mcpvault }) => {
    const { code, out } = await mcpvault(['servers', 'add', 'fresh', '--json', '--', 'npx']);
    assert.equal(code, 0);
    assert.equal((JSON.parse(out) as Listed['items'][number]).status, 'ready');
    assert.ok(hub.asked.includes('getServer'));
  });
});

test('servers add passes on exactly what follows --', async () => {
  await withSignedIn(async ({ hub, mcpvault }) => {
    const words = [
      'servers',
      'add',
      'fresh',
      '--env',
      'SECRET',
      '--env',
      'MODE=a=b',
      '--cwd',
      '/srv',
      '--',
      'run',
      '-y',
      '--json',
      '--',
    ];
    const { code, out, err } = await mcpvault(words, { env: { SECRET: 'hush' } });
    assert.equal(code, 0, err);
    assert.match(out, /fresh is ready with 2 tools/);
    assert.deepEqual(hub.records.servers.at(-1)?.transport, {
      type: 'stdio',
      command: 'run',
      args: ['-y', '--json', '--'],
      env: ['SECRET', 'MODE'],
      cwd: '/srv',
    });
    assert.doesNotMatch(out + err, /hush/);
  });
});

test('servers add takes a URL with headers', async () => {
  await withSignedIn(async ({ hub, mcpvault }) => {
    const words = [
      'servers',
      'add',
      'far',
      '--url',
      'https://far.example.org/mcp',
      '--header',
      'Authorization: Bearer x:y',
      '--no-wait',
    ];
    const { code, err } = await mcpvault(words);
    assert.equal(code, 0, err);
    const { transport, status } = hub.records.servers.at(-1) ?? {};
    assert.deepEqual(transport, {
      type: 'streamable-http',
      url: 'https://far.example.org/mcp',
      headers: ['Authorization'],
    });
    assert.equal(status, 'connecting');
  });
});

test('servers add ends with 1 when the server does not answer, with the reason and the fix', async () => {
  await withSignedIn(async ({ mcpvault }) => {
    const { code, err } = await mcpvault(['servers', 'add', 'broken', '--', 'false']);
    assert.equal(code, 1);
    assert.match(err, /broken is unavailable: It ended with exit code 1\.\n\s+Check its command\./);
  });
});

test('servers add stops waiting after --timeout, and says that the hub goes on', async () => {
  await withSignedIn(async ({ mcpvault }) => {
    const { code, err } = await mcpvault(['servers', 'add', 'slow', '--timeout', '5', '--', 'sleep']);
    assert.equal(code, 1);
    assert.match(err, /slow has not answered yet\.\n\s+The hub goes on trying/);
  });
});

test('servers add says what is wrong with its words before anything is sent', async () => {
  await withSignedIn(async ({ hub, mcpvault }) => {
    const before = hub.asked.length;
    for (const words of [
      ['x'],
      ['x', '--url', 'http://a', '--', 'b'],
      ['x', '--env', 'NOT_SET', '--', 'b'],
      ['x', '-y', 'npx'],
    ]) {
      assert.equal((await mcpvault(['servers', 'add', ...words])).code, 2, words.join(' '));
    }
    assert.equal(hub.asked.length, before);
  });
});

test('what the hub finds wrong with the input is 2, and says where', async () => {
  await withSignedIn(async ({ mcpvault }) => {
    const { code, err } = await mcpvault(['servers', 'add', 'Not Good', '--', 'x']);
    assert.equal(code, 2);
    assert.match(err, /name: use lower-case letters/);
  });
});

test('a name that is taken is 1, with the hub’s fix', async () => {
  await withSignedIn(async ({ mcpvault }) => {
    const { code, err } = await mcpvault(['servers', 'add', 'files', '--', 'x']);
    assert.equal(code, 1);
    assert.match(err, /called files already\.\n\s+Choose another name\./);
  });
});

test('servers remove asks on a terminal, and does nothing after a no', async () => {
  await withSignedIn(async ({ hub, io }) => {
    for (const [answer, code, left] of [
      ['n', 1, 2],
      ['y', 0, 1],
    ] as const) {
      const terminal = io({ terminal: true });
      const done = runCli(['servers', 'rm', 'files'], terminal);
      await terminal.saidSoon(/Remove files\?/);
      terminal.stdin.write(`${answer}\r`);
      assert.equal(await done, code);
      assert.equal(hub.records.servers.length, left);
    }
  });
});

test('servers remove without a terminal needs --yes', async () => {
  await withSignedIn(async ({ hub, json, mcpvault }) => {
    const { code, err } = await mcpvault(['servers', 'remove', 'files']);
    assert.equal(code, 2);
    assert.match(err, /--yes/);
    assert.deepEqual(await json(['servers', 'remove', 'files', '--yes']), {
      id: 'srv_files',
      name: 'files',
      removed: true,
    });
    assert.equal(hub.records.servers.length, 1);
  });
});

test('servers check and restart say how it went', async () => {
  await withSignedIn(async ({ mcpvault }) => {
    assert.match((await mcpvault(['servers', 'check', 'files'])).out, /files is ready/);
    assert.match((await mcpvault(['servers', 'restart', 'files'])).out, /Ended the processes of files/);
  });
});

test('servers logs shows what a process wrote without letting it steer the terminal', async () => {
  await withSignedIn(async ({ mcpvault }) => {
    const { out } = await mcpvault(['servers', 'logs', 'files'], { terminal: true, env: { NO_COLOR: '1' } });
    assert.match(out, /files says ␛\[31mhello/);
    assert.ok(!out.includes('\u001b'));
  });
});

test('a refusal of the hub is 6', async () => {
  await withSignedIn(async ({ hub, mcpvault }) => {
    hub.fail('listServers', new FakeProblem(403, 'forbidden', 'Only admins may.'));
    const { code, err } = await mcpvault(['servers', 'list']);
    assert.equal(code, 6);
    assert.match(err, /Only admins may/);
  });
});
