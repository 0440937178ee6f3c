// What policies said about a message, as the console shows it: which rules were asked, which matched, and why not.
import { after, before, test } from 'node:test';
import { type Browser, openBrowser } from '../actors/browser.ts';
import { createBareClient } from '../actors/bare-client.ts';
import { type ScriptedHttp, startScriptedHttp } from '../actors/scripted-http.ts';
import { admin, type Hub, startHub } from '../actors/start-hub.ts';
import { recorded } from './recorded.ts';

let server: ScriptedHttp;
let hub: Hub;
let browser: Browser;

before(async () => {
  server = await startScriptedHttp();
  hub = await startHub();
  browser = await openBrowser();
  await hub.api('POST', '/api/v1/mcp/servers', { name: 'up', transport: { type: 'streamable-http', url: server.url } });
});

after(async () => {
  await browser?.[Symbol.asyncDispose]();
  await hub?.[Symbol.asyncDispose]();
  await server?.close();
});

test('the message page says which rules were asked, which matched, and which part of a condition was false', async () => {
  const define = (draft: object) => hub.api('POST', '/api/v1/policies/definitions', { reason: 'because', ...draft });
  await define({
    name: 'Watch reading',
    actions: [
      { type: 'tag', tags: ['seen'] },
      { type: 'alert', title: 'Reading' },
    ],
    directions: ['call'],
    condition: 'method == "tools/call"',
  });
  await define({
    name: 'No dropping',
    actions: [{ type: 'refuse' }],
    directions: ['call'],
    condition: 'tool.name == "drop" && tool.destructive',
  });
  await define({ name: 'Perhaps later', mode: 'shadow', actions: [{ type: 'refuse' }], directions: ['call'] });
  const client = createBareClient(hub.mcp('up'), (await hub.createToken()).token);
  await client.open();
  await client.call('tools/call', { name: 'allowed', arguments: { marker: 'shown-one' } });
  client.close();
  const { id } = await recorded(hub, '?server=up', (each) => each.request?.original?.includes('shown-one') ?? false);
  await using person = await browser.person();
  const { page } = person;
  await page.goto(`${hub.url}/sign-in`);
  await page.getByLabel('E-mail').fill(admin.email);
  await page.getByLabel('Password').fill(admin.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.goto(`${hub.url}/messages/${id}`);
  const judged = page.getByRole('region', { name: 'What policies said' });
  await judged.getByRole('heading', { name: '3 rules asked, 2 matched' }).waitFor();
  await judged.getByText('a shadow would have refused it').waitFor();
  await judged.getByText('alert: Reading').waitFor();
  await judged.getByText('1 rule did not match').click();
  await judged.getByText('false: tool.name == "drop"').waitFor();
  await person.assertAccessible('the message page with what policies said');
  await person.screenshot('message-judged');
  await page.goto(`${hub.url}/policies`);
  const row = page.getByRole('row', { name: /No dropping/ });
  await row.getByText('Refuses the message when its condition holds.').waitFor();
  await row.getByRole('button', { name: 'Actions for No dropping' }).click();
  await page.getByRole('menuitem', { name: 'Only watch' }).click();
  await row.getByText('shadow', { exact: true }).waitFor();
  await page
    .getByRole('row', { name: /Watch reading/ })
    .getByText(/hit/)
    .first()
    .waitFor();
  await person.assertAccessible('the policies page with conditions');
  await person.screenshot('policies-definitions');
});
