// The bridge with the sign-in that the command line keeps, at the real hub: used, renewed, gone; and the hub stopped and
// started again under it.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { after, before, test } from 'node:test';
import { startBridge } from '../actors/bridge-process.ts';
import { type CommandLine, commandLine } from '../actors/command-line.ts';
import { actor } from '../actors/memory-gateway.ts';
import { admin, type Hub, startHub } from '../actors/start-hub.ts';
import { verifies } from '../requirements.ts';

interface Stored {
  hubs: Record<string, { accessToken: string; accessExpiresAt: number }>;
}

let hub: Hub;
let ada: CommandLine;

before(async () => {
  hub = await startHub();
  ada = await commandLine(hub.url);
  await signIn();
  const transport = { type: 'stdio', command: process.execPath, args: [actor('rude-server.ts'), 'echo'] };
  await hub.api('POST', '/api/v1/mcp/servers', { name: 'echo', transport });
});

after(async () => {
  await ada?.[Symbol.asyncDispose]();
  await hub?.[Symbol.asyncDispose]();
});

async function signIn(): Promise<void> {
  const login = ['login', '--email', admin.email, '--password-stdin'];
  const { code, err } = await ada.run(login, { input: admin.password });
  assert.equal(code, 0, err);
}

/** Where that sign-in is kept, and which hub it is for, and nothing else. */
const asAda = () => ({ XDG_CONFIG_HOME: dirname(dirname(ada.credentials)), MCPVAULT_HUB: hub.url });
const call = { name: 'echo', arguments: { text: 'here' } };

async function stored(): Promise<Stored> {
  return JSON.parse(await readFile(ada.credentials, 'utf8')) as Stored;
}

test('the stored sign-in is used, and renewed where it has expired, without a word on stdout', async () => {
  verifies('CP-004');
  const before = await stored();
  const kept = before.hubs[hub.url];
  assert.ok(kept, 'a sign-in is stored');
  kept.accessExpiresAt = 0;
  await writeFile(ada.credentials, JSON.stringify(before));
  await using bridge = await startBridge(['echo'], asAda());
  assert.ok((await bridge.open()).result !== undefined);
  assert.match(JSON.stringify(await bridge.ask('tools/call', call)), /here/);
  assert.notEqual((await stored()).hubs[hub.url]?.accessToken, kept.accessToken);
  assert.equal(await bridge.end(), 0);
  assert.equal(bridge.err(), '');
});

test('a hub that stops and starts again is waited for, and the conversation goes on', async () => {
  await using bridge = await startBridge(['echo'], asAda());
  await bridge.open();
  await bridge.ask('tools/list');
  await hub.restart();
  assert.match(JSON.stringify(await bridge.ask('tools/call', call)), /here/);
  assert.match(bridge.err(), /session/);
});

test('signed out, the client reads how to sign in; signed in again, it goes on', async () => {
  await using bridge = await startBridge(['echo'], asAda());
  await ada.run(['logout']);
  const { error } = await bridge.open();
  assert.equal(error?.data?.code, 'unauthenticated');
  assert.match(error?.message ?? '', /mcpvault login --hub/);
  await signIn();
  assert.ok((await bridge.open()).result !== undefined);
});
