// How the processes of a server are run, as an admin sees and changes it in the console.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Browser, openBrowser, type Person } from '../actors/browser.ts';
import { createBareClient } from '../actors/bare-client.ts';
import { eventually } from '../actors/eventually.ts';
import { actor } from '../actors/memory-gateway.ts';
import { admin, type Hub, startHub } from '../actors/start-hub.ts';

let hub: Hub;
let browser: Browser;
let ada: Person;

before(async () => {
  browser = await openBrowser();
  // Nothing on this PATH makes a sandbox.
  hub = await startHub({ env: { PATH: '/nowhere' } });
  const transport = { type: 'stdio', command: process.execPath, args: [actor('session-server.ts')] };
  await hub.api('POST', '/api/v1/mcp/servers', { name: 'pool', transport, isolation: 'shared' });
  ada = await browser.person();
});

after(async () => {
  await browser?.[Symbol.asyncDispose]();
  await hub?.[Symbol.asyncDispose]();
});

test('an admin sees what runs, asks for a sandbox and limits, and is told what cannot be had', async () => {
  const { page } = ada;
  const client = createBareClient(hub.mcp('pool'), (await hub.createToken()).token);
  await client.open();
  await page.goto(hub.url);
  await page.getByLabel('E-mail').fill(admin.email);
  await page.getByLabel('Password').fill(admin.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  const { id } = await hub.api<{ readonly id: string }>('GET', '/api/v1/mcp/servers/pool');
  await page.goto(`${hub.url}/servers/${id}?tab=settings`);
  await page.getByRole('heading', { name: 'Processes' }).waitFor();
  const table = page.getByRole('table', { name: 'Running processes' });
  await table.getByText('no sandbox').waitFor();
  await page.getByText('Sandbox, limits and pool').click();
  await page.getByLabel('A sandbox where there can be one').check();
  await page.getByLabel('Network').uncheck();
  await page.getByLabel('May read').fill('/opt/tools\n/srv/shared');
  await page.getByLabel('Memory, MiB').fill('much');
  await page.getByLabel('Processes in the pool').fill('3');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Give a whole number, or leave it empty').waitFor();
  await ada.assertAccessible('the settings of a server');
  await page.getByLabel('Memory, MiB').fill('');
  await page.getByLabel('Longest call, s').fill('60');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The hub’s machine cannot hold its processes as you asked').waitFor();
  await page.getByText('apt-get install bubblewrap').first().waitFor();
  await ada.screenshot('server-processes');
  type Shown = {
    readonly processes: { readonly sandbox: object; readonly limits: object; readonly connections: number };
  };
  await eventually(async () => {
    const { processes } = await hub.api<Shown>('GET', '/api/v1/mcp/servers/pool');
    return processes.connections === 3;
  }, 'the change');
  const { processes } = await hub.api<Shown>('GET', '/api/v1/mcp/servers/pool');
  assert.deepEqual(processes.sandbox, {
    mode: 'preferred',
    network: false,
    read: ['/opt/tools', '/srv/shared'],
    write: [],
  });
  const none = { memory: null, cpuSeconds: null, processes: null, lifeSeconds: null };
  assert.deepEqual(processes.limits, { ...none, callSeconds: 60 });
  client.close();
  assert.deepEqual(ada.troubles(), []);
});
