// Passkeys in the browser, with an authenticator that Chromium pretends to have.
import assert from 'node:assert/strict';
import { after, afterEach, before, type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type Browser, openBrowser, type Person } from '../actors/browser.ts';
import { admin, type Hub, startHub } from '../actors/start-hub.ts';

let browser: Browser;
let hub: Hub;
let ada: Person;
/** The same hub under a name: browsers allow passkeys at no address that is a number. */
let named: string;
let codes: string[] = [];

before(async () => {
  browser = await openBrowser();
  hub = await startHub();
  named = hub.url.replace('127.0.0.1', 'localhost');
  ada = await browser.person();
  const devices = await ada.context.newCDPSession(ada.page);
  await devices.send('WebAuthn.enable');
  await devices.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
});
after(async () => {
  await browser?.[Symbol.asyncDispose]();
  await hub?.[Symbol.asyncDispose]();
});
afterEach(async (context) => {
  const { passed, name } = context as TestContext;
  if (!passed) await ada.screenshot(`failed-${name.replaceAll(/\W+/g, '-')}`);
});

async function fillIn(page: Page, at = named): Promise<void> {
  await page.goto(`${at}/sign-in`);
  await page.getByLabel('E-mail').fill(admin.email);
  await page.getByLabel('Password').fill(admin.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

async function signOut(page: Page): Promise<void> {
  await page.goto(`${named}/account`);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('E-mail').waitFor();
}

test('a passkey is added with the password, and recovery codes are shown once', async () => {
  const { page } = ada;
  await fillIn(page);
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.goto(`${named}/account`);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByLabel('Name').fill('Laptop');
  await page.getByLabel('Your password').fill('not this one');
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByText('this is not your password').waitFor();
  await ada.screenshot('passkey-add');
  await page.getByLabel('Your password').fill(admin.password);
  await page.getByRole('button', { name: 'Go on' }).click();
  codes = ((await page.getByRole('region', { name: 'Recovery codes' }).textContent()) ?? '').split('\n');
  assert.equal(codes.length, 10);
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await page.getByRole('cell', { name: 'Laptop', exact: true }).waitFor();
  await ada.screenshot('passkeys');
});

test('a passkey signs in without a password', async () => {
  const { page } = ada;
  await signOut(page);
  await ada.screenshot('sign-in-with-passkey');
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.getByRole('heading', { name: 'Account' }).waitFor();
});

test('after the password, a passkey stands in for the code', async () => {
  const { page } = ada;
  await signOut(page);
  await fillIn(page);
  await page.getByLabel('Code').waitFor();
  await ada.screenshot('sign-in-second-step');
  await page.getByRole('button', { name: 'Use a passkey instead' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
});

/** By somebody else: what asks for accessibility puts an end to the authenticator of the same browser. */
test('a recovery code stands in for it, and every page of it is open to all', async () => {
  await using other = await browser.person({ phone: true, theme: 'dark' });
  await fillIn(other.page);
  await other.page.getByLabel('Code').waitFor();
  await other.assertAccessible('the second step with a passkey');
  await other.screenshot('sign-in-second-step-phone');
  await other.page.getByLabel('Code').fill(codes[0] ?? '');
  await other.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await other.page.getByRole('heading', { name: 'Overview' }).waitFor();
  await other.page.goto(`${named}/account`);
  await other.page.getByText('Laptop').first().waitFor();
  await other.assertAccessible('passkeys on the account page');
  await other.page.getByRole('button', { name: 'Add a passkey' }).click();
  await other.page.getByLabel('Name').waitFor();
  await other.assertAccessible('adding a passkey');
  await other.screenshot('passkey-add-phone');
});

test('a passkey is removed with the passkey itself, and signs nobody in from then on', async () => {
  const { page } = ada;
  await page.goto(`${named}/account`);
  await page.getByRole('button', { name: 'Remove Laptop' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByText('Laptop is removed').waitFor();
  await signOut(page);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.getByText('This passkey is not known here').waitFor();
  assert.deepEqual(ada.troubles(), []);
});

test('at an address that is a number, the page says where passkeys can be used', async () => {
  const { page } = ada;
  await fillIn(page, hub.url);
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.goto(`${hub.url}/account`);
  await page.getByText('Open the console at localhost to use passkeys.').waitFor();
});
