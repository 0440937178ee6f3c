import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { endsWithin, isAlive } from './process-state.ts';
import { fakeSecrets } from './rude/fake-secrets.ts';

const script = fileURLToPath(new URL('./rude-server.ts', import.meta.url));

describe('the rude stdio server', () => {
  it('echoes and ends with its stdin when it behaves', async (t) => {
    const server = start(t, 'echo');
    assert.deepEqual(await server.call('echo', { text: 'hello' }), 'hello');
    server.child.stdin?.end();
    assert.deepEqual(await server.exit, [0, null]);
  });

  it('says any JSON exactly and tells exactly what it heard', async (t) => {
    const server = start(t, 'exact');
    const odd = '{"content":[],"big":12345678901234567890,"1":1.0,"esc":"\\u00e9\\ud83d","z":{},"a":-0}';
    const line = `{"jsonrpc":"2.0","id":"x","method":"tools/call","params":{"name":"say","arguments":{"json":${JSON.stringify(odd)}}}}`;
    server.child.stdin?.write(`${line}\n`);
    assert.equal(await server.line('"x"'), `{"jsonrpc":"2.0","id":"x","result":${odd}}`);
    assert.match(await server.call('heard', { odd: '\u2028' }), /"odd":"\u2028"/);
  });

  it('is dead with its code and its reason', async (t) => {
    const server = start(t, 'dead', '42');
    assert.deepEqual(await server.exit, [42, null]);
    assert.match(server.stderr(), /cannot open/);
  });

  it('floods its client and answers between', async (t) => {
    const server = start(t, 'babble');
    assert.equal(await server.call('echo', { text: 'still here' }), 'still here');
    await server.line('"method":"notifications/message"');
    await server.line('"progressToken":"unknown"');
  });

  it('writes rubbish around each answer', async (t) => {
    const server = start(t, 'garbage');
    assert.equal(await server.call('echo', { text: 'somewhere' }), 'somewhere');
    assert.equal(await server.line('Debug'), 'Debug: loading plugins...');
  });

  it('answers twice', async (t) => {
    const server = start(t, 'twice');
    assert.equal(await server.call('echo', { text: 'one' }), 'one');
    await server.line('nobody asked');
  });

  it('answers twenty megabytes', async (t) => {
    assert.equal((await start(t, 'huge').call('huge')).length, 20 * 1024 * 1024);
  });

  it('answers a result as deep as asked', async (t) => {
    const server = start(t, 'deep', '5');
    await server.call('deep');
    assert.match(await server.line('deep"'), /\{"deep":\[\[\[\[\[\]\]\]\]\]\}/);
  });

  it('answers tools but not their calls, or nothing at all', async (t) => {
    const deaf = start(t, 'hang');
    const half = start(t, 'hang-on-call');
    for (const server of [deaf, half]) {
      server.send(1, 'tools/call', { name: 'echo', arguments: { text: 'x' } });
      server.send(2, 'ping');
    }
    assert.equal(await half.line('"id"'), '{"jsonrpc":"2.0","id":2,"result":{}}');
    await setTimeout(50);
    assert.deepEqual(deaf.lines, []);
  });

  it('takes its time', async (t) => {
    const server = start(t, 'slow', '150');
    const began = performance.now();
    assert.equal(await server.call('echo', { text: 'at last' }), 'at last');
    assert.ok(performance.now() - began >= 149);
  });

  it('crashes in the middle of a line', async (t) => {
    const server = start(t, 'crash-on-call');
    assert.equal(await server.call('echo', { text: 'fine' }), 'fine');
    server.send(9, 'tools/call', { name: 'crash' });
    assert.deepEqual(await server.exit, [7, null]);
    assert.match(server.stderr(), /panic/);
  });

  it('goes on after SIGTERM and the end of stdin, and falls to SIGKILL', async (t) => {
    const server = start(t, 'ignore-sigterm');
    assert.equal(await server.call('echo', { text: 'here' }), 'here');
    server.child.kill('SIGTERM');
    while (!server.stderr().includes('ignored')) await once(server.child.stderr as NodeJS.ReadableStream, 'data');
    server.child.stdin?.end();
    await setTimeout(50);
    assert.equal(server.child.exitCode, null);
    server.child.kill('SIGKILL');
    assert.deepEqual(await server.exit, [null, 'SIGKILL']);
  });

  it('leaves a grandchild behind unless its group is killed', async (t) => {
    const server = start(t, 'grandchild');
    const pid = Number(await server.call('grandchild_pid'));
    t.after(() => isAlive(pid) && process.kill(pid, 'SIGKILL'));
    server.child.kill('SIGKILL');
    await server.exit;
    assert.ok(isAlive(pid));
    process.kill(-Number(server.child.pid), 'SIGKILL');
    assert.ok(await endsWithin(pid, 5000));
  });

  it('leaks on stderr and in its results', async (t) => {
    const server = start(t, 'leaky');
    await server.call('leak');
    const result = await server.line('structuredContent');
    for (const secret of Object.values(fakeSecrets)) {
      assert.ok(result.includes(JSON.stringify(secret).slice(1, -1)));
      assert.ok(server.stderr().includes(secret));
    }
  });

  it('names its modes where there is none of that name', async (t) => {
    const server = start(t, 'polite');
    assert.deepEqual(await server.exit, [64, null]);
    assert.match(server.stderr(), /ignore-sigterm/);
  });
});

function start(t: TestContext, ...args: string[]) {
  const child: ChildProcess = spawn(process.execPath, [script, ...args], { stdio: 'pipe', detached: true });
  const exit = once(child, 'close');
  t.after(async () => {
    child.kill('SIGKILL');
    await exit;
  });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  assert.ok(child.stdout && child.stderr);
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (!text.includes('\n')) {
      rest += text;
      return;
    }
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
    for (const look of waiting) look();
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });

  /** The first line with this text in it. */
  function line(text: string): Promise<string> {
    return new Promise((resolve) => {
      const look = () => {
        const found = lines.find((each) => each.includes(text));
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  }
  function send(id: number, method: string, params: object = {}): void {
    child.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
  }
  let lastId = 100;
  async function call(name: string, args: object = {}): Promise<string> {
    send(1, 'initialize', { protocolVersion: '2025-11-25' });
    const id = ++lastId;
    send(id, 'tools/call', { name, arguments: args });
    const reply = JSON.parse(await line(`"id":${id},`));
    return reply.result.content[0]?.text;
  }
  return { child, exit, lines, line, send, call, stderr: () => stderr };
}
