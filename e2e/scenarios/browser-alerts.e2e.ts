// The inbox of alerts as an admin works through it: from the keyboard, with what was found named and never shown, on a phone,
// and the routes over which people are told.
import assert from 'node:assert/strict';
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
  await signIn(ada);
});
after(async () => {
  await browser?.[Symbol.asyncDispose]();
  await hub?.[Symbol.asyncDispose]();
});
afterEach(async (context) => {
  const { passed, name } = context as TestContext;
  if (!passed) await ada.screenshot(`failed-${name.replaceAll(/\W+/g, '-')}`);
});

async function signIn({ page }: Person): Promise<void> {
  await page.goto(`${hub.url}/sign-in`);
  await page.getByLabel('E-mail').fill(admin.email);
  await page.getByLabel('Password').fill(admin.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
}

async function raiseSome(): Promise<void> {
  const transport = { type: 'stdio', command: process.execPath, args: [rude, 'echo'] };
  await hub.api('POST', '/api/v1/mcp/servers', { name: 'echo', transport, isolation: 'shared' });
  for (const [name, severity] of [
    ['alpha', 'critical'],
    ['beta', 'high'],
    ['gamma', 'medium'],
    ['delta', 'low'],
  ] as const) {
    await hub.api('POST', '/api/v1/policies/definitions', {
      ...{ name: `Sees ${name}`, reason: `${name} is looked at.`, severity, directions: ['call'] },
      ...{
        condition: `arguments.text.contains("${name}")`,
        actions: [{ type: 'alert', title: `Somebody said ${name}` }],
      },
    });
  }
  const { token } = await hub.createToken();
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    authorization: `Bearer ${token}`,
  };
  const send = (body: object): Promise<Response> =>
    fetch(hub.mcp('echo'), { method: 'POST', headers, body: JSON.stringify({ jsonrpc: '2.0', ...body }) });
  const clientInfo = { name: 'cursor', version: '1.2' };
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo };
  const opened = await send({ id: 0, method: 'initialize', params });
  await opened.text();
  headers['mcp-session-id'] = opened.headers.get('mcp-session-id') ?? '';
  for (const [id, text] of ['delta', 'gamma', 'beta', 'beta', 'alpha'].entries())
    await (await send({ id: id + 1, method: 'tools/call', params: { name: 'echo', arguments: { text } } })).text();
}

const rows = () => ada.page.getByRole('grid').getByRole('row', { name: /Somebody said/ });

test('an empty inbox says what would be in it, and alerts appear by themselves', async () => {
  const { page } = ada;
  await page.goto(`${hub.url}/alerts`);
  await page.getByText('Nothing waits for you').waitFor();
  await ada.assertAccessible('the empty inbox');
  await ada.screenshot('alerts-empty');
  await raiseSome();
  await eventually(async () => (await rows().count()) === 4, 'four alerts without a reload');
  await ada.screenshot('alerts-inbox');
});

test('the inbox is worked through from the keyboard', async () => {
  const { page } = ada;
  await ada.pressUntil(['j'], async () => (await page.locator('[aria-selected="true"]').count()) === 1);
  await page.keyboard.press('Enter');
  await page
    .getByRole('complementary', { name: 'Alert' })
    .getByRole('heading', { name: 'Somebody said alpha' })
    .waitFor();
  await page.getByText('Sees alpha').waitFor();
  await ada.assertAccessible('an open alert');
  await ada.screenshot('alerts-open');
  await page.keyboard.press('a');
  await page.getByText('is at it').waitFor();
  await page.keyboard.press('j');
  await page.getByRole('heading', { name: 'Somebody said beta' }).waitFor();
  await page.getByText('2 times, last').waitFor();
  await page.keyboard.press('e');
  await page.getByRole('heading', { name: 'Somebody said gamma' }).waitFor();
  await eventually(async () => (await rows().count()) === 3, 'what is resolved to leave');
  await page.locator('.toast', { hasText: 'beta' }).getByRole('button', { name: 'Undo' }).click();
  await eventually(async () => (await rows().count()) === 4, 'what was undone to come back');
  await page.keyboard.press('c');
  await page.keyboard.type('Asked the owner');
  await page.getByRole('button', { name: 'Add comment' }).click();
  await page.locator('.alert-comment', { hasText: 'Asked the owner' }).waitFor();
  await page.locator('h2').first().click();
  await page.keyboard.press('?');
  await page.getByText('Take it on: acknowledged, and yours').waitFor();
  await page.keyboard.press('Escape');
});

