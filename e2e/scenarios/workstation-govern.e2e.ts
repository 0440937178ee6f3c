// A server of this computer, reached by real clients from the entry that was rewritten: what passes is judged, changed and
// written down here, by the person's own policies, without any hub.
import assert from 'node:assert/strict';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { connectV1, connectV2 } from '../actors/sdk-clients.ts';
import { type WorkstationHome, workstationHome } from '../actors/workstation-home.ts';
import { eventually, textOf } from '../actors/eventually.ts';

const everything = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'));
const secret = 'ghp_EXAMPLEexampleEXAMPLEexample0123456789';

const redactSecrets = `name: Secrets
reason: Secrets stay on this computer.
detectors: [secrets]
actions: [{ type: redact, style: label }, { type: alert }]
`;
const noSums = `name: No sums
reason: Sums are for people.
scope: { tools: [get-sum] }
actions: [{ type: refuse }]
`;

async function adopted(policies: string | null): Promise<WorkstationHome> {
  const home = await workstationHome();
  const entry = { command: process.execPath, args: [everything] };
  await home.write('.cursor/mcp.json', JSON.stringify({ mcpServers: { tools: entry } }));
  if (policies !== null) await home.write('mcpvault/policies.yaml', policies);
  const done = await home.line.run(['workstation', 'adopt', '--yes']);
  assert.equal(done.code, 0, done.err);
  return home;
}

test('a client started from its rewritten config gets a secret redacted, a reason for what is refused, and no list of it', async () => {
  await using home = await adopted(`${redactSecrets}---\n${noSums}`);
  for (const connect of [connectV1, connectV2]) {
    const { client, close } = await connect(await home.entry('.cursor/mcp.json', 'tools'));
    const { tools } = await client.listTools();
    const names = tools.map(({ name }) => name);
    assert.ok(names.includes('echo') && !names.includes('get-sum'), names.join());
    const echoed = await client.callTool({ name: 'echo', arguments: { message: `my key is ${secret}` } });
    assert.match(textOf(echoed), /my key is \[redacted:github-token\]/);
    await assert.rejects(
      async () => client.callTool({ name: 'get-sum', arguments: { a: 1, b: 2 } }),
      /Sums are for people/,
    );
    await close();
  }
  const journals = join(home.path('mcpvault'), 'workstation', 'journals');
  const folders = await readdir(journals);
  assert.ok(folders.length >= 2, 'each bridge keeps a journal of its own');
  let bytes = 0;
  for (const folder of folders) {
    assert.equal((await stat(join(journals, folder))).mode & 0o777, 0o700);
    for (const name of await readdir(join(journals, folder))) {
      const content = await readFile(join(journals, folder, name));
      bytes += content.length;
      assert.ok(!content.includes(secret), 'no file holds the secret in clear');
      assert.ok(!content.includes('my key is'), 'and nothing else of the message');
    }
  }
  assert.ok(bytes > 0);
});

test('policies that change hold for conversations that are under way, and broken ones close the server', async () => {
  await using home = await adopted(null);
  const { client, close } = await connectV1(await home.entry('.cursor/mcp.json', 'tools'));
  try {
    const echo = async (): Promise<string> =>
      client.callTool({ name: 'echo', arguments: { message: secret } }).then(textOf, (error: Error) => error.message);
    assert.match(await echo(), new RegExp(secret));
    await home.write('mcpvault/policies.yaml', redactSecrets);
    await eventually(async () => /redacted/.test(await echo()));
    await home.write('mcpvault/policies.yaml', 'name: [');
    await eventually(async () => /policies\.yaml/.test(await echo()));
    await rm(home.path('mcpvault/policies.yaml'));
    await eventually(async () => (await echo()).includes(secret));
  } finally {
    await close();
  }
});

test('a call is answered with what the server says of itself when it ends, and the client hears that it is gone', async () => {
  await using home = await workstationHome();
  const dies = `process.stdin.once('data', () => { process.stderr.write('no licence\\n'); process.exit(3); })`;
  await home.write(
    '.cursor/mcp.json',
    JSON.stringify({ mcpServers: { dies: { command: process.execPath, args: ['-e', dies] } } }),
  );
  assert.equal((await home.line.run(['workstation', 'adopt', '--yes'])).code, 0);
  await assert.rejects(
    async () => connectV1(await home.entry('.cursor/mcp.json', 'dies')),
    /exit code 3|ended|closed/i,
  );
});

test('the page of this computer shows what passed and what was changed, to nobody but who has its whole address', async () => {
  await using home = await adopted(redactSecrets);
  const { client, close } = await connectV1(await home.entry('.cursor/mcp.json', 'tools'));
  await client.callTool({ name: 'echo', arguments: { message: secret } }).finally(close);
  const open = home.line.start(['workstation', 'open', '--no-browser']);
  await open.wrote(/#\S+/);
  const address = new URL(open.out().trim());
  const ask = (key: string): Promise<Response> =>
    fetch(new URL('/state', address), { headers: { authorization: `Bearer ${key}` } });
  assert.equal((await ask('guessed')).status, 401);
  const state = await (await ask(address.hash.slice(1))).text();
  assert.match(state, /workstation: Secrets stay on this computer/);
  assert.match(state, /"alerts":\["Secrets"/);
  assert.match(state, /"state":"managed"/);
  assert.ok(!state.includes(secret));
  open.child.kill('SIGTERM');
  assert.equal(await open.ended(), 0);
});
