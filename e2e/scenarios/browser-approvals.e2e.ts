// Held calls in the console: what waits shows itself, is looked at and decided, by mouse and by keys, and the client that made
// the call is answered.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Browser, openBrowser, type Person } from '../actors/browser.ts';
import { textOf } from '../actors/eventually.ts';
import { type ScriptedHttp, sendResult, startScriptedHttp } from '../actors/scripted-http.ts';
import { type Connection, connectV1, connectV2 } from '../actors/sdk-clients.ts';
import { admin, type Hub, startHub } from '../actors/start-hub.ts';
import { addMember } from './access-steps.ts';
import { recorded } from './recorded.ts';

let server: ScriptedHttp;
let hub: Hub;
let browser: Browser;
let token: string;

before(async () => {
  server = await startScriptedHttp();
  const tools = [{ name: 'drop_table', inputSchema: { type: 'object' }, annotations: { destructiveHint: true } }];
  server.onList = (message, response) =>
    sendResult(response, message, { tools, resultType: 'complete', ttlMs: 0, cacheScope: 'private' });
  server.onCall = (message, response) =>
    sendResult(response, message, { content: [{ type: 'text', text: 'dropped' }], resultType: 'complete' });
  hub = await startHub();
  browser = await openBrowser();
  await hub.api('POST', '/api/v1/mcp/servers', {
    name: 'warehouse',
    transport: { type: 'streamable-http', url: server.url },
  });
  await hub.api('POST', '/api/v1/mcp/servers/warehouse/check');
  const ada = await addMember(hub, 'ada');
  token = ada.token;
  await hub.api('POST', '/api/v1/grants', { subject: { type: 'member', id: ada.id }, server: 'warehouse' });
});

after(async () => {
  await browser?.[Symbol.asyncDispose]();
  await hub?.[Symbol.asyncDispose]();
  await server?.close();
});

async function signIn({ page }: Person, email = admin.email, password = admin.password): Promise<void> {
  await page.goto(`${hub.url}/sign-in`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
}

const drop = (table: string) => ({
  name: 'drop_table',
  arguments: { table, cascade: true, rows: 12345678901234567890n.toString() },
});

test('a held call shows itself, is approved in the console, and its client is answered', async () => {
  await using person = await browser.person();
  const { page } = person;
  await signIn(person);
  await page.getByRole('link', { name: 'Approvals' }).waitFor();
  await person.pressUntil(['g', 'v'], () => page.getByRole('heading', { name: 'Approvals', level: 1 }).isVisible());
  await page.getByRole('heading', { name: 'Nothing waits for anybody' }).waitFor();
  await person.assertAccessible('the approvals page with nothing on it');
  await person.screenshot('approvals-empty');

  await hub.api('POST', '/api/v1/policies/definitions', {
    name: 'Destructive tools need approval',
    reason: 'What destroys something is confirmed by a person first.',
    directions: ['call'],
    condition: 'method == "tools/call" && tool.known && tool.destructive',
    actions: [{ type: 'hold', message: 'This tool may destroy something.' }],
  });
  const elicitation = () => ({
    action: 'accept' as const,
    content: { note: 'The quarter is over, and it was copied.' },
  });
  const legacy: Connection<{ callTool(params: object): Promise<unknown>; listTools(): Promise<unknown> }> =
    (await connectV1(hub.mcp('warehouse'), { token, elicitation })) as never;
  const modern = await connectV2(hub.mcp('warehouse'), { token, era: 'modern' });
  try {
    await legacy.client.listTools();
    const first = legacy.client.callTool(drop('sales_2024'));
    const list = page.getByRole('list', { name: 'Held calls' });
    await list.getByRole('listitem').first().waitFor();
    const badge = page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: /Approvals/ });
    await badge.getByText('1').waitFor();
    const second = modern.client.callTool(drop('sales_2025'));
    const rows = list.getByRole('listitem');
    await rows.nth(1).waitFor();
    await badge.getByText('2').waitFor();
    await person.assertAccessible('the approvals page with calls that wait');

    await rows.nth(1).getByRole('link').click();
    const call = page.getByRole('article', { name: 'drop_table on warehouse' });
    await call.getByText('ada@example.com').first().waitFor();
    await call.getByText('This tool may destroy something.').waitFor();
    await call.getByText('The quarter is over, and it was copied.').waitFor();
    await call.getByText('"sales_2024"').waitFor();
    await person.assertAccessible('a held call');
    await person.screenshot('approvals-waiting');
    await call.getByLabel('Reason').fill('It is a copy.');
    await call.getByRole('button', { name: 'Approve once' }).click();
    assert.equal(textOf((await first) as object), 'dropped');
    await page.getByText('Approved', { exact: true }).first().waitFor();

    await page.goto(`${hub.url}/approvals`);
    await person.pressUntil(['j'], () => call.getByText('"sales_2025"').isVisible());
    await page.keyboard.press('n');
    const sure = page.getByRole('alertdialog');
    await sure.getByRole('button', { name: 'Refuse' }).click();
    await assert.rejects(second, /refused this one/);
    await page.getByRole('link', { name: 'All', exact: true }).click();
    await rows.nth(1).waitFor();
    await list.getByText('Refused').waitFor();
    await list.getByText('Approved and sent').waitFor();
    await person.screenshot('approvals-all');
  } finally {
    await legacy.close();
    await modern.close();
  }
  const { id } = await recorded(
    hub,
    '?server=warehouse',
    (each) => each.outcome === 'answered' && (each.request?.original?.includes('sales_2024') ?? false),
  );
  await page.goto(`${hub.url}/messages/${id}`);
  await page.getByRole('link', { name: /held, and approved by/ }).waitFor();
  await person.screenshot('approvals-message');
  assert.deepEqual(person.troubles(), []);
});

