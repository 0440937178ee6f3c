// A newcomer: a clone, one command, the printed configuration, a call.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { endsWithin } from '../actors/process-state.ts';
import { connectV1 } from '../actors/sdk-clients.ts';
import { verifies } from '../requirements.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const patienceMs = 300_000;

let clone: string;
before(async () => {
  clone = await mkdtemp(join(tmpdir(), 'mcpvault-clone-'));
  execFileSync('git', ['clone', '--quiet', '--depth', '1', `file://${repository}`, clone]);
});
after(() => rm(clone, { recursive: true, force: true }));

test('npm start on a fresh clone prints a configuration with which a real client calls a real tool', {
  timeout: 2 * patienceMs,
}, async () => {
  verifies('MV-README-048');
  const first = await start();
  const configuration = /\{\s+"mcpServers"[\s\S]*?\n {2}\}/.exec(first.printed())?.[0];
  assert.ok(configuration, `a configuration is printed:\n${first.printed()}`);
  const { mcpServers } = JSON.parse(configuration) as {
    mcpServers: Record<string, { url: string; headers: { Authorization: string } }>;
  };
  const [server] = Object.values(mcpServers);
  assert.ok(server);
  const connection = await connectV1(server.url, { token: server.headers.Authorization.replace('Bearer ', '') });
  const result = await connection.client.callTool({
    name: 'everything__echo',
    arguments: { message: 'AKIAQ3EGRPZ5WZKX7LMN' },
  });
  await connection.close();
  assert.match(JSON.stringify(result.content), /redacted:aws-access-key/);
  const page = await fetch(new URL('/', server.url));
  assert.match(await page.text(), /<div id="root">|<script/, 'the console is built and served');
  await first.stop();

  const again = await start();
  assert.doesNotMatch(again.printed(), /npm ci|nstalling/, 'the second start installs nothing');
  await again.stop();
});

interface Started {
  printed(): string;
  stop(): Promise<void>;
}

async function start(): Promise<Started> {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(MCPVAULT_|DATABASE_URL$|NODE_TEST|npm_)/.test(name)),
  );
  const child = spawn('npm', ['start'], {
    cwd: clone,
    env: { ...env, MCPVAULT_PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
  for (const began = performance.now(); ; ) {
    const file = await readFile(join(clone, '.mcpvault', 'hub.json'), 'utf8').catch(() => null);
    if (file !== null && /Ctrl-C/.test(printed)) break;
    if (child.exitCode !== null || performance.now() - began > patienceMs) {
      child.kill('SIGKILL');
      throw new Error(`npm start did not get there:\n${printed}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return {
    printed: () => printed,
    async stop() {
      const { pid } = JSON.parse(await readFile(join(clone, '.mcpvault', 'hub.json'), 'utf8')) as { pid: number };
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      assert.ok(await endsWithin(pid, 30_000), 'the hub ends with the command that started it');
    },
  };
}
