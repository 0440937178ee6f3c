// A second factor, set up and used in the browser and on the command line, and demanded of everybody.
import assert from 'node:assert/strict';
import { after, afterEach, before, type TestContext, test } from 'node:test';
import { TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import { type Browser, openBrowser, type Person } from '../actors/browser.ts';
import { commandLine } from '../actors/command-line.ts';
import { admin, type Hub, startHub } from '../actors/start-hub.ts';
import { verifies } from '../requirements.ts';

let browser: Browser;
let hub: Hub;
let ada: Person;
let secret = '';
let recovery: string[] = [];

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

/** The code of the next period, which is taken early: nobody has used it before. */
function nextCode(ahead = 1): string {
  return new TOTP({ secret }).generate({ timestamp: Date.now() + ahead * 30_000 });
}

async function fillIn(page: Page, email: string, password: string): Promise<void> {
  await page.goto(`${hub.url}/sign-in`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

test('an authenticator is set up with its first code, and recovery codes are shown once', async () => {
  const { page } = ada;
  await fillIn(page, admin.email, admin.password);
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.goto(`${hub.url}/account`);
  await page.getByRole('button', { name: 'Set up an authenticator' }).click();
  await page.getByRole('img', { name: /QR code/ }).waitFor();
  await page.getByText('It cannot be scanned?').click();
  secret = (await page.getByRole('region', { name: 'Secret' }).textContent()) ?? '';
  await ada.assertAccessible('setting up an authenticator');
  await ada.screenshot('second-factor');
  await page.getByLabel('Code').fill(nextCode(0));
  await page.getByRole('button', { name: 'Confirm' }).click();
  recovery = ((await page.getByRole('region', { name: 'Recovery codes' }).textContent()) ?? '').split('\n');
  assert.equal(recovery.length, 10);
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await page.getByText('10 recovery codes left').waitFor();
});

test('signing in asks for a code after the password, in the browser and on the command line', async () => {
  await using person = await browser.person({ phone: true, theme: 'dark' });
  const { page } = person;
  await fillIn(page, admin.email, admin.password);
  await page.getByLabel('Code').fill('000000');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText(/The code is not the current one/).waitFor();
  await person.assertAccessible('signing in with a code');
  await page.getByLabel('Code').fill(nextCode());
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await using cli = await commandLine(hub.url);
  const login = ['login', '--email', admin.email, '--password-stdin'];
  assert.equal((await cli.run(login, { input: admin.password })).code, 2);
  const { code, err } = await cli.run([...login, '--code', recovery[0] ?? ''], { input: admin.password });
  assert.equal(code, 0, err);
});

test('where one is demanded, whoever has none is led to setting one up', async () => {
  verifies('MV-README-058');
  const { page } = ada;
  await page.goto(`${hub.url}/members`);
  await page.getByRole('switch', { name: 'Demand a second factor' }).click();
  await page.getByText('A second factor is demanded now').waitFor();
  const password = 'quite a long password';
  const { invitation } = await hub.api<{ invitation: { url: string } }>(
    'POST',
    '/api/v1/members',
    { email: 'grace@example.com', name: 'Grace' },
    await accessToken(),
  );
  await using grace = await browser.person();
  await grace.page.goto(invitation.url);
  await grace.page.getByLabel('Password').fill(password);
  await grace.page.getByRole('button', { name: 'Accept and sign in' }).click();
  await grace.page.getByText('Your organization demands a second factor').waitFor();
  await grace.page.goto(`${hub.url}/messages`);
  await grace.page.waitForURL(/\/account$/);
});

/** A sign-in of its own, by a recovery code: the browser keeps its tokens to itself. */
async function accessToken(): Promise<string> {
  const body = { email: admin.email, password: admin.password, code: recovery[1] };
  const pair = await hub.api<{ accessToken: string }>('POST', '/api/v1/auth/login', body, null);
  return pair.accessToken;
}
