// A member signs in at a server through the console, uses it, and is told when the sign-in has ended.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createBareClient } from '../actors/bare-client.ts';
import { type Browser, openBrowser, type Person } from '../actors/browser.ts';
import { type GuardedServer, startGuardedServer } from '../actors/guarded-server.ts';
import { admin, type Hub, startHub } from '../actors/start-hub.ts';

let hub: Hub;
let server: GuardedServer;
let browser: Browser;
let ada: Person;

before(async () => {
  browser = await openBrowser();
  server = await startGuardedServer();
  hub = await startHub();
  const transport = { type: 'streamable-http', url: server.url, era: 'legacy', auth: { mode: 'per-member' } };
  await hub.api('POST', '/api/v1/mcp/servers', { name: 'tickets', transport });
  ada = await browser.person();
});

after(async () => {
  await browser?.[Symbol.asyncDispose]();
  await hub?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

test('a member is led from a refused call to the sign-in and back, and signs out again', async () => {
  const { page } = ada;
  const { token } = await hub.createToken();
  const client = createBareClient(hub.mcp('tickets'), token);
  await client.open();
  const call = async () => (await client.call('tools/call', { name: 'whoami', arguments: {} })).body.toString();
  const refused = await call();
  assert.match(refused, /not signed in at ..tickets.. yet/);
  const link = /http:\/\/[^ "\\]+\/connect\/tickets/.exec(refused)?.[0] ?? assert.fail(refused);

  await page.goto(link);
  await page.getByLabel('E-mail').fill(admin.email);
  await page.getByLabel('Password').fill(admin.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByText('Not connected').waitFor();
  await ada.assertAccessible('the page at which a server is connected');
  await ada.screenshot('connect-server');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.getByRole('heading', { name: 'tickets' }).waitFor();
  await page.getByText('Connected', { exact: true }).first().waitFor();
  assert.ok(!page.url().includes('code='), 'the code does not stay in the address');
  await ada.assertAccessible('a server that is connected');
  await ada.screenshot('server-connected');
  assert.match(await call(), /you are signed in/);
  assert.ok(!server.heard.includes(`Bearer ${token}`), 'the token of the client goes nowhere else');

  server.forgetAll();
  assert.match(await call(), /does not work any more/);
  await page.getByText('Broken').waitFor();
  await page.getByRole('button', { name: 'Reconnect' }).waitFor();
  await ada.screenshot('server-connection-broken');
  await page.getByRole('button', { name: 'Reconnect' }).click();
  await page.getByText('Connected', { exact: true }).first().waitFor();
  assert.match(await call(), /you are signed in/);

  await page.goto(`${hub.url}/account`);
  await page.getByRole('button', { name: 'Disconnect tickets' }).waitFor();
  await ada.assertAccessible('the account page with connections');
  await ada.screenshot('account-connections');
  await page.getByRole('button', { name: 'Disconnect tickets' }).click();
  await page.getByRole('button', { name: 'Disconnect', exact: true }).click();
  await page.getByText('Not connected').waitFor();
  assert.match(await call(), /not signed in/);
  assert.deepEqual(ada.troubles(), []);
});
