import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { hasLiving } from './process-group.ts';
import { type FileRun, runFile } from './run-file.ts';

const scratch = await mkdtemp(join(tmpdir(), 'mcpvault-run-file-'));
after(() => rm(scratch, { recursive: true, force: true }));

async function run(name: string, source: string, abort = new AbortController().signal): Promise<FileRun> {
  const file = `${name}.test.mjs`;
  await writeFile(join(scratch, file), source);
  return runFile(scratch, file, process.env, { testSeconds: 1, fileSeconds: 4 }, abort);
}

const begin = "import { test } from 'node:test'; import assert from 'node:assert/strict';";

test('passes, failures, skips and what is still to do are counted', async () => {
  const { counts, output } = await run(
    'mixed',
    `${begin} test('a', () => {}); test('b', () => assert.fail('because')); test.skip('c', () => {}); test.todo('d');`,
  );
  assert.deepEqual(counts, { passed: 1, failed: 1, skipped: 2 });
  assert.match(output, /because/);
});

test('a test that takes too long fails', async () => {
  const { counts } = await run('slow', `${begin} test('a', () => new Promise((r) => setTimeout(r, 3000)));`);
  assert.deepEqual(counts, { passed: 0, failed: 1, skipped: 0 });
});

test('a file that does not end by itself is ended and fails', async () => {
  const { counts, output } = await run('open', `${begin} test('a', () => { setInterval(() => {}, 1000); });`);
  assert.deepEqual(counts, { passed: 0, failed: 1, skipped: 0 });
  assert.match(output, /did not end by itself/);
});

test('a file that breaks while loading fails', async () => {
  const { counts, output } = await run('broken', `${begin} test('a', () => {}); throw new Error('at once');`);
  assert.equal(counts.failed, 1);
  assert.match(output, /at once/);
});

test('a file that ends early with a good exit code fails', async () => {
  const { counts } = await run('early', `${begin} test('a', () => {}); process.exit(0);`);
  assert.equal(counts.failed, 1);
});

test('a file without tests fails', async () => {
  const { counts, output } = await run('empty', 'export {};');
  assert.equal(counts.failed, 1);
  assert.match(output, /holds no tests|ended before its tests/);
});

test('a process that outlives its file is ended and fails the file', async () => {
  const { counts, output } = await run(
    'leaving',
    `${begin} import { spawn } from 'node:child_process';
    test('a', () => { const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' }); child.unref(); console.log('group', process.pid); });`,
  );
  assert.deepEqual(counts, { passed: 1, failed: 1, skipped: 0 });
  assert.match(output, /left processes behind/);
  assert.equal(await hasLiving(Number(/group (\d+)/.exec(output)?.[1])), false);
});

test('a stop request ends the file', async () => {
  const { counts } = await run('stopped', `${begin} test('a', () => {});`, AbortSignal.abort());
  assert.equal(counts.failed, 1);
});
