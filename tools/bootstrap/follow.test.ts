import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

const follow = pathToFileURL(fileURLToPath(new URL('./follow.mjs', import.meta.url))).href;

/** Follows a program made of `script` in a process of its own, which exits with what it resolves to. */
function following(script: string): ChildProcess {
  const outer = `import(${JSON.stringify(follow)}).then((m) =>
    m.follow(process.execPath, ['-e', ${JSON.stringify(script)}], { cwd: process.cwd(), env: process.env }))
    .then((code) => process.exit(code));`;
  return spawn(process.execPath, ['-e', outer], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Resolves with the line that begins with `word`. */
function line(child: ChildProcess, word: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      heard += chunk;
      const found = heard.split('\n').find((each) => each.startsWith(word));
      if (found !== undefined) resolve(found);
    });
    child.stdout?.on('end', () => reject(new Error(`ended without printing "${word}": ${heard}`)));
  });
}

const waits = "setInterval(() => {}, 1000); console.log('up', process.pid);";

test('the exit code of the program is passed on', async () => {
  const [code] = await once(following('process.exitCode = 7'), 'exit');
  assert.equal(code, 7);
});

test('a program ended by a signal answers 128 and the signal', async () => {
  const [code] = await once(following("process.kill(process.pid, 'SIGKILL')"), 'exit');
  assert.equal(code, 137);
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} reaches the program once however often one key press repeats it, and its answer is awaited`, async () => {
    const child = following(
      `let seen = 0; process.on('${signal}', () => { seen += 1; setTimeout(() => process.exit(40 + seen), 200); }); ${waits}`,
    );
    await line(child, 'up');
    child.kill(signal);
    child.kill(signal);
    const [code] = await once(child, 'exit');
    assert.equal(code, 41);
  });
}

test('the program learns that its follower was killed', async () => {
  const child = following(`process.on('disconnect', () => { console.log('alone'); process.exit(0); }); ${waits}`);
  const program = Number((await line(child, 'up')).split(' ')[1]);
  child.kill('SIGKILL');
  await line(child, 'alone');
  await assertGone(program);
});

async function assertGone(pid: number): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`process ${pid} still runs`);
}
