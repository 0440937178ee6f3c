// The page of limits: an admin makes one, sees what is used of it, lets it rest and takes it away, and calls follow at once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type BareClient, createBareClient } from '../actors/bare-client.ts';
import { type Browser, openBrowser, type Person } from '../actors/browser.ts';
import { actor } from '../actors/memory-gateway.ts';
import { admin, type Hub, startHub } from '../actors/start-hub.ts';
import { serverReady } from './access-steps.ts';

let hub: Hub;
let browser: Browser;
let ada: Person;
let client: BareClient;

before(async () => {
  browser = await openBrowser();
  hub = await startHub();
  const transport = { type: 'stdio', command: process.execPath, args: [actor('rude-server.ts'), 'exact'] };
  await hub.api('POST', '/api/v1/mcp/servers', { name: 'tools', transport });
  await serverReady(hub, 'tools');
  client = createBareClient(hub.mcp('tools'), (await hub.createToken()).token);
  await client.open();
  ada = await browser.person();
  const { page } = ada;
  await page.goto(`${hub.url}/limits`);
  await page.getByLabel('E-mail').fill(admin.email);
  await page.getByLabel('Password').fill(admin.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
});
after(async () => {
  await browser?.[Symbol.asyncDispose]();
  await hub?.[Symbol.asyncDispose]();
});

const call = () => client.call('tools/call', { name: 'echo', arguments: { text: 'heard' } });

test('a limit that an admin makes holds from the next call on, and the page shows what is used of it', async () => {
  const { page } = ada;
  await page.getByRole('heading', { name: 'No limits' }).waitFor();
  await page.getByRole('button', { name: 'Add limit' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Add a limit' });
  await dialog.getByLabel('Name').fill('Two a day');
  await dialog.getByLabel('Calls', { exact: true }).fill('2');
  await dialog.getByLabel('In each').selectOption('day');
  await ada.assertAccessible('a limit that is being made');
  await dialog.getByRole('button', { name: 'Add limit' }).click();
  await page.getByRole('table', { name: 'Limits' }).getByText('Two a day', { exact: true }).waitFor();
  await page.getByText('2 a day', { exact: true }).waitFor();
  for (const status of [200, 200, 429]) assert.equal((await call()).status, status);
  await page.reload();
  await page.getByText('2 of 2', { exact: true }).waitFor();
  await ada.assertAccessible('the page of limits');
  await ada.screenshot('limits');
});

test('a limit rests while its switch is off, and one that is taken away is counted no more', async () => {
  const { page } = ada;
  const holds = page.getByRole('switch', { name: 'Two a day holds' });
  await holds.click();
  await page.getByRole('switch', { name: 'Two a day holds', checked: false }).waitFor();
  assert.equal((await call()).status, 200);
  await holds.click();
  await page.getByRole('switch', { name: 'Two a day holds', checked: true }).waitFor();
  assert.equal((await call()).status, 429);
  await page.getByRole('button', { name: 'Remove Two a day' }).click();
  await page.getByRole('button', { name: 'Remove limit' }).click();
  await page.getByRole('heading', { name: 'No limits' }).waitFor();
  assert.equal((await call()).status, 200);
});
