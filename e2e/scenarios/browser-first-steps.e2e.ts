// A newcomer's first minutes in the console: set up, add servers, connect a client, call a tool, see what was redacted and
// why; then a second person who may use one server and nothing more.
import assert from 'node:assert/strict';
import { after, afterEach, before, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { type Browser, openBrowser, type Person } from '../actors/browser.ts';
import { connectV1 } from '../actors/sdk-clients.ts';
import { type Hub, startHub } from '../actors/start-hub.ts';
import { verifies } from '../requirements.ts';

let hub: Hub;
let browser: Browser;
let ada: Person;

const card = '4242 4242 4242 4242';
const password = 'a long walk along the river';
const everything = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'));

before(async () => {
  // First the browser, which builds the console; the hub reads it once, when it starts.
  browser = await openBrowser();
  // Without an admin given beforehand, the hub prints a set-up link.
  hub = await startHub({ env: { MCPVAULT_ADMIN_EMAIL: '', MCPVAULT_ADMIN_PASSWORD: '' } });
  ada = await browser.person();
});
after(async () => {
  await browser?.[Symbol.asyncDispose]();
  await hub?.[Symbol.asyncDispose]();
});

afterEach(async (context) => {
  const { passed, name } = context as TestContext;
  if (!passed) await ada.screenshot(`failed-${nameOf(`/${name}`)}`);
});

test('the set-up link makes the first admin, and leaves the address bar at once', async () => {
  const { page } = ada;
  const link = /http\S+\/setup#link=\S+/.exec(hub.output())?.[0];
  assert.ok(link, 'the hub printed a set-up link');
  await page.goto(link);
  await page.getByRole('heading', { name: 'Set up MCPVault' }).waitFor();
  await page.waitForURL(`${hub.url}/setup`);
  await ada.assertAccessible('the set-up page');
  await ada.screenshot('setup');
  await page.getByLabel('Organization').fill('Analytical Engines');
  await page.getByLabel('Your name').fill('Ada Lovelace');
  await page.getByLabel('E-mail').fill('ada@example.com');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Create and sign in' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.getByText('Analytical Engines').first().waitFor();
  await page.getByText('0 of 4 done').waitFor();
  await page.goBack();
  assert.ok(!page.url().includes('link='), 'the link is not in the history');
});

test('a used set-up link says so', async () => {
  await using other = await browser.person();
  const link = /http\S+\/setup#link=\S+/.exec(hub.output())?.[0];
  await other.page.goto(link ?? '');
  await other.page.getByRole('heading', { name: 'This link does not work' }).waitFor();
  await other.page.getByRole('link', { name: 'Go to sign-in' }).click();
  await other.page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await other.page.getByLabel('E-mail').fill('ada@example.com');
  await other.page.getByLabel('Password').fill('not her password');
  await other.page.getByRole('button', { name: 'Sign in' }).click();
  await other.page.getByRole('alert').waitFor();
});

test('a pasted configuration is read, and its server becomes ready', async () => {
  verifies('MV-README-092', 'MV-README-035');
  const { page } = ada;
  await page.goto(hub.url);
  await page.getByRole('button', { name: 'Add a server' }).waitFor();
  await page.getByRole('link', { name: 'Add a server' }).click();
  const configuration = page.getByLabel('Configuration', { exact: true });
  await configuration.fill('{ "mcpServers": { "everything": ');
  await page.getByText('The text is not complete JSON.').waitFor();
  await configuration.fill(
    JSON.stringify({
      mcpServers: {
        Everything: { command: process.execPath, args: [everything, 'stdio'], env: { API_KEY: 'not-for-eyes' } },
        broken: { command: '/no/such/program' },
      },
    }),
  );
  await page.getByRole('heading', { name: '2 servers found' }).waitFor();
  await page.getByText('1 value to seal').waitFor();
  await ada.assertAccessible('the dialog to add servers');
  await ada.screenshot('add-servers');
  await page.getByRole('button', { name: 'Add 2 servers' }).click();
  const table = page.getByRole('table', { name: 'Servers' });
  await table
    .getByRole('row', { name: /everything/ })
    .getByText('Ready')
    .waitFor();
  const broken = table.getByRole('row', { name: /broken/ });
  await broken.getByText('Unavailable').waitFor();
  await ada.screenshot('servers');
  await broken.getByRole('link', { name: 'broken' }).click();
  await page.getByRole('button', { name: 'Check again' }).waitFor();
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Retire…' }).click();
  await page.getByLabel(/to go on/).fill('broken');
  await page.getByRole('button', { name: 'Retire server' }).click();
  await page.getByRole('table', { name: 'Servers' }).waitFor();
  await page.getByRole('link', { name: 'broken' }).waitFor({ state: 'detached' });
});

test('the secret of a server is never shown again, and survives a change beside it', async () => {
  const { page } = ada;
  await page.goto(`${hub.url}/servers/everything?tab=settings`);
  const value = page.getByLabel('Value of API_KEY');
  assert.equal(await value.inputValue(), '');
  assert.equal(await value.getAttribute('placeholder'), 'stored; type to replace');
  await page.getByLabel('One process for each member').check();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('everything is saved').waitFor();
  const { items } = await toolsOf(page);
  assert.ok(items > 0, 'the server still answers');
  assert.ok(!(await page.content()).includes('not-for-eyes'));
});

test('a policy is written in the console', async () => {
  const { page } = ada;
  await page.goto(`${hub.url}/policies`);
  await page.getByRole('link', { name: 'Add policy' }).first().click();
  const form = page.getByRole('group', { name: 'The policy as a form' });
  await form.getByLabel('Name', { exact: true }).fill('Keep cards out');
  await form.getByLabel('Reason').fill('Card numbers have no business here.');
  await form.getByLabel('All secrets').uncheck();
  await form.getByLabel('All payment cards').check();
  await ada.screenshot('policy');
  await page.getByRole('button', { name: 'Save…' }).click();
  await page.getByRole('button', { name: 'Save policy' }).click();
  await page.getByRole('heading', { name: 'Keep cards out' }).waitFor();
  await page.getByText('Version 1').first().waitFor();
  await page.goto(`${hub.url}/policies`);
  await page
    .getByRole('row', { name: /Keep cards out/ })
    .getByText('Redacts when it finds payment cards.')
    .waitFor();
});

test('a client connects with the configuration from the checklist, which ticks itself off', async () => {
  verifies('MV-README-031', 'MV-REQ-074', 'CP-080');
  const { page } = ada;
  await page.goto(hub.url);
  await page.getByText('1 of 4 done').waitFor();
  await ada.screenshot('first-steps');
  await page.getByLabel('Your client').selectOption({ label: 'Cursor' });
  await page.getByRole('button', { name: 'Make a token and show the configuration' }).click();
  const shown = page.getByRole('region', { name: 'Configuration for Cursor' });
  const entry = JSON.parse((await shown.textContent()) ?? '') as {
    mcpServers: { mcpvault: { url: string; headers: Record<string, string> } };
  };
  await page.getByRole('button', { name: 'Copy configuration for cursor' }).click();
  const copied = await ada.copied((text) => text.includes('mcpServers'));
  assert.deepEqual(JSON.parse(copied), entry);
  await ada.assertAccessible('the overview with a configuration');

  const { url, headers } = entry.mcpServers.mcpvault;
  const { client, close } = await connectV1(url, { headers });
  await page.getByRole('button', { name: /^Connect your client ?, done$/ }).waitFor();
  const result = await client.callTool({ name: 'everything__echo', arguments: { message: `my card is ${card}` } });
  await close();
  assert.ok(!JSON.stringify(result).includes(card), 'the client gets it back without the card');
  await page.getByRole('heading', { name: 'Everything works' }).waitFor();
  await ada.screenshot('overview');
});

test('the call is there with its redaction highlighted, and the policy that did it', async () => {
  verifies('TV-HUB-81', 'TV-HUB-16');
  const { page } = ada;
  await page.getByRole('link', { name: 'redactions' }).click();
  await page.getByRole('row', { name: /echo/ }).first().click();
  const panel = page.getByRole('complementary', { name: 'Message' });
  const request = panel.getByRole('region', { name: 'Request', exact: true });
  // The detector’s name comes after the message.
  const mark = request.locator('mark').filter({ hasText: card });
  await mark.filter({ hasText: 'Payment card number, policy “Keep cards out”' }).waitFor();
  await panel.getByRole('link', { name: 'Keep cards out' }).first().waitFor();
  await panel.getByText('Card numbers have no business here.').waitFor();
  await ada.assertAccessible('an open message');
  await ada.screenshot('message');
  await request.getByText('Delivered', { exact: true }).click();
  await request.locator('mark').filter({ hasText: '[redacted:payment-card]' }).waitFor();
  assert.ok(!((await request.textContent()) ?? '').includes(card), 'what was delivered holds no card');
});

test('a tool is tried from the console through the same endpoint, and the call is on record', async () => {
  const { page } = ada;
  await page.goto(`${hub.url}/servers/everything?tool=get-sum`);
  await page.getByLabel('a', { exact: true }).fill('2');
  await page.getByLabel('b', { exact: true }).fill('forty');
  await page.getByRole('button', { name: 'Call get-sum' }).click();
  await page.getByText('This is not a number.').waitFor();
  await page.getByLabel('b', { exact: true }).fill('40');
  await page.getByRole('button', { name: 'Call get-sum' }).click();
  await page.getByText('The sum of 2 and 40 is 42.').waitFor();
  await ada.assertAccessible('a tool that was tried');
  await ada.screenshot('try-tool');
  await page.getByRole('link', { name: 'See the recorded message' }).click();
  await page.getByRole('heading', { name: 'get-sum', level: 1 }).waitFor();
  assert.match((await page.getByRole('region', { name: 'Request, original' }).textContent()) ?? '', /"b": ?40/);
});

test('someone invited sees and uses what was granted to them, and nothing else', async () => {
  verifies('TV-HUB-06', 'TV-HUB-09', 'TV-HUB-11');
  const { page } = ada;
  await page.goto(`${hub.url}/members?invite=true`);
  await page.getByLabel('Name').fill('Grace Hopper');
  await page.getByLabel('E-mail').fill('grace@example.com');
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  const link = (await page.getByRole('region', { name: 'One-time link' }).textContent()) ?? '';
  await page.getByRole('button', { name: 'Done' }).click();

  await using grace = await browser.person({ theme: 'dark' });
  await grace.page.goto(link.trim());
  await grace.page.getByRole('heading', { name: /invited to Analytical Engines/ }).waitFor();
  await grace.page.getByLabel('Password').fill(password);
  await grace.page.getByRole('button', { name: 'Accept and sign in' }).click();
  await grace.page.getByRole('heading', { name: 'Overview' }).waitFor();
  const places = grace.page.getByRole('navigation', { name: 'Pages' }).getByRole('link');
  // Account is there before the hub has said who this is.
  await places.filter({ hasText: 'Policies' }).waitFor();
  assert.deepEqual(await places.allTextContents(), [
    'Overview',
    'Messages',
    'Servers',
    'Service accounts',
    'Approvals',
    'Policies',
    'Workstations',
    'Detectors',
    'Tokens',
    'Account',
  ]);
  await grace.page.goto(`${hub.url}/servers`);
  await grace.page.getByText('Nothing was granted to you yet').waitFor();

  await page.goto(`${hub.url}/grants?add=true`);
  await page.getByLabel('Member', { exact: true }).fill('grace');
  await page.getByRole('option', { name: /Grace Hopper/ }).click();
  await page.getByLabel('Server', { exact: true }).fill('every');
  await page.getByRole('option', { name: 'everything' }).click();
  await page.getByLabel('Only these').check();
  await page.getByLabel('Tools', { exact: true }).fill('echo');
  await page.getByRole('option', { name: 'echo', exact: true }).click();
  await ada.assertAccessible('the dialog to add a grant');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Add grant' }).last().click();
  await page.getByText('grace@example.com may use everything').waitFor();

  await grace.page.getByRole('link', { name: 'everything' }).click();
  const tools = grace.page.getByRole('listitem').filter({ hasText: 'Echoes back the input' });
  await tools.waitFor();
  assert.equal(await grace.page.getByRole('button', { name: /^get-/ }).count(), 0, 'other tools are not listed');
  assert.equal(await grace.page.getByRole('link', { name: 'Settings' }).count(), 0);
  await grace.page.getByLabel('message').fill(`the card ${card}`);
  await grace.page.getByRole('button', { name: 'Call echo' }).click();
  await grace.page.getByRole('link', { name: 'See the recorded message' }).click();
  await grace.page.getByText('Originals are for those who may read them.').first().waitFor();
  assert.ok(!(await grace.page.content()).includes(card), 'a member sees what was delivered only');
  await grace.assertAccessible('a message as a member sees it');
  await grace.screenshot('member-message-dark');
  assert.deepEqual(grace.troubles(), []);

  await page.getByRole('button', { name: /^Take back everything/ }).click();
  await page.getByText('grace@example.com can no longer use everything').waitFor();
  await grace.page.goto(`${hub.url}/servers`);
  await grace.page.getByText('Nothing was granted to you yet').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await grace.page.getByRole('link', { name: 'everything' }).waitFor();
});

test('every page is accessible in both themes and at both widths', async () => {
  verifies('MV-REQ-104', 'CP-083');
  const paths = [
    '/',
    '/messages',
    '/servers',
    '/servers/everything',
    '/servers/everything?tab=traffic',
    '/servers/everything?tab=access',
    '/servers/everything?tab=settings',
    '/servers/everything?tab=logs',
    '/members',
    '/teams',
    '/roles',
    '/grants',
    '/policies',
    '/policies?edit=new',
    '/detectors',
    '/workstations',
    '/tokens',
    '/tokens?make=true',
    '/audit',
    '/organizations',
    '/account',
    '/nowhere',
  ];
  for (const theme of ['light', 'dark'] as const) {
    for (const phone of [false, true]) {
      await using person = await browser.person({ theme, phone });
      await signIn(person.page);
      for (const path of paths) {
        const what = `${path} (${theme}, ${phone ? 'phone' : 'desktop'})`;
        await person.page.goto(hub.url + path);
        await person.page.getByRole('heading').first().waitFor();
        await person.page
          .getByRole('status', { name: /^Loading/ })
          .first()
          .waitFor({ state: 'detached' });
        await person.assertAccessible(what);
        assert.equal(await overflow(person.page), 0, `${what} fits its width`);
        await person.screenshot(`page-${nameOf(path)}-${theme}${phone ? '-phone' : ''}`);
      }
      assert.deepEqual(person.troubles(), []);
    }
  }
});

test('nothing went wrong in the console on the way', () => {
  assert.deepEqual(ada.troubles(), []);
});

async function signIn(page: Page): Promise<void> {
  await page.goto(`${hub.url}/sign-in`);
  await page.getByLabel('E-mail').fill('ada@example.com');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
}

async function toolsOf(page: Page): Promise<{ items: number }> {
  await page.goto(`${hub.url}/servers/everything`);
  await page.getByRole('button', { name: /^echo/ }).waitFor();
  return { items: await page.locator('.tools-list li').count() };
}

/** Pixels that the page is wider than the window. */
function overflow(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

function nameOf(path: string): string {
  return path === '/' ? 'overview' : path.slice(1).replaceAll(/[^a-z]+/g, '-');
}
