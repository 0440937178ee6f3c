// The live list of messages under real traffic: it moves, stands still when asked, finds, and survives what happens to pages
// and hubs.
import assert from 'node:assert/strict';
import { after, afterEach, before, type TestContext, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { Page } from 'playwright-core';
import { type Browser, openBrowser, type Person } from '../actors/browser.ts';
import { eventually } from '../actors/eventually.ts';
import { type Connection, connectV1 } from '../actors/sdk-clients.ts';
import { admin, type Hub, startHub } from '../actors/start-hub.ts';
import { verifies } from '../requirements.ts';
import { type MessageLine, recorded } from './recorded.ts';

type Client = Connection<unknown> & { readonly client: { callTool(call: object): Promise<unknown> } };

let hub: Hub;
let browser: Browser;
let ada: Person;
let client: Client;

before(async () => {
  browser = await openBrowser();
  hub = await startHub({ example: true });
  ada = await browser.person();
  await serverIsReady('everything');
  const { token } = await hub.createToken();
  client = await connectV1(hub.mcp('everything'), { token });
  await signIn(ada.page);
});
after(async () => {
  await client?.close();
  await browser?.[Symbol.asyncDispose]();
  await hub?.[Symbol.asyncDispose]();
});
afterEach(async (context) => {
  const { passed, name } = context as TestContext;
  if (!passed) await ada.screenshot(`failed-${name.replaceAll(/\W+/g, '-')}`);
});

const echo = (message: string) => client.client.callTool({ name: 'echo', arguments: { message } });
const add = (a: number, b: number) => client.client.callTool({ name: 'get-sum', arguments: { a, b } });
const list = (page: Page) => page.getByRole('grid', { name: 'Messages, newest first' });
const rows = (page: Page, name: RegExp | string = /./) =>
  list(page)
    .getByRole('row', { name })
    .filter({ has: page.getByRole('gridcell') });
/** Waits until the list has drawn exactly so many rows. */
const shows = (page: Page, count: number, name?: RegExp) =>
  eventually(async () => (await rows(page, name).count()) === count, `a list of ${count}`);
const panel = (page: Page) => page.getByRole('complementary', { name: 'Message' });

test('a call appears the moment it happens, newest first', async () => {
  const { page } = ada;
  await page.goto(`${hub.url}/messages?method=tools/call`);
  await page.getByText('No message fits these filters').waitFor();
  await echo('first');
  await rows(page, /echo/).waitFor();
  await add(1, 2);
  await rows(page, /get-sum/).waitFor();
  await shows(page, 2);
  assert.match((await rows(page).first().textContent()) ?? '', /get-sum/);
  await ada.assertAccessible('the live list');
});

test('a paused list stands still and counts what arrives; resumed, it shows everything once', async () => {
  const { page } = ada;
  await page.getByRole('button', { name: 'Pause' }).click();
  const before = await rows(page).allTextContents();
  for (const n of [1, 2, 3]) await echo(`while paused ${n}`);
  await page.getByRole('button', { name: 'Show 3 new' }).waitFor();
  assert.deepEqual(await rows(page).allTextContents(), before);
  await ada.screenshot('paused');
  await page.keyboard.press('p');
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await shows(page, before.length + 3);
});

test('filters stand in the address, hold for what arrives live, and survive a reload', async () => {
  const { page } = ada;
  await page.goto(`${hub.url}/messages`);
  await rows(page).first().waitFor();
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await page.getByRole('combobox', { name: 'Server' }).fill('every');
  await page.getByRole('option', { name: 'everything' }).click();
  await page.getByLabel('Tool', { exact: true }).fill('get-sum');
  await page.keyboard.press('Enter');
  await ada.assertAccessible('the filters');
  await ada.screenshot('filters');
  await page.keyboard.press('Escape');
  await page.waitForURL(/server=everything.*tool=get-sum/);
  await page.reload();
  await shows(page, 1);
  await shows(page, 1, /get-sum/);
  await echo('does not fit');
  await add(3, 4);
  await shows(page, 2, /get-sum/);
  await shows(page, 2);
  await page.getByRole('button', { name: /Remove the filter tool/ }).click();
  await rows(page, /echo/).first().waitFor();
  await page.waitForURL((url) => !url.search.includes('tool='));
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.waitForURL(`${hub.url}/messages`);
});

test('text is searched at the hub and in what arrives', async () => {
  const { page } = ada;
  await page.goto(`${hub.url}/messages`);
  await rows(page).first().waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('GET-s');
  await page.waitForURL(/q=GET-s/);
  await shows(page, 2);
  await shows(page, 2, /get-sum/);
  await echo('not found');
  await add(5, 6);
  await shows(page, 3, /get-sum/);
  assert.equal(await rows(page, /echo/).count(), 0);
});

test('no mouse is needed: j and k move, Enter opens, Esc closes, and each open message has an address', async () => {
  const { page } = ada;
  await echo('open me');
  await recorded(hub, '?tool=echo&limit=1', ({ request }) => request?.delivered.includes('open me') ?? false);
  await page.goto(`${hub.url}/messages?method=tools/call`);
  await rows(page).first().waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  await panel(page).getByRole('heading', { name: 'echo' }).waitFor();
  await page.waitForURL(/open=msg_/);
  const address = page.url();
  await page.keyboard.press('j');
  await eventually(() => page.url() !== address);
  await page.keyboard.press('Escape');
  await panel(page).waitFor({ state: 'detached' });
  await page.goto(address);
  await panel(page).getByText('open me').first().waitFor();
  await ada.pressUntil(['o'], () => page.getByRole('heading', { name: 'echo', level: 1 }).isVisible());
  await ada.screenshot('message-page');
});

test('request and response stand side by side, and are copied as curl and JSON without a credential', async () => {
  const { page } = ada;
  const top = async (name: string) => (await page.getByRole('region', { name, exact: true }).boundingBox())?.y;
  await eventually(async () => (await top('Request')) === (await top('Response')), 'one height for both');
  await page.getByRole('button', { name: 'Copy as curl' }).click();
  const curl = await ada.copied((text) => text.includes('curl'));
  assert.match(curl, /\/mcp\/everything'/);
  assert.match(curl, /Bearer \$MCPVAULT_TOKEN/);
  assert.match(curl, /open me/);
  await page.getByRole('button', { name: 'Copy as JSON' }).click();
  const message = JSON.parse(await ada.copied((text) => text.startsWith('{'))) as { target: string };
  assert.equal(message.target, 'echo');
});

test('the redactions of a file are numbered, and a press on a number shows the place', async () => {
  verifies('TV-HUB-16');
  const { page } = ada;
  const { token } = await hub.createToken();
  await serverIsReady('filesystem');
  const files = await connectV1(hub.mcp('filesystem'), { token });
  await files.client.callTool({
    name: 'read_text_file',
    arguments: { path: `${hub.data}/sample-files/customers.csv` },
  });
  await files.close();
  await page.goto(`${hub.url}/messages?server=filesystem&redacted=yes`);
  await rows(page, /read_text_file/)
    .first()
    .click();
  const marks = panel(page).locator('mark');
  await marks.first().waitFor();
  await panel(page)
    .getByRole('button', { name: /^Show 12, in the response/ })
    .click();
  await panel(page).locator('mark[data-lit]').waitFor();
  assert.equal(await panel(page).locator('mark[data-lit] sup').first().textContent(), '12');
  await eventually(async () => {
    const place = await panel(page).locator('mark[data-lit]').first().boundingBox();
    return place !== null && place.y > 0 && place.y + place.height < 860;
  }, 'the place in sight');
  await ada.screenshot('redacted-file');
});

test('thousands of messages cost only what is in sight, and older ones come while scrolling', async () => {
  const { page } = ada;
  await page.goto(`${hub.url}/messages?method=tools/call&tool=echo`);
  await rows(page).first().waitFor();
  const before = await countRecorded();
  for (let n = 0; n < 260; n += 20) await Promise.all(Array.from({ length: 20 }, (_, of) => echo(`many ${n + of}`)));
  await eventually(async () => (await countRecorded()) === before + 260, 'the record of all');
  await page.reload();
  await rows(page).first().waitFor();
  assert.ok((await rows(page).count()) < 80, 'rows out of sight are not there');
  await list(page).focus();
  await ada.pressUntil(['End'], () => page.getByText(/^That is all: \d+ messages\.$/).isVisible());
  const said = Number(/\d+/.exec((await page.getByText(/^That is all/).textContent()) ?? '')?.[0]);
  assert.equal(said, before + 260);
  assert.equal(Number(await list(page).getAttribute('aria-rowcount')), said + 1);
});

test('who has scrolled away keeps their place while messages arrive', async () => {
  const { page } = ada;
  await page.goto(`${hub.url}/messages?method=tools/call`);
  await rows(page).first().waitFor();
  const places = () =>
    rows(page).evaluateAll((all: { id: string; getBoundingClientRect(): { y: number } }[]) =>
      Object.fromEntries(all.map((row) => [row.id, Math.round(row.getBoundingClientRect().y)])),
    );
  // Rows in sight are drawn after the frame has moved: what stood there before must not be taken for what stands there now.
  const first = await rows(page).first().getAttribute('id');
  await list(page).evaluate((frame: { scrollTop: number }) => {
    frame.scrollTop = 1500;
  });
  await page.locator(`[id="${first}"]`).waitFor({ state: 'detached' });
  let before = await places();
  for (let again = await places(); !isDeepStrictEqual(before, again); again = await places()) before = again;
  await echo('above 1');
  await echo('above 2');
  await page.getByRole('button', { name: '2 new' }).waitFor();
  await ada.assertAccessible('a list with news above');
  await ada.screenshot('news-above');
  const after = await places();
  const shared = Object.keys(before).filter((id) => id in after);
  assert.ok(shared.length > 10);
  for (const id of shared) assert.equal(after[id], before[id]);
  await page.getByRole('button', { name: '2 new' }).click();
  await rows(page).first().filter({ hasText: 'echo' }).waitFor();
  await page.getByRole('button', { name: '2 new' }).waitFor({ state: 'detached' });
});

test('at phone width a message opens on its own page, and the way back leads to the list', async () => {
  await using person = await browser.person({ phone: true, theme: 'dark' });
  const { page } = person;
  await signIn(page);
  await page.getByRole('navigation', { name: 'Main pages' }).getByRole('link', { name: 'Messages' }).click();
  await rows(page).first().waitFor();
  await person.screenshot('messages-phone-dark');
  await rows(page, /echo/).first().click();
  await page.getByRole('heading', { name: 'echo', level: 1 }).waitFor();
  await page.getByRole('region', { name: 'Response', exact: true }).waitFor();
  assert.equal(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth'), 0);
  await person.assertAccessible('a message at phone width');
  await person.screenshot('message-phone-dark');
  await page.goBack();
  await rows(page).first().waitFor();
  assert.deepEqual(person.troubles(), []);
});

test('the list is live again by itself after the hub was away, and shows what it missed', async () => {
  const { page } = ada;
  await page.goto(`${hub.url}/messages?method=tools/call`);
  await rows(page).first().waitFor();
  await client.close();
  await hub.restart();
  await serverIsReady('everything');
  const { token } = await hub.createToken();
  client = await connectV1(hub.mcp('everything'), { token });
  await add(77, 1);
  await page.getByRole('status').filter({ hasText: 'Live' }).first().waitFor({ timeout: 60_000 });
  await rows(page).first().filter({ hasText: 'get-sum' }).waitFor({ timeout: 30_000 });
  await echo('after the restart');
  await rows(page).first().filter({ hasText: 'echo' }).waitFor();
});

test('tabs share one sign-in: they refresh it side by side, and sign out together', async () => {
  verifies('MV-README-089', 'MV-README-090');
  await using person = await browser.person();
  await signIn(person.page);
  const tabs = [person.page, await person.tab(), await person.tab(), await person.tab()];
  for (let round = 0; round < 3; round += 1) {
    await Promise.all(tabs.map((tab) => tab.goto(`${hub.url}/account`)));
    // What only the hub can tell: a page that is left while it still exchanges its token would lose the new one.
    const told = (tab: Page) => tab.getByRole('main').getByText(admin.email, { exact: true }).first().waitFor();
    await Promise.all(tabs.map(told));
  }
  await person.page.getByRole('button', { name: 'Sign out', exact: true }).click();
  for (const tab of tabs) await tab.getByRole('heading', { name: 'Sign in' }).waitFor();
  assert.equal(await person.page.evaluate<string | null>("localStorage.getItem('mcpvault.refresh-token')"), null);
  await person.page.getByLabel('E-mail').fill(admin.email);
  await person.page.getByLabel('Password').fill(admin.password);
  await person.page.getByRole('button', { name: 'Sign in' }).click();
  await person.page.getByRole('heading', { name: 'Account' }).waitFor();
});

test('the palette leads anywhere, and the theme holds over a reload', async () => {
  const { page } = ada;
  await page.goto(hub.url);
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  const palette = () => page.getByRole('combobox', { name: 'Search' }).isVisible();
  await ada.pressUntil(['Control+k'], palette);
  await page.keyboard.type('filesys');
  await page.getByRole('option', { name: /filesystem/ }).waitFor();
  await ada.assertAccessible('the palette');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/servers\/srv_/);
  await ada.pressUntil(['Control+k'], palette);
  await page.keyboard.type('dark theme');
  await page.getByRole('option', { name: /filesystem/ }).waitFor({ state: 'detached' });
  await page.getByRole('option', { name: /dark theme/i }).waitFor();
  await page.keyboard.press('Enter');
  await eventually(async () => (await page.locator('html').getAttribute('data-theme')) === 'dark');
  await page.reload();
  await eventually(async () => (await page.locator('html').getAttribute('data-theme')) === 'dark');
  await page.getByRole('link', { name: 'Policies' }).waitFor();
  await ada.pressUntil(['g', 'p'], async () => page.url().endsWith('/policies'));
  await ada.pressUntil(['?'], () => page.getByRole('dialog', { name: 'Keyboard shortcuts' }).isVisible());
  await ada.assertAccessible('the shortcut sheet');
});

test('nothing went wrong in the console on the way, but for the hub that was away', () => {
  const others = ada.troubles().filter((trouble) => !/WebSocket|ERR_CONNECTION_REFUSED/.test(trouble));
  assert.deepEqual(others, []);
});

/** How many calls of `echo` the hub has in its record by now. */
async function countRecorded(): Promise<number> {
  let count = 0;
  for (let cursor: string | null = ''; cursor !== null; ) {
    const from: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: { items: MessageLine[]; next: string | null } = await hub.api(
      'GET',
      `/api/v1/messages?method=tools/call&tool=echo&limit=200${from}`,
    );
    count += page.items.length;
    cursor = page.next;
  }
  return count;
}

async function signIn(page: Page): Promise<void> {
  await page.goto(`${hub.url}/sign-in`);
  await page.getByLabel('E-mail').fill(admin.email);
  await page.getByLabel('Password').fill(admin.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
}

async function serverIsReady(name: string): Promise<void> {
  await eventually(async () => {
    const { status } = await hub.api<{ status: string }>('GET', `/api/v1/mcp/servers/${name}`);
    return status === 'ready';
  }, `the server ${name}`);
}
