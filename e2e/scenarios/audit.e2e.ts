// The proof of who did what: exported with the command line, checked by a file and a public key alone, tampered with in
// every way, and written through kill -9.
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { type CommandLine, commandLine } from '../actors/command-line.ts';
import { admin, type Hub, startHub } from '../actors/start-hub.ts';
import { verifies } from '../requirements.ts';

const kills = 5;

let hub: Hub;
let ada: CommandLine;
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcpvault-audit-'));
  hub = await startHub();
  ada = await commandLine(hub.url);
  const { code, err } = await ada.run(['login', '--email', admin.email, '--password-stdin'], { input: admin.password });
  assert.equal(code, 0, err);
  for (const name of ['red', 'green', 'blue']) await hub.api('POST', '/api/v1/teams', { name });
});
after(async () => {
  await ada?.[Symbol.asyncDispose]();
  await hub?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

interface Line {
  readonly type: string;
  readonly sequence: number;
  readonly action?: string;
}

async function exported(...range: string[]): Promise<string[]> {
  const { code, out, err } = await ada.run(['audit', 'export', '--format', 'jsonl', ...range]);
  assert.equal(code, 0, err);
  return out.trimEnd().split('\n');
}

async function verify(lines: readonly string[], ...more: string[]) {
  const file = join(folder, 'audit.jsonl');
  await writeFile(file, `${lines.join('\n')}\n`);
  return ada.run(['audit', 'verify', file, ...more]);
}

async function publicKey(): Promise<string> {
  const { items } = await hub.api<{ items: { publicKey: string; until: string | null }[] }>(
    'GET',
    '/api/v1/audit/keys',
    undefined,
    null,
  );
  return items.find(({ until }) => until === null)?.publicKey ?? '';
}

test('an export is checked with the public key alone, even when the hub is away', async () => {
  verifies('MV-REQ-033', 'CP-013');
  const lines = await exported();
  const key = await publicKey();
  await hub.stop();
  const checked = await verify(lines, '--key', key);
  assert.deepEqual([checked.code, checked.err], [0, '']);
  assert.match(checked.out, /^Intact: \d+ entries of org_/);
  const unsure = await verify(lines);
  assert.equal(unsure.code, 0);
  assert.match(unsure.err, /Only the file says/);
  const stranger = await verify(lines, '--key', Buffer.alloc(32, 1).toString('base64'));
  assert.equal(stranger.code, 1);
  assert.match(stranger.out, /not signed with a key that is trusted/);
  await hub.restart();
});

test('an export of a range of time holds the entries of that time, and is checked end to end by itself', async () => {
  verifies('MV-README-016');
  await setTimeout(2);
  const from = new Date().toISOString();
  await hub.api('POST', '/api/v1/teams', { name: 'within' });
  await setTimeout(2);
  const to = new Date().toISOString();
  await setTimeout(2);
  await hub.api('POST', '/api/v1/teams', { name: 'after' });
  const lines = await exported('--from', from, '--to', to);
  const entries = lines.map((line) => JSON.parse(line) as Line).filter(({ type }) => type === 'entry');
  assert.deepEqual(
    entries.map(({ action }) => action),
    ['teams.create'],
  );
  const key = await publicKey();
  const checked = await verify(lines, '--key', key);
  assert.deepEqual([checked.code, checked.err], [0, '']);
  assert.match(checked.out, /^Intact: 1 entries of org_\w+ \(places [1-9]/);
  const [header = '', first = '', ...rest] = lines;
  for (const tampered of [
    [header, ...rest],
    [header, first],
    [header, first.replace('"teams.create"', '"teams.update"'), ...rest],
  ]) {
    assert.equal((await verify(tampered, '--key', key)).code, 1);
  }
  const whole = await exported();
  assert.equal((await verify([...lines.slice(0, -1), whole.at(-1) ?? ''], '--key', key)).code, 1);
});

test('an evidence bundle holds the log of a range and what was in force, and is checked without the hub', async () => {
  verifies('MV-REQ-072', 'CP-093');
  const bundle = join(folder, 'bundle');
  const made = await ada.run(['audit', 'bundle', bundle, '--from', '1d']);
  assert.equal(made.code, 0, made.err);
  const again = await ada.run(['audit', 'bundle', bundle]);
  assert.match(again.err, /is not empty/);
  const key = await publicKey();
  await hub.stop();
  const checked = await ada.run(['audit', 'verify', bundle, '--key', key]);
  assert.equal(checked.code, 0, checked.out);
  assert.match(checked.out, new RegExp(`^Intact: a bundle of org_\\w+, made by ${admin.email} on \\d{4}-`));
  assert.match(await readFile(join(bundle, 'README.md'), 'utf8'), new RegExp(`Made by ${admin.email}`));
  const roles = JSON.parse(await readFile(join(bundle, 'roles.json'), 'utf8')) as { id: string }[];
  assert.ok(roles.some(({ id }) => id === 'auditor'));
  const names = await readdir(bundle);
  for (const name of ['audit.jsonl', 'bundle.json', 'policies.json', 'grants.json', 'keys.json', 'members.json']) {
    assert.ok(names.includes(name), name);
  }
  for (const name of names) {
    const file = join(bundle, name);
    const text = await readFile(file, 'utf8');
    await writeFile(
      file,
      text.replace(/[a-e](?=[^a-e]*$)/, (letter) => (letter === 'a' ? 'b' : 'a')),
    );
    const { code, out } = await ada.run(['audit', 'verify', bundle, '--key', key]);
    assert.deepEqual([name, code], [name, text === (await readFile(file, 'utf8')) ? 0 : 1], out);
    await writeFile(file, text);
  }
  await writeFile(join(bundle, 'more.json'), '{}');
  assert.match((await ada.run(['audit', 'verify', bundle, '--key', key])).out, /more\.json was added/);
  await hub.restart();
});

test('entries that are changed, dropped, exchanged or added are found, and the first of them is named', async () => {
  const lines = await exported();
  const key = await publicKey();
  const at = lines.findIndex((line) => (JSON.parse(line) as Line).action === 'teams.create');
  const { sequence } = JSON.parse(lines[at] ?? '') as Line;
  const changed = (lines[at] ?? '').replace('"teams.create"', '"teams.update"');
  const attempts = {
    changed: lines.with(at, changed),
    dropped: lines.toSpliced(at, 1),
    exchanged: lines.toSpliced(at, 2, lines[at + 1] ?? '', lines[at] ?? ''),
    added: lines.toSpliced(at, 0, changed),
  };
  for (const [how, tampered] of Object.entries(attempts)) {
    const { code, out } = await verify(tampered, '--key', key);
    assert.equal(code, 1, how);
    assert.match(out, new RegExp(`^Broken at line ${at + 1}, entry ${sequence}\\b`), how);
  }
  const cut = await verify(lines.slice(0, at), '--key', key);
  assert.equal(cut.code, 1);
  assert.match(cut.out, /the end is missing/);
  const missing = await ada.run(['audit', 'verify', join(folder, 'none.jsonl')]);
  assert.equal(missing.code, 2);
});

test('the hub checks its own log, and members may not read it', async () => {
  const own = await ada.json<{ intact: boolean; entries: number; problem: null }>(['audit', 'verify']);
  assert.deepEqual([own.intact, own.problem], [true, null]);
  const { items } = await ada.json<{ items: { action: string; sequence: number }[] }>([
    'audit',
    'list',
    '--action',
    'teams.create',
  ]);
  assert.equal(items.length, 5);
  const invited = await hub.api<{ invitation: { url: string } }>('POST', '/api/v1/members', {
    email: 'grace@example.com',
    name: 'Grace',
  });
  const link = new URLSearchParams(new URL(invited.invitation.url).hash.slice(1)).get('link');
  const password = 'quite a long password';
  await hub.api('POST', '/api/v1/auth/links/accept', { link, password }, null);
  const { accessToken } = await hub.signIn('grace@example.com', password);
  for (const path of ['audit', 'audit/verify', 'audit/log?from=0&to=9']) {
    await assert.rejects(hub.api('GET', `/api/v1/${path}`, undefined, accessToken), /answered 403/);
  }
});

test(`${kills} times kill -9 while entries are written, and the chain holds`, async () => {
  let made = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    const write = async (lane: number): Promise<void> => {
      try {
        for (let n = 0; ; n += 1) {
          await hub.api('POST', '/api/v1/teams', { name: `k${kill}l${lane}n${n}` });
          made += 1;
        }
      } catch {
        return;
      }
    };
    const before = made;
    const lanes = [0, 1, 2, 3].map(write);
    while (made < before + 12) await setTimeout(10);
    await hub.kill();
    await Promise.all(lanes);
    await hub.restart();
  }
  assert.ok(made >= kills * 12);
  const { code, out } = await verify(await exported(), '--key', await publicKey());
  assert.equal(code, 0, out);
  const own = await ada.json<{ intact: boolean; entries: number }>(['audit', 'verify']);
  assert.equal(own.intact, true);
  assert.ok(own.entries >= made);
});