test('several are chosen and dismissed at once, filters stand in the address, and what is finished is found again', async () => {
  const { page } = ada;
  await page.goto(`${hub.url}/alerts?severity=medium`);
  await eventually(async () => (await rows().count()) === 3, 'those of medium severity and up');
  await page.getByRole('button', { name: 'Clear' }).click();
  await eventually(async () => (await rows().count()) === 4, 'all of them');
  await page.getByLabel('Choose Somebody said gamma').check();
  await page.getByLabel('Choose Somebody said delta').check();
  await page.getByText('2 alerts chosen').waitFor();
  await ada.assertAccessible('chosen alerts');
  await ada.screenshot('alerts-chosen');
  await page.getByRole('toolbar').getByRole('button', { name: 'Dismiss' }).click();
  await eventually(async () => (await rows().count()) === 2, 'the others');
  await page.getByRole('button', { name: 'Finished' }).click();
  await eventually(
    async () => (await rows().count()) === 2 && page.url().includes('state=finished'),
    'the finished ones',
  );
});

test('a route is added, shown with what is wrong, tested, and its log says what became of each', async () => {
  const { page } = ada;
  await page.getByRole('link', { name: 'Routes', exact: true }).click();
  await page.getByText('Nobody is told').waitFor();
  await page.getByRole('button', { name: 'Add route' }).click();
  await page.getByLabel('Name').fill('On call');
  await page.getByText('Web address', { exact: true }).click();
  await page.getByRole('textbox', { name: 'Address' }).fill('http://127.0.0.1:1/hook');
  await page.getByLabel('Severity').selectOption('high');
  await page.getByLabel('Quiet hours').check();
  await ada.assertAccessible('adding a route');
  await ada.screenshot('alerts-add-route');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByText('Give this secret to the receiver').waitFor();
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByText('high and up').waitFor();
  await page.getByRole('button', { name: 'Test' }).click();
  await page.getByText('On call did not take the test').first().waitFor();
  await ada.assertAccessible('a route');
  await ada.screenshot('alerts-routes');
  await page.getByRole('button', { name: 'Log' }).click();
  await page.getByText('Nothing yet.').waitFor();
  await page.keyboard.press('Escape');
});

test('a tool is shut away from its alert, listed, and lifted', async () => {
  const { page } = ada;
  await page.goto(`${hub.url}/alerts?state=all`);
  await page.getByText('Somebody said alpha').click();
  await page.getByRole('button', { name: 'Respond' }).click();
  await page.getByRole('menuitem', { name: 'Shut echo on echo away for an hour' }).click();
  await page.getByText('echo is shut away for an hour').first().waitFor();
  await page.getByRole('link', { name: 'Shut away', exact: true }).click();
  await page.getByText('After the alert: Somebody said alpha').waitFor();
  await ada.assertAccessible('what is shut away');
  await ada.screenshot('alerts-shut-away');
  await page.getByRole('button', { name: 'Lift: Tool echo' }).click();
  await page.getByText('lifted', { exact: true }).waitFor();
});

test('on a phone, alerts are cards that open on a page of their own', async () => {
  const phone = await browser.person({ phone: true, theme: 'dark' });
  try {
    await signIn(phone);
    await phone.page.goto(`${hub.url}/alerts?state=all`);
    await phone.page.getByText('Somebody said alpha').waitFor();
    await phone.assertAccessible('the inbox on a phone');
    await phone.screenshot('alerts-phone');
    await phone.page.getByText('Somebody said alpha').click();
    await phone.page.getByRole('heading', { name: 'Somebody said alpha' }).waitFor();
    await phone.screenshot('alerts-phone-open');
    assert.ok(
      (await phone.page.evaluate<number>('document.documentElement.scrollWidth')) <= 390,
      'nothing is wider than the phone',
    );
    assert.deepEqual(phone.troubles(), []);
  } finally {
    await phone[Symbol.asyncDispose]();
  }
  assert.deepEqual(ada.troubles(), []);
});
