import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { RunTool } from './run-tool.ts';
import { findVault, vaultOf } from './secret-vault.ts';
import { openVault } from './open-vault.ts';

/** The tools of three operating systems, as far as they are used, with one store behind them. */
function tools(has: 'secret-tool' | 'security' | 'powershell.exe' | null) {
  const kept = new Map<string, string>();
  const commandLines: string[] = [];
  const run: RunTool = async (command, args, input) => {
    commandLines.push([command, ...args].join(' '));
    const fails = { code: 1, out: '' };
    if (command !== has) return { code: null, out: '' };
    const says = (out: string | undefined) => (out === undefined ? fails : { code: 0, out: `${out}\n` });
    if (command === 'secret-tool') {
      const [does] = args;
      const name = args.at(-1) ?? '';
      if (does === 'store') kept.set(name, input);
      if (does === 'clear') kept.delete(name);
      return does === 'lookup' ? says(kept.get(name)) : { code: 0, out: '' };
    }
    if (command === 'security') {
      const added = /-a "([^"]+)" -w "([^"]+)"/.exec(input);
      if (args[0] === '-i' && added !== null) kept.set(added[1] ?? '', added[2] ?? '');
      const name = args[args.indexOf('-a') + 1] ?? '';
      if (args[0] === 'delete-generic-password') kept.delete(name);
      return args[0] === 'find-generic-password' ? says(kept.get(name)) : { code: 0, out: '' };
    }
    const turned = [...input.trim()].toReversed().join('');
    return { code: 0, out: args.at(-1)?.includes('::Protect') ? `${turned}=` : turned.slice(1) };
  };
  return { run, kept, commandLines };
}

async function folder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'mcpvault-vault-'));
}

const secret = 'mcpw_hush-hush';

for (const [platform, tool, kind] of [
  ['linux', 'secret-tool', 'secret-service'],
  ['macos', 'security', 'keychain'],
  ['windows', 'powershell.exe', 'dpapi'],
] as const) {
  test(`on ${platform} secrets lie in its keychain, never on a command line and never in clear in a file`, async () => {
    const home = await folder();
    const { run, commandLines } = tools(tool);
    const vault = await findVault(platform, { run, folder: home });
    assert.equal(vault.kind, kind);
    assert.equal(await vault.get('credential'), undefined);
    await vault.set('credential', secret);
    assert.equal(await vault.get('credential'), secret);
    for (const line of commandLines) assert.ok(!line.includes(secret), line);
    for (const name of await readdir(home)) assert.ok(!(await readFile(join(home, name), 'utf8')).includes(secret));
    await vault.remove('credential');
    assert.equal(await vault.get('credential'), undefined);
    await rm(home, { recursive: true });
  });
}

test('where there is no keychain, secrets lie in files that only their owner may read', async () => {
  const home = await folder();
  const vault = await findVault('linux', { run: tools(null).run, folder: home });
  assert.equal(vault.kind, 'file');
  await vault.set('credential', secret);
  assert.equal(await vault.get('credential'), secret);
  assert.equal((await stat(join(home, 'credential.secret'))).mode & 0o777, 0o600);
  await rm(home, { recursive: true });
});

test('a keychain that appears later is not looked into: secrets stay where they were put', async () => {
  const home = await folder();
  const before = await openVault({ run: tools(null).run, folder: home, platform: 'linux', usesKeychain: true });
  await before.set('credential', secret);
  const after = await openVault({ run: tools('secret-tool').run, folder: home, platform: 'linux', usesKeychain: true });
  assert.equal(after.kind, 'file');
  assert.equal(await after.get('credential'), secret);
  await rm(home, { recursive: true });
});

test('a name or value that could say something else to a tool is not handed to one', async () => {
  const { run, commandLines } = tools('security');
  const vault = vaultOf('keychain', { run, folder: '/nowhere' });
  await assert.rejects(vault.set('credential', 'a" -w "b'));
  await assert.rejects(vault.get('x -s other'));
  assert.deepEqual(commandLines, []);
});
