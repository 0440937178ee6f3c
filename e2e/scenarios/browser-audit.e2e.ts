// The audit page as an admin uses it: what people did, what clients called and its proof, where events are sent and what is wrong
// there, and whether calls may pass unrecorded.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, afterEach, before, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Browser, openBrowser, type Person } from '../actors/browser.ts';
import { eventually } from '../actors/eventually.ts';
import { admin, type Hub, startHub } from '../actors/start-hub.ts';

const rude = fileURLToPath(new URL('../actors/rude-server.ts', import.meta.url));

let browser: Browser;
let hub: Hub;
let ada: Person;

before(async () => {
  browser = await openBrowser();
  hub = await startHub({ env: { MCPVAULT_PRIVATE_NETWORKS: '127.0.0.0/8' } });
  ada = await browser.person();
  const transport = { type: 'stdio', command: process.execPath, args: [rude, 'echo'] };
  await hub.api('POST', '/api/v1/mcp/servers', { name: 'echo', transport, isolation: 'shared' });
  const { token } = await hub.createToken();
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    authorization: `Bearer ${token}`,
  };
  const send = (body: object): Promise<Response> =>
    fetch(hub.mcp('echo'), { method: 'POST', headers, body: JSON.stringify({ jsonrpc: '2.0', ...body }) });
  const clientInfo = { name: 'cursor', version: '1.2' };
  const opened = await send({
    id: 0,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo },
  });
  await opened.text();
  headers['mcp-session-id'] = opened.headers.get('mcp-session-id') ?? '';
  for (let id = 1; id <= 3; id += 1) {
    const called = await send({
      id,
      method: 'tools/call',
      params: { name: 'echo', arguments: { text: 'words of ours' } },
    });
    assert.match(await called.text(), /words of ours/);
  }
});
after(async () => {
  await browser?.[Symbol.asyncDispose]();
  await hub?.[Symbol.asyncDispose]();
});
afterEach(async (context) => {
  const { passed, name } = context as TestContext;
  if (!passed) await ada.screenshot(`failed-${name.replaceAll(/\W+/g, '-')}`);
});

test('calls are listed without what was said, and the proof of one is saved', async () => {
  const { page } = ada;
  await page.goto(`${hub.url}/sign-in`);
  await page.getByLabel('E-mail').fill(admin.email);
  await page.getByLabel('Password').fill(admin.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.goto(`${hub.url}/audit`);
  await page.getByRole('link', { name: 'servers.create' }).waitFor();
  await eventually(async () => {
    const calls = await hub.api<{ items: unknown[] }>('GET', '/api/v1/audit/calls?method=tools%2Fcall');
    return calls.items.length === 3;
  }, 'calls in the audit log');
  await page.getByRole('link', { name: 'Calls', exact: true }).click();
  await page.getByText('text: text 13').first().waitFor();
  assert.equal(await page.getByText('words of ours').count(), 0);
  const download = page.waitForEvent('download');
  await page
    .getByRole('button', { name: /Save the proof/ })
    .first()
    .click();
  const proof = JSON.parse(await readFile(await (await download).path(), 'utf8')) as { type: string };
  assert.equal(proof.type, 'proof');
  await page.getByRole('button', { name: 'Verify' }).click();
  await page.getByText('Intact').waitFor();
  await ada.assertAccessible('the calls of the audit log');
  await ada.screenshot('audit-calls');
});

test('a destination is added, tested, shown with what is wrong, paused and removed', async () => {
  const { page } = ada;
  await page.getByRole('link', { name: 'Destinations', exact: true }).click();
  await page.getByRole('button', { name: 'Add destination' }).click();
  await page.getByLabel('Name').fill('SIEM');
  await page.getByText('Syslog', { exact: true }).click();
  await page.getByLabel('Host').fill('127.0.0.1');
  await page.getByLabel('Port').fill('1');
  await page.getByLabel('TLS').uncheck();
  await page.getByLabel('Format').selectOption('ocsf');
  await page.getByLabel('Begin with the oldest entry there is').check();
  await ada.assertAccessible('adding a destination');
  await ada.screenshot('audit-add-destination');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByText('Not taken: nobody listens there (ECONNREFUSED)').waitFor();
  await page.getByText(/Start the receiver/).waitFor();
  await ada.assertAccessible('a destination that fails');
  await page.getByRole('button', { name: 'Test' }).click();
  await page.getByText('SIEM did not take the test event').first().waitFor();
  await ada.screenshot('audit-destinations');
  await page.getByRole('button', { name: 'Actions for SIEM' }).click();
  await page.getByRole('menuitem', { name: 'Pause' }).click();
  await page.getByText('off', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Actions for SIEM' }).click();
  await page.getByRole('menuitem', { name: 'Remove…' }).click();
  await page.getByRole('button', { name: 'Remove destination' }).click();
  await page.getByText('Sent nowhere').waitFor();
});

test('whether calls may pass unrecorded is chosen, and said where it is the hub’s own setting', async () => {
  const { page } = ada;
  await page.getByRole('link', { name: 'Rules', exact: true }).click();
  await page.getByText('This is the hub’s own setting').waitFor();
  await page.getByLabel('Best effort').click();
  await page.getByText('Calls pass without their record').first().waitFor();
  await page.getByText('This is the hub’s own setting').waitFor({ state: 'detached' });
  await ada.assertAccessible('the rules of the audit log');
  await ada.screenshot('audit-rules');
  const { mode } = await hub.api<{ mode: string }>('GET', '/api/v1/organization/audit');
  assert.equal(mode, 'best-effort');
  assert.deepEqual(ada.troubles(), []);
});
