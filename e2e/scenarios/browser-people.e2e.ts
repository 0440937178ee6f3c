// People, teams and machines in the console, and somebody who acts as somebody: both see it on every page.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Browser, openBrowser, type Person } from '../actors/browser.ts';
import { admin, type Hub, startHub } from '../actors/start-hub.ts';

const password = 'a password that is long enough';

let hub: Hub;
let browser: Browser;
let ada: string;

before(async () => {
  hub = await startHub();
  browser = await openBrowser();
  const member = (email: string, name: string) =>
    hub.api<{ id: string }>('POST', '/api/v1/members', { email, name, password });
  const boss = await member('charles@example.com', 'Charles Babbage');
  ada = (await member('ada@example.com', 'Ada Lovelace')).id;
  await hub.api('PATCH', `/api/v1/members/${ada}`, { supervisor: boss.id });
  const top = await hub.api<{ id: string }>('POST', '/api/v1/teams', { name: 'Engineering', leads: [boss.id] });
  await hub.api('POST', '/api/v1/teams', { name: 'Engines', parent: top.id, members: [ada] });
  await hub.api('POST', '/api/v1/service-accounts', { name: 'Nightly build', owner: { type: 'team', id: top.id } });
});
after(async () => {
  await browser[Symbol.asyncDispose]();
  await hub[Symbol.asyncDispose]();
});

async function signedIn(email: string, secret: string): Promise<Person> {
  const person = await browser.person();
  const { page } = person;
  await page.goto(`${hub.url}/sign-in`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(secret);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  return person;
}

test('teams stand below the teams they lie in, and service accounts have owners and keys', async () => {
  await using person = await signedIn(admin.email, admin.password);
  const { page } = person;
  await page.goto(`${hub.url}/teams`);
  await page.getByText('Engines').first().waitFor();
  const names = await page.locator('tbody .row-link').allTextContents();
  assert.ok(names.indexOf('Engineering') < names.indexOf('Engines'), names.join());
  await person.assertAccessible('the teams');
  await person.screenshot('people-teams');

  await page.goto(`${hub.url}/service-accounts`);
  await page.getByText('Nightly build').first().waitFor();
  await person.assertAccessible('the service accounts');
  await person.screenshot('people-service-accounts');
  await page.getByRole('button', { name: 'Actions for Nightly build' }).click();
  await page.getByRole('menuitem', { name: 'Make a key' }).click();
  await page.getByLabel('Name').fill('ci');
  await page.getByRole('button', { name: 'Make token' }).click();
  await page.getByText('Copy it now').waitFor();
  await person.screenshot('people-key');
  assert.deepEqual(person.troubles(), []);
});

test('an admin lets an identity provider in, and says which groups give which roles', async () => {
  await using person = await signedIn(admin.email, admin.password);
  const { page } = person;
  await page.goto(`${hub.url}/provisioning`);
  await page.getByText('/scim/v2').first().waitFor();
  await page.getByRole('button', { name: 'Make token' }).click();
  await page.getByLabel('Name').fill('Entra');
  await page.getByRole('dialog').getByRole('button', { name: 'Make token' }).click();
  await page.getByText('Copy it now').waitFor();
  await page.getByRole('button', { name: 'I have copied it' }).click();
  await page.getByRole('button', { name: 'Add a group' }).click();
  await page.getByLabel('Group 1', { exact: true }).fill('Auditors');
  await page.getByLabel('Role of group 1').selectOption('auditor');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The rules are saved').waitFor();
  await person.assertAccessible('provisioning');
  await person.screenshot('people-provisioning');
  const rules = await hub.api<{ groups: unknown }>('GET', '/api/v1/provisioning');
  assert.deepEqual(rules.groups, [{ group: 'Auditors', role: 'auditor' }]);
  assert.deepEqual(person.troubles(), []);
});

test('who acts as somebody and whom they act as both see it, until it is ended', async () => {
  await using boss = await signedIn(admin.email, admin.password);
  await using subject = await signedIn('ada@example.com', password);
  const { page } = boss;
  await page.goto(`${hub.url}/members/${ada}`);
  await page.getByText('Charles Babbage').first().waitFor();
  await boss.screenshot('people-member');
  await page.getByRole('button', { name: 'Act as', exact: true }).click();
  await page.getByLabel('Reason').fill('She is ill, and the report is due');
  await boss.screenshot('people-act-as');
  await page.getByRole('button', { name: 'Act as Ada Lovelace' }).click();
  await page.getByText('You act as Ada Lovelace').waitFor();
  await boss.screenshot('people-acting');
  await subject.page.getByText('acts as you').waitFor();
  await subject.screenshot('people-acted-as');
  await subject.page.getByRole('button', { name: 'End it' }).click();
  await subject.page.getByText('acts as you').waitFor({ state: 'hidden' });
  await page.getByText('You act as Ada Lovelace').waitFor({ state: 'hidden' });
  await page.goto(`${hub.url}/account`);
  await page.getByText('as Ada Lovelace').first().waitFor();
  await boss.screenshot('people-account');
});
