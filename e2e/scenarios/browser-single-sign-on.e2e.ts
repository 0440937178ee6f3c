// Signing in with a real OpenID provider, in the browser, as members and admins do.
import assert from 'node:assert/strict';
import { after, afterEach, before, type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type Browser, openBrowser, type Person } from '../actors/browser.ts';
import { commandLine } from '../actors/command-line.ts';
import { type OidcPeer, startOidcPeer } from '../actors/oidc-peer.ts';
import { admin, type Hub, startHub } from '../actors/start-hub.ts';
import { verifies } from '../requirements.ts';

const secret = 'a secret of hub and provider';
const people = {
  grace: { email: 'grace@example.org', email_verified: true, name: 'Grace Hopper', groups: ['engineers'] },
  eve: { email: 'linus@example.org', email_verified: false, name: 'Eve' },
  mallory: { email: 'grace@example.org', email_verified: true, name: 'Mallory' },
  heidi: { email: 'private@elsewhere.example', email_verified: true, name: 'Heidi' },
};

interface Provider {
  readonly id: string;
  readonly redirectUri: string;
  readonly logoutUri: string;
}

let browser: Browser;
let hub: Hub;
let peer: OidcPeer;
let boss: Person;
let provider: Provider;
let draft: Record<string, unknown>;

before(async () => {
  browser = await openBrowser();
  hub = await startHub({ env: { MCPVAULT_PRIVATE_NETWORKS: '127.0.0.1' } });
  const team = await hub.api<{ id: string }>('POST', '/api/v1/teams', { name: 'Engineers' });
  draft = {
    name: 'Directory',
    issuer: 'https://id.example.org',
    clientId: 'mcpvault',
    clientSecret: secret,
    domains: ['example.org'],
    scopes: ['profile', 'email', 'groups'],
    createMembers: true,
    mappings: [{ group: 'engineers', team: team.id }],
  };
  provider = await hub.api('POST', '/api/v1/identity-providers', draft);
  const { redirectUri, logoutUri } = provider;
  peer = await startOidcPeer({ client: 'mcpvault', secret, redirectUri, logoutUri, people });
  await change({ issuer: peer.issuer });
  boss = await browser.person();
});
after(async () => {
  await browser?.[Symbol.asyncDispose]();
  await peer?.[Symbol.asyncDispose]();
  await hub?.[Symbol.asyncDispose]();
});
afterEach(async (context) => {
  const { passed, name } = context as TestContext;
  if (!passed) await boss.screenshot(`failed-${name.replaceAll(/\W+/g, '-')}`);
});

async function change(changes: Record<string, unknown>): Promise<void> {
  draft = { ...draft, ...changes };
  await hub.api('PUT', `/api/v1/identity-providers/${provider.id}`, draft);
}

async function withProvider(page: Page, person: string): Promise<void> {
  await page.goto(`${hub.url}/sign-in`);
  await page.getByRole('button', { name: 'Sign in with Directory' }).click();
  await peer.signIn(page, person);
}

test('an admin sees each step of the test, and exactly which one fails', async () => {
  const { page } = boss;
  await page.goto(`${hub.url}/sign-in`);
  await page.getByLabel('E-mail').fill(admin.email);
  await page.getByLabel('Password').fill(admin.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.goto(`${hub.url}/identity-providers`);
  await page.getByRole('button', { name: 'Test' }).click();
  await page.getByText('It works, as far as can be told.').waitFor();
  await page.getByText('It knows the client, and its secret is right.').waitFor();
  await page.getByText(`It sends people back to ${provider.redirectUri}.`).waitFor();
  await boss.assertAccessible('the test of an identity provider');
  await boss.screenshot('identity-provider-test');
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'Actions for Directory' }).click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  await page.getByLabel('Client secret').fill('another one');
  await boss.assertAccessible('an identity provider being changed');
  await boss.screenshot('identity-provider-edit');
  await page.getByRole('button', { name: 'Save and test' }).click();
  await page.getByText('It refuses the client (invalid_client).').waitFor();
  await boss.screenshot('identity-provider-test-failed');
  await change({ clientSecret: secret });
  assert.deepEqual(boss.troubles(), []);
});

test('somebody new signs in with their account there, and is a member of the team that their group gives', async () => {
  verifies('MV-README-073', 'CP-007', 'CP-039', 'CP-088');
  await using grace = await browser.person();
  const { page } = grace;
  await page.goto(`${hub.url}/messages`);
  await page.getByRole('button', { name: 'Sign in with Directory' }).waitFor();
  await grace.assertAccessible('the sign-in page with a provider');
  await grace.screenshot('sign-in-with-provider');
  await page.getByRole('button', { name: 'Sign in with Directory' }).click();
  await peer.signIn(page, 'grace');
  await page.getByRole('heading', { name: 'Messages' }).waitFor();
  assert.doesNotMatch(page.url(), /code=|state=/);
  await page.goto(`${hub.url}/account`);
  await page.getByText('grace@example.org').first().waitFor();
  await page.getByText('Engineers').waitFor();
  assert.deepEqual(grace.troubles(), []);
});