test('on a phone, in the dark: the list first, then the call, and a draft of a policy is proposed', async () => {
  await using person = await browser.person({ theme: 'dark', phone: true });
  const { page } = person;
  await signIn(person);
  const modern = await connectV2(hub.mcp('warehouse'), { token, era: 'modern' });
  try {
    const answered = modern.client.callTool(drop('sales_2026'));
    await page.goto(`${hub.url}/approvals`);
    const row = page.getByRole('list', { name: 'Held calls' }).getByRole('link').first();
    await row.waitFor();
    await person.screenshot('approvals-phone-list');
    await row.click();
    const call = page.getByRole('article', { name: 'drop_table on warehouse' });
    await call.getByText('"sales_2026"').waitFor();
    await person.assertAccessible('a held call on a phone');
    await person.screenshot('approvals-phone');
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    assert.ok(width <= 390, `nothing is wider than the phone, but the page is ${width} wide`);
    await call.getByRole('button', { name: 'Approve and propose a policy' }).click();
    assert.equal(textOf((await answered) as object), 'dropped');
    await page.goto(`${hub.url}/policies`);
    await page.getByText(/but not for ada@example\.com with drop_table/).waitFor();
  } finally {
    await modern.close();
  }
  assert.deepEqual(person.troubles(), []);
});

test('who asked sees their own call, is told that somebody else decides, and takes it back', async () => {
  await using person = await browser.person();
  const { page } = person;
  await signIn(person, 'ada@example.com', 'a password that is long enough');
  const modern = await connectV2(hub.mcp('warehouse'), { token, era: 'modern' });
  try {
    const answered = modern.client.callTool(drop('sales_2027'));
    answered.catch(() => undefined);
    await page.goto(`${hub.url}/approvals`);
    await page.getByRole('list', { name: 'Held calls' }).getByRole('link').first().click();
    await page.getByText('You asked for this').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Approve once' }).count(), 0);
    await person.screenshot('approvals-own');
    await page.getByRole('button', { name: 'Take it back' }).click();
    await page.getByText('Taken back').first().waitFor();
  } finally {
    await modern.close();
  }
  assert.deepEqual(person.troubles(), []);
});
