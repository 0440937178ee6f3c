// The page of organizations: those who run the hub make one, hand over the invitation of its first admin, rename it, suspend
// it and take that back; its own admin sees nothing of the page.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Browser, openBrowser, type Person } from '../actors/browser.ts';
import { admin, type Hub, startHub } from '../actors/start-hub.ts';
import { verifies } from '../requirements.ts';

const password = 'a password that is long enough';

let hub: Hub;
let browser: Browser;
let ada: Person;
let mary: Person;

before(async () => {
  browser = await openBrowser();
  hub = await startHub();
  ada = await browser.person();
  mary = await browser.person();
  await signIn(ada, '/organizations');
});
after(async () => {
  await browser?.[Symbol.asyncDispose]();
  await hub?.[Symbol.asyncDispose]();
});

async function signIn({ page }: Person, path: string): Promise<void> {
  await page.goto(hub.url + path);
  await page.getByLabel('E-mail').fill(admin.email);
  await page.getByLabel('Password').fill(admin.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

const rowOf = ({ page }: Person, name: string) =>
  page.getByRole('table', { name: 'Organizations' }).getByRole('row').filter({ hasText: name });

async function choose(person: Person, name: string, action: string): Promise<void> {
  await person.page.getByRole('button', { name: `Actions for ${name}` }).click();
  await person.page.getByRole('menuitem', { name: action }).click();
}

test('an organization is made with the invitation of its first admin, who does not come to see the page', async () => {
  verifies('CP-009');
  const { page } = ada;
  await page.getByRole('heading', { name: 'No other organizations' }).waitFor();
  await ada.assertAccessible('the page of organizations with one');
  await ada.screenshot('organizations-alone');
  await page.getByRole('button', { name: 'Make an organization' }).click();
  const dialog = page.getByRole('dialog', { name: 'Make an organization' });
  await dialog.getByLabel('Name', { exact: true }).fill('Looms');
  await dialog.getByLabel('First admin').fill('Mary Jacquard');
  await dialog.getByLabel('Their e-mail').fill('mary@looms.example');
  await ada.assertAccessible('an organization that is being made');
  await dialog.getByRole('button', { name: 'Make organization' }).click();
  const done = page.getByRole('dialog', { name: 'Looms is made' });
  await done.getByRole('button', { name: 'Copy one-time link' }).click();
  const link = await ada.copied((text) => text.includes('#link='));
  await ada.assertAccessible('the invitation of a first admin');
  await ada.screenshot('organizations-invitation');
  await done.getByRole('button', { name: 'Done' }).click();
  await rowOf(ada, 'Looms').getByText('Active').waitFor();
  assert.ok(!(await page.content()).includes(link), 'the link is shown once');

  await mary.page.goto(link);
  await mary.page.getByRole('heading', { name: /invited to Looms/ }).waitFor();
  await mary.page.getByLabel('Password').fill(password);
  await mary.page.getByRole('button', { name: 'Accept and sign in' }).click();
  await mary.page.getByRole('heading', { name: 'Overview' }).waitFor();
  const places = mary.page.getByRole('navigation', { name: 'Pages' }).getByRole('link');
  await places.filter({ hasText: 'Members' }).waitFor();
  assert.equal(await places.filter({ hasText: 'Organizations' }).count(), 0);
  await mary.page.goto(`${hub.url}/organizations?make=true`);
  await mary.page.getByText('Only admins of the organization that runs this hub may do this.').waitFor();
  assert.equal(await mary.page.getByRole('button', { name: 'Make an organization' }).count(), 0);
  assert.equal(await mary.page.getByRole('dialog').count(), 0);
});

test('a new name is there at once for those of the organization, and for others who run the hub', async () => {
  await using other = await browser.person({ theme: 'dark', phone: true });
  await signIn(other, '/organizations');
  await rowOf(other, 'Looms').waitFor();
  await mary.page.goto(hub.url);
  await mary.page.getByRole('link', { name: 'Looms' }).waitFor();
  await choose(ada, 'Looms', 'Rename');
  const dialog = ada.page.getByRole('dialog', { name: 'Rename Looms' });
  await dialog.getByLabel('Name').fill('Power weavers');
  await ada.assertAccessible('an organization that is being renamed');
  await dialog.getByRole('button', { name: 'Rename' }).click();
  await rowOf(ada, 'Power weavers').waitFor();
  await rowOf(other, 'Power weavers').waitFor();
  await mary.page.getByRole('link', { name: 'Power weavers' }).waitFor();
  await other.assertAccessible('the page of organizations on a phone');
  const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
  assert.equal(await other.page.evaluate<number>(overflow), 0, 'it fits the width of a phone');
  await other.screenshot('organizations-phone-dark');
  assert.deepEqual(other.troubles(), []);
});

test('suspended, an organization can do nothing until it is resumed, and the one that runs the hub cannot be', async () => {
  verifies('CP-009');
  const { page } = ada;
  const tries = () =>
    hub.signIn('mary@looms.example', password).then(
      () => 'in',
      () => 'refused',
    );
  await choose(ada, 'Power weavers', 'Suspend…');
  const question = page.getByRole('alertdialog', { name: 'Suspend Power weavers?' });
  await question.getByText(/nobody of it may do anything.*Nothing is deleted/).waitFor();
  await ada.assertAccessible('the question before an organization is suspended');
  await ada.screenshot('organizations-suspend');
  await question.getByRole('button', { name: 'Cancel' }).click();
  assert.equal(await tries(), 'in', 'nothing happens to whoever was not sure');
  await choose(ada, 'Power weavers', 'Suspend…');
  await question.getByRole('button', { name: 'Suspend organization' }).click();
  await rowOf(ada, 'Power weavers').getByText('Suspended').waitFor();
  await ada.assertAccessible('the page of organizations with a suspended one');
  await ada.screenshot('organizations-suspended');
  assert.equal(await tries(), 'refused');
  await choose(ada, 'Power weavers', 'Resume');
  await rowOf(ada, 'Power weavers').getByText('Active').waitFor();
  assert.equal(await tries(), 'in');

  await rowOf(ada, 'runs this hub').getByRole('button').click();
  await page.getByRole('menuitem', { name: 'Suspend…', disabled: true }).waitFor();
  await page.keyboard.press('Escape');
});

test('the palette leads to the page and to making one', async () => {
  const { page } = ada;
  await page.goto(hub.url);
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  const field = page.getByPlaceholder(/^Search pages/);
  await ada.pressUntil(['Control+k'], () => field.isVisible());
  await field.fill('organization');
  await page.getByRole('option', { name: /^Organizations/ }).waitFor();
  await page.getByRole('option', { name: 'Make an organization' }).click();
  await page.getByRole('dialog', { name: 'Make an organization' }).waitFor();
  for (const person of [ada, mary]) assert.deepEqual(person.troubles(), []);
});