test('an address that is not verified, or that is another’s already, opens nothing, and the page says why', async () => {
  for (const [name, why] of [
    ['eve', /did not say that the e-mail address is verified/],
    ['mallory', /signs in as somebody else already/],
  ] as const) {
    await using person = await browser.person({ phone: true, theme: 'dark' });
    await withProvider(person.page, name);
    await person.page.getByText(why).waitFor();
    await person.assertAccessible('a refused sign-in');
    await person.screenshot(`sign-in-refused-${name}`);
    await person.page.getByRole('link', { name: 'Back to sign-in' }).click();
    await person.page.getByLabel('E-mail').waitFor();
  }
});

test('what another browser began cannot be finished here (CSRF, session fixation)', async () => {
  await using attacker = await browser.person();
  let back = '';
  attacker.page.on('request', (request) => {
    if (request.url().startsWith(provider.redirectUri)) back = request.url();
  });
  // The attacker keeps the code to themselves.
  await attacker.page.route('**/api/v1/auth/providers/*/finish', (route) => route.abort());
  await withProvider(attacker.page, 'grace');
  assert.match(back, /code=/);
  await using victim = await browser.person();
  await victim.page.goto(back);
  await victim.page.getByText('It was begun in another tab or browser, or is finished already.').waitFor();
  assert.doesNotMatch(victim.page.url(), /code=/);
  await victim.page.goto(`${hub.url}/`);
  await victim.page.getByLabel('E-mail').waitFor();
});

test('an invitation is accepted as whoever one is there', async () => {
  const invited = await hub.api<{ invitation: { url: string } }>('POST', '/api/v1/members', {
    email: 'heidi@example.org',
    name: 'Heidi',
  });
  await using heidi = await browser.person();
  await heidi.page.goto(invited.invitation.url);
  await heidi.page.getByRole('button', { name: 'Accept with Directory' }).waitFor();
  await heidi.assertAccessible('an invitation with a provider');
  await heidi.screenshot('invitation-with-provider');
  await heidi.page.getByRole('button', { name: 'Accept with Directory' }).click();
  await peer.signIn(heidi.page, 'heidi');
  await heidi.page.getByRole('heading', { name: 'Overview' }).waitFor();
  await heidi.page.goto(`${hub.url}/account`);
  await heidi.page.getByText('heidi@example.org').first().waitFor();
});

test('where single sign-on is demanded, the password is not even asked for; other domains go on', async () => {
  const me = await hub.api<{ member: { id: string } }>('GET', '/api/v1/me');
  const security = { requireSecondFactor: false, requireSingleSignOn: true, breakGlass: [me.member.id] };
  await hub.api('PUT', '/api/v1/organization/security', security);
  await using person = await browser.person();
  const { page } = person;
  await page.goto(`${hub.url}/sign-in`);
  await page.getByLabel('E-mail').fill('grace@example.org');
  await page.getByText('Your organization demands single sign-on.').waitFor();
  assert.equal(await page.getByLabel('Password').count(), 0);
  await person.assertAccessible('single sign-on demanded');
  await person.screenshot('sign-in-demanded');
  await page.getByLabel('E-mail').fill(admin.email);
  await page.getByLabel('Password').fill(admin.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.goto(`${hub.url}/members`);
  await page.getByRole('switch', { name: 'Demand single sign-on', checked: true }).waitFor();
  await person.screenshot('sign-in-rules');
  await hub.api('PUT', '/api/v1/organization/security', { ...security, requireSingleSignOn: false });
});

test('who signs out at the provider is signed out here', async () => {
  await using grace = await browser.person();
  const { page } = grace;
  await withProvider(page, 'grace');
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  const there = await grace.tab();
  await there.goto(`${peer.issuer}/session/end`);
  await there.getByRole('button', { name: 'Yes, sign me out' }).click();
  await there.waitForLoadState();
  await page.goto(`${hub.url}/account`);
  await page.getByLabel('E-mail').waitFor();
  const { items } = await hub.api<{ items: { detail: { signIns: string[] } }[] }>(
    'GET',
    '/api/v1/audit?action=auth.backchannel-logout',
  );
  assert.equal(items[0]?.detail.signIns.length, 1);
});

test('the command line lists, adds, tests and removes providers', async () => {
  await using cli = await commandLine(hub.url);
  const login = await cli.run(['login', '--email', admin.email, '--password-stdin'], { input: admin.password });
  assert.equal(login.code, 0, login.err);
  const listed = await cli.json<{ items: { name: string }[] }>(['identity-providers', 'list']);
  assert.deepEqual(
    listed.items.map(({ name }) => name),
    ['Directory'],
  );
  const tested = await cli.run(['identity-providers', 'test', 'Directory']);
  assert.equal(tested.code, 0, tested.err);
  assert.match(tested.out, /Client\s+ok/);
  const add = [
    'identity-providers',
    'add',
    'Spare',
    '--issuer',
    peer.issuer,
    '--client-id',
    'mcpvault',
    '--secret-stdin',
  ];
  const added = await cli.run(add, { input: 'not the one' });
  assert.equal(added.code, 0, added.err);
  assert.match(added.out, /sign-in\/callback\/idp_/);
  const failed = await cli.run(['identity-providers', 'test', 'Spare']);
  assert.equal(failed.code, 1);
  assert.match(failed.out, /Client\s+failed\s+It refuses the client/);
  assert.equal((await cli.run(['identity-providers', 'remove', 'Spare', '--yes'])).code, 0);
  assert.doesNotMatch(cli.everything(), /not the one/);
});
