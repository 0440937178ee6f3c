// The page that asks a member whether an AI client may be let in, in a real browser, with the official SDK as the client.
import assert from 'node:assert/strict';
import { after, afterEach, before, type TestContext, test } from 'node:test';
import { type Browser, openBrowser, type Person } from '../actors/browser.ts';
import { commandLine } from '../actors/command-line.ts';
import { eventually } from '../actors/eventually.ts';
import { type BrowserTab, signInV2 } from '../actors/oauth-clients.ts';
import { admin, type Hub, startHub } from '../actors/start-hub.ts';

let browser: Browser;
let hub: Hub;
let ada: Person;

before(async () => {
  browser = await openBrowser();
  hub = await startHub();
  ada = await browser.person();
});
after(async () => {
  await browser?.[Symbol.asyncDispose]();
  await hub?.[Symbol.asyncDispose]();
});
afterEach(async (context) => {
  const { passed, name } = context as TestContext;
  if (!passed) await ada.screenshot(`failed-${name.replaceAll(/\W+/g, '-')}`);
});

const redirect = 'http://127.0.0.1:8976/callback';

/** Where the client opens a browser: signs in where that is asked, then presses a button. */
function tab(button: string): BrowserTab {
  return {
    async visit(to) {
      const { page } = ada;
      let answered: URL | null = null;
      await page.route(`${redirect}**`, (route) => {
        answered = new URL(route.request().url());
        return route.fulfill({ body: 'Back in the editor.' });
      });
      await page.goto(to.toString());
      const question = page.getByRole('heading', { name: 'Let Editor in?' });
      const email = page.getByLabel('E-mail');
      await question.or(email).waitFor();
      if (await email.isVisible()) {
        await email.fill(admin.email);
        await page.getByLabel('Password').fill(admin.password);
        await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      }
      await question.waitFor();
      await page.getByText('not verified').waitFor();
      await page.getByText('this computer (127.0.0.1:8976)').waitFor();
      await ada.screenshot('oauth-consent');
      await page.getByRole('button', { name: button, exact: true }).click();
      await page.getByText('Back in the editor.').waitFor();
      await page.unroute(`${redirect}**`);
      return { status: 200, location: answered, text: '' };
    },
  };
}

test('a member signs in, sees who asks for what, allows it, and the client works', async () => {
  const { client, close } = await signInV2(hub.mcp(), tab('Allow'));
  assert.ok(Array.isArray((await client.listTools()).tools));
  await close();
});

test('a member who does not allow it sends the client away', async () => {
  await assert.rejects(signInV2(hub.mcp(), tab('Do not allow')), /access_denied/);
});

test('a client at a web address of its own is asked about once, and then goes straight on', async () => {
  const { page } = ada;
  const web = 'https://app.example/callback';
  const registered = await fetch(`${hub.url}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_name: 'App of the web', redirect_uris: [web] }),
  });
  const { client_id: client } = (await registered.json()) as { client_id: string };
  const asked = { response_type: 'code', client_id: client, redirect_uri: web, scope: 'mcp', state: 's' };
  const proof = { code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' };
  const address = `${hub.url}/oauth/authorize?${new URLSearchParams({ ...asked, ...proof, resource: hub.mcp() })}`;
  await page.route(`${web}**`, (route) => route.fulfill({ body: 'Back in the app.' }));
  await page.goto(address);
  await page.getByRole('heading', { name: 'Let App of the web in?' }).waitFor();
  await page.getByText('app.example', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Allow', exact: true }).click();
  await page.getByText('Back in the app.').waitFor();
  await page.goto(address);
  await page.getByText('Back in the app.').waitFor();
  assert.ok(new URL(page.url()).searchParams.get('code'));
  await page.goto(`${address}&prompt=consent`);
  await page.getByText('You have let it in for the same before.').waitFor();
  await page.getByRole('button', { name: 'Do not allow' }).click();
  await page.getByText('Back in the app.').waitFor();
  assert.equal(new URL(page.url()).searchParams.get('error'), 'access_denied');
  await page.unroute(`${web}**`);
  await page.goto(`${hub.url}/account`);
  const own = page.getByRole('button', { name: 'Let App of the web in no more' });
  await own.first().click();
  await own.first().waitFor({ state: 'detached' });
});

test('the command line names a page, the member sees there who asks and its code, and lets it in', async () => {
  const { page } = ada;
  await using line = await commandLine(hub.url);
  const login = line.start(['login', '--device', '--no-browser']);
  const named = () => /(http:\S+\/device\S*)[\s\S]*this code: (\S+)/.exec(login.err());
  await eventually(() => named() !== null, 'the page and the code');
  const [, address = '', code = ''] = named() ?? [];
  await page.goto(address);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: 'Let MCPVault command line in?' }).waitFor();
  await page.getByText('part of MCPVault').waitFor();
  await page.getByText(`${code}. If somebody sent it to you`).waitFor();
  await ada.assertAccessible('the page that lets a device in');
  await ada.screenshot('oauth-device');
  await page.getByRole('button', { name: 'Allow', exact: true }).click();
  await page.getByRole('heading', { name: 'It is let in' }).waitFor();
  assert.equal(await login.ended(), 0, login.err());
  assert.match(login.out(), new RegExp(`as .+ \\(${admin.email}\\)`));
});

test('the member finds the client on the account page, and lets it in no more', async () => {
  const { page } = ada;
  await page.goto(`${hub.url}/account`);
  await page.getByRole('button', { name: 'Let Editor in no more' }).click();
  await page.getByText('You have let none in.').waitFor();
});
