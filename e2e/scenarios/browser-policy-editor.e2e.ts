// Policies as people write them in the console: from the library or from nothing, as text and as a form, tried, run over the
// record, rolled out and taken back.
import assert from 'node:assert/strict';
import { after, afterEach, before, type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { createBareClient } from '../actors/bare-client.ts';
import { type Browser, openBrowser, type Person } from '../actors/browser.ts';
import { eventually } from '../actors/eventually.ts';
import { type ScriptedHttp, startScriptedHttp } from '../actors/scripted-http.ts';
import { admin, type Hub, startHub } from '../actors/start-hub.ts';
import { verifies } from '../requirements.ts';
import { recorded } from './recorded.ts';

let server: ScriptedHttp;
let hub: Hub;
let browser: Browser;
let ada: Person;

before(async () => {
  server = await startScriptedHttp();
  browser = await openBrowser();
  hub = await startHub();
  await hub.api('POST', '/api/v1/mcp/servers', { name: 'up', transport: { type: 'streamable-http', url: server.url } });
  await hub.api('POST', '/api/v1/teams', { name: 'Data' });
  const { items } = await hub.api<{ items: { id: string }[] }>('GET', '/api/v1/policies/definitions');
  for (const { id } of items) await hub.api('DELETE', `/api/v1/policies/${id}`);
  ada = await browser.person();
  await signIn(ada.page);
});
after(async () => {
  await browser?.[Symbol.asyncDispose]();
  await hub?.[Symbol.asyncDispose]();
  await server?.close();
});
afterEach(async (context) => {
  const { passed, name } = context as TestContext;
  if (!passed) await ada.screenshot(`failed-${name.replaceAll(/\W+/g, '-').slice(0, 60)}`);
});

async function signIn(page: Page, { email, password } = admin): Promise<void> {
  await page.goto(`${hub.url}/sign-in`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
}

const text = (page: Page) => page.getByRole('textbox', { name: 'The policy as YAML' });
const form = (page: Page) => page.getByRole('group', { name: 'The policy as a form' });
const said = (page: Page) => page.getByRole('region', { name: 'What is wrong, and the tests' });
const tab = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Parts of the policy' }).getByRole('link', { name, exact: true });
const written = async (page: Page) => ((await text(page).innerText()) as string).replaceAll('\u200b', '');

/** Puts a whole text in place of what the editor has, as pasting does. */
async function write(page: Page, yaml: string): Promise<void> {
  await text(page).click();
  await page.keyboard.press('Control+a');
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(yaml)})`);
  await page.keyboard.press('Control+v');
}

async function save(page: Page, how?: string, percent?: string): Promise<void> {
  await page.getByRole('button', { name: 'Save…' }).click();
  const dialog = page.getByRole('dialog', { name: /^Save/ });
  if (how !== undefined) await dialog.getByLabel(how, { exact: true }).check();
  if (percent !== undefined) await dialog.getByLabel('For so many percent of callers').fill(percent);
  await dialog.getByRole('button', { name: 'Save policy' }).click();
  await dialog.waitFor({ state: 'detached' });
}

async function call(name: string, args: object): Promise<unknown> {
  const client = createBareClient(hub.mcp('up'), (await hub.createToken()).token);
  await client.open();
  const answer = await client.call('tools/call', { name, arguments: args });
  client.close();
  return answer;
}

const refusing = `# Ours
name: No forbidden tool
reason: It is forbidden. # for now
severity: high
condition: tool.name == "forbidden"
actions:
  # The hard way.
  - type: refuse
    message: Not this one.
tests:
  - name: the tool
    given: { tool: forbidden }
    expect: { outcome: refused }
  - name: another
    given: { tool: allowed }
    expect: { outcome: not_matched }
`;

test('without policies the list offers the library; one of it is begun with and saved as a shadow', async () => {
  const { page } = ada;
  await page.goto(`${hub.url}/policies`);
  await page.getByRole('heading', { name: 'No policies' }).waitFor();
  await ada.assertAccessible('the empty list of policies');
  await ada.screenshot('policies-empty');
  await page.getByRole('button', { name: 'Browse the library' }).click();
  await page
    .getByRole('dialog', { name: 'Policy library' })
    .getByRole('button', { name: /^Read Secrets stay/ })
    .click();
  await page.getByText('a token in an argument').waitFor();
  await ada.assertAccessible('the library');
  await ada.screenshot('policy-library');
  await page.getByRole('button', { name: /^Begin with it: Secrets stay/ }).click();
  await said(page).getByText('all 3 tests pass').waitFor();
  assert.equal(await form(page).getByLabel('Severity').inputValue(), 'critical');
  await ada.assertAccessible('the editor');
  await ada.screenshot('policy-editor');
  await save(page, 'As a shadow');
  await page.getByText('Secrets stay where they are is saved').waitFor();
  await page
    .getByRole('heading', { name: /Secrets stay where they are/ })
    .getByText('shadow')
    .waitFor();
});

test('text and form show each other what is written, comments stay, and each step can be undone', async () => {
  const { page } = ada;
  await page.goto(`${hub.url}/policies/new`);
  await text(page).waitFor();
  await write(page, refusing);
  await eventually(
    async () => (await form(page).getByLabel('Name', { exact: true }).inputValue()) === 'No forbidden tool',
  );
  assert.equal(await form(page).getByLabel('Condition').inputValue(), 'tool.name == "forbidden"');
  await form(page).getByLabel('Reason').fill('It is forbidden here.');
  await form(page).getByLabel('Tools', { exact: true }).fill('forbidden, other_*');
  await eventually(async () => (await written(page)).includes('- other_*'));
  const now = await written(page);
  assert.match(now, /^# Ours/);
  assert.match(now, /reason: It is forbidden here\. # for now/);
  assert.match(now, /# The hard way\./);
  await page.getByRole('button', { name: 'Undo' }).click();
  await eventually(async () => !(await written(page)).includes('other_'), 'the form’s change undone');
  for (let steps = 0; steps < 10 && !(await written(page)).includes('It is forbidden. #'); steps += 1)
    await page.getByRole('button', { name: 'Undo' }).click();
  assert.equal(await form(page).getByLabel('Reason').inputValue(), 'It is forbidden.');
  await said(page).getByText('all 2 tests pass').waitFor();
});

test('what is wrong is said in its place while one types', async () => {
  const { page } = ada;
  const wrongs: readonly (readonly [yaml: string, problem: RegExp, place: string | null])[] = [
    [refusing.replace('tool.name', 'tool.nome'), /There is no member “nome” here/, 'line 5, column 17'],
    [refusing.replace('tool.name ==', '1 / 0 =='), /./, null],
    [
      refusing.replace('condition: tool.name == "forbidden"', 'condition: text.matches("(a+)+\\\\1")'),
      /RE2/,
      'line 5, column 25',
    ],
    [refusing.replace('severity: high', 'severty: high'), /Nothing is called “severty” here/, 'line 4, column 1'],
    [refusing.replace('type: refuse', 'type: explode'), /actions\.0\.type/, 'line 8, column 11'],
    [
      refusing.replace('condition: tool', 'scope: { servers: [nowhere] }\ncondition: tool'),
      /no server called “nowhere”/,
      'line 5, column 20',
    ],
    ['name: [A', /./, 'line 1, column 9'],
  ];
  for (const [yaml, problem, place] of wrongs) {
    await write(page, yaml);
    const list = said(page).getByRole('list', { name: place === null ? /Problems|Tests/ : 'Problems' });
    await list.getByRole('listitem').filter({ hasText: problem }).first().waitFor();
    if (place !== null) await list.getByRole('button', { name: place }).first().waitFor();
  }
  await page.getByText('The text cannot be read as it stands').waitFor();
  await write(page, refusing.replace('tool.name', 'tool.nome'));
  await form(page)
    .getByText(/There is no member “nome”/)
    .waitFor();
  await said(page).getByRole('button', { name: 'line 5, column 17' }).click();
  await page.keyboard.press('Delete');
  await eventually(async () => (await written(page)).includes('tool.ome'), 'the cursor at the place');
  await ada.assertAccessible('the editor with problems');
  await ada.screenshot('policy-editor-problems');
});

test('a policy that matches everything is warned of, and one that costs too much or divides by zero fails its tests', async () => {
  const { page } = ada;
  await write(page, 'name: All\nreason: r\nactions: [{ type: refuse }]\n');
  await said(page).getByText('This stops every message of every server.').waitFor();
  const failing = (condition: string) =>
    `name: All\nreason: r\ncondition: ${JSON.stringify(condition)}\nactions: [{ type: refuse }]\ntests:\n  - name: it\n    given: { arguments: { list: [${Array.from({ length: 120 }, (_, at) => `a${at}`).join(', ')}] } }\n    expect: { outcome: not_matched }\n`;
  await write(page, failing('1 / session.calls > 0'));
  await said(page)
    .getByText(/could not be evaluated/)
    .waitFor();
  await write(
    page,
    failing('texts(arguments).all(a, texts(arguments).all(b, texts(arguments).all(c, a + b + c != "x")))'),
  );
  await said(page)
    .getByText(/too_costly/)
    .waitFor();
  await page.getByRole('button', { name: 'Save…' }).click();
  const dialog = page.getByRole('dialog', { name: /^Save/ });
  await dialog.getByRole('button', { name: 'Save policy' }).click();
  await dialog.getByText(/The test “it” fails/).waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
});

test('keys, values and what conditions can read are completed', async () => {
  const { page } = ada;
  await write(page, 'name: A\nreason: r\ncondition: ');
  await page.keyboard.type('tool.dest');
  const options = page.getByRole('listbox').getByRole('option');
  await options.filter({ hasText: 'destructive' }).first().waitFor();
  await ada.screenshot('policy-editor-completion');
  await ada.pressUntil(['Enter'], async () => (await written(page)).includes('tool.destructive'));
  await page.keyboard.press('Control+End');
  await page.keyboard.press('Enter');
  await page.keyboard.type('actions:');
  await page.keyboard.press('Enter');
  await page.keyboard.type('- type: quar');
  await options.filter({ hasText: 'quarantine' }).first().waitFor();
  await page.keyboard.press('Escape');
});

test('it is enforced for a share of callers, holds at once, and its versions can be compared and taken back', async () => {
  const { page } = ada;
  await page.goto(`${hub.url}/policies/new`);
  await text(page).waitFor();
  await write(page, refusing);
  await said(page).getByText('all 2 tests pass').waitFor();
  await page.keyboard.press('Control+s');
  const dialog = page.getByRole('dialog', { name: 'Save the policy' });
  await ada.assertAccessible('saving a policy');
  await dialog.getByLabel('What you changed').fill('The first of its kind');
  await dialog.getByRole('button', { name: 'Save policy' }).click();
  await page.getByText('Version 1').first().waitFor();
  assert.match(JSON.stringify(await call('forbidden', { marker: 'refused-one' })), /Not this one/);
  await save(page, 'Enforce it', '0');
  await page.getByText('Version 2').first().waitFor();
  assert.doesNotMatch(JSON.stringify(await call('forbidden', { marker: 'passed-one' })), /Not this one/);
  assert.match(await written(page), /percentage: 0/);
  await tab(page, 'Versions').click();
  await page.getByText('The first of its kind').waitFor();
  await page.getByRole('region', { name: 'Differences, line by line' }).getByText('+ percentage: 0').waitFor();
  await ada.assertAccessible('the versions');
  await ada.screenshot('policy-versions');
  await page.getByRole('button', { name: 'Take version 1 into the editor' }).click();
  await eventually(async () => !(await written(page)).includes('percentage'));
  assert.match(await written(page), /# The hard way\./);
  await page.getByText('not saved').waitFor();
  await save(page, 'Enforce it');
  await page.getByText('Version 3').first().waitFor();
});

test('a message that is written or recorded is judged by what is in the editor, with every edit in its place', async () => {
  const { page } = ada;
  await tab(page, 'Try').click();
  await page.getByLabel('Tool', { exact: true }).fill('forbidden');
  await page.getByRole('button', { name: 'Try it' }).click();
  const trial = page.getByRole('region', { name: 'The message', exact: true });
  await trial.getByText('is refused').waitFor();
  await page.getByLabel('Tool', { exact: true }).fill('allowed');
  await page.getByRole('button', { name: 'Try it' }).click();
  await trial.getByText('false: tool.name == "forbidden"').waitFor();
  await page.getByLabel('Arguments').fill('{ wrong');
  await page.getByRole('button', { name: 'Try it' }).click();
  await page.getByText(/This is no JSON/).waitFor();
  await ada.assertAccessible('trying a message');
  await ada.screenshot('policy-try');
  await page
    .getByLabel('Arguments')
    .fill('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"forbidden","arguments":{"a":1}}}');
  assert.equal(await page.getByLabel('Tool', { exact: true }).inputValue(), 'forbidden');
  await page.getByRole('button', { name: 'Try it' }).click();
  await trial.getByText('is refused').waitFor();
  await page.getByRole('button', { name: 'Keep as a test' }).click();
  await tab(page, 'Edit').click();
  await said(page).getByText('all 3 tests pass').waitFor();
  await call('allowed', { text: 'write to grace@example.com' });
  await recorded(hub, '?server=up', ({ request }) => request?.original?.includes('grace@example.com') ?? false);
  await write(page, 'name: Mail\nreason: r\ndetectors: [email]\nactions:\n  - type: redact\n    style: label\n');
  await said(page).getByText('Nothing is wrong').waitFor();
  await tab(page, 'Try').click();
  await page.getByText('From the record').click();
  await page
    .getByRole('list', { name: 'Recorded calls, newest first' })
    .getByRole('button', { name: /allowed/ })
    .first()
    .click();
  const request = page.getByRole('region', { name: 'The request', exact: true });
  await request.getByText('is edited').waitFor();
  await request.locator('mark').filter({ hasText: 'grace@example.com' }).waitFor();
  await request.getByText('After').click();
  await request.locator('mark').filter({ hasText: '[redacted:email]' }).waitFor();
  await ada.assertAccessible('trying a recorded message');
  await ada.screenshot('policy-try-recorded');
});

test('a draft is run over the record: what it would do, newly, for whom, with differences and links', async () => {
  const { page } = ada;
  await tab(page, 'Backtest').click();
  await page.getByRole('button', { name: 'Run over the record' }).click();
  await page.getByText(/^Done: \d+ of \d+ messages judged/).waitFor();
  const tiles = page.getByLabel('What it would do');
  await tiles.getByText('edited', { exact: true }).waitFor();
  await page.getByRole('table', { name: 'For whom' }).getByText(admin.email).waitFor();
  await page.getByRole('table', { name: 'Of which tools' }).getByText('allowed').waitFor();
  const examples = page.getByRole('table', { name: 'Examples' });
  await examples
    .getByRole('row', { name: /allowed/ })
    .getByRole('button', { name: 'Difference' })
    .click();
  const difference = page.getByRole('region', { name: /^Difference/ });
  await difference.locator('mark').filter({ hasText: 'grace@example.com' }).waitFor();
  await ada.assertAccessible('a backtest');
  await ada.screenshot('policy-backtest');
  await page.waitForURL(/run=bkt_/);
  await examples.getByRole('link').first().click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Leave' }).click();
  await page.waitForURL(/\/messages\/msg_/);
});

test('what a shadow would have done is compared with what happened', async () => {
  const { page } = ada;
  await page.goto(`${hub.url}/policies`);
  await page.getByRole('link', { name: 'No forbidden tool' }).click();
  await text(page).waitFor();
  await save(page, 'As a shadow');
  await page.getByText('Version 4').first().waitFor();
  await call('forbidden', { marker: 'watched-one' });
  await recorded(hub, '?server=up', ({ request }) => request?.original?.includes('watched-one') ?? false);
  await tab(page, 'Watched').click();
  await page.getByLabel('Where it only watched').getByText('of these went through untouched').waitFor();
  await page.getByRole('table', { name: 'Examples' }).getByText('would have').first().waitFor();
  await ada.assertAccessible('the comparison of a shadow');
  await ada.screenshot('policy-watched');
});

test('the list is searched and filtered in its address, tells hits, and its actions can be undone', async () => {
  const { page } = ada;
  await page.goto(`${hub.url}/policies?mode=shadow`);
  const rows = page.getByRole('table', { name: 'Policies' }).getByRole('row');
  await eventually(async () => (await rows.count()) === 3, 'two shadows and the head');
  await page.getByRole('searchbox').fill('forbidden');
  await page.waitForURL(/q=forbidden/);
  await eventually(async () => (await rows.count()) === 2);
  await page
    .getByRole('row', { name: /No forbidden tool/ })
    .getByText(/hit/)
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Actions for No forbidden tool' }).click();
  await page.getByRole('menuitem', { name: 'Switch off' }).click();
  await page.getByText('No forbidden tool: draft').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('No forbidden tool: shadow').waitFor();
  await page.getByLabel('Mode').selectOption('draft');
  await page.getByRole('heading', { name: 'No policy fits' }).waitFor();
  await page.getByRole('button', { name: 'Clear the filters' }).click();
  await eventually(async () => (await rows.count()) === 3);
  await ada.pressUntil(['Control+k'], () => page.getByRole('combobox', { name: 'Search' }).isVisible());
  await page.keyboard.type('No forbidden');
  await page.getByRole('option', { name: /No forbidden tool/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/policies\/pol_/);
});

test('policies come in as YAML after one has seen what would change', async () => {
  verifies('MV-REQ-071');
  const { page } = ada;
  await page.goto(`${hub.url}/policies?open=import`);
  const dialog = page.getByRole('dialog', { name: 'Import policies' });
  const both = `${refusing.replace('severity: high', 'severity: critical').replace('# Ours\n', '# Ours\nmode: shadow\n')}---\nname: Imported\nreason: r\nmode: draft\nactions: [{ type: alert }]\n`;
  await dialog
    .getByLabel('Or its text')
    .fill(`${both}---\nname: Bad\nreason: r\ncondition: nothing\nactions: [{ type: refuse }]\n`);
  await dialog.getByRole('button', { name: 'See what would change' }).click();
  await dialog.getByText('has to be mended').waitFor();
  await dialog.getByLabel('Or its text').fill(both);
  await dialog.getByRole('button', { name: 'See what would change' }).click();
  await dialog.getByRole('list', { name: 'What would change' }).getByText('is added').first().waitFor();
  await ada.assertAccessible('the import');
  await ada.screenshot('policy-import');
  await dialog.getByRole('button', { name: 'Make 2 changes' }).click();
  await page.getByRole('row', { name: /Imported/ }).waitFor();
  const { items } = await hub.api<{ items: { name: string; severity: string }[] }>(
    'GET',
    '/api/v1/policies/definitions',
  );
  assert.equal(items.find(({ name }) => name === 'No forbidden tool')?.severity, 'critical');
  await page.getByRole('button', { name: 'Library, import and export' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Export all as YAML' }).click();
  assert.equal((await download).suggestedFilename(), 'policies.yaml');
});

test('detectors say how well they do, and which policies use each', async () => {
  const { page } = ada;
  await page.goto(`${hub.url}/detectors`);
  await page
    .getByRole('row', { name: /GitHub token/i })
    .getByRole('link', { name: 'Secrets stay where they are' })
    .waitFor();
  await page.getByText(/was measured to do/).click();
  await page
    .getByRole('table', { name: 'Attacks found, by kind' })
    .getByRole('row', { name: /tool_poison/ })
    .waitFor();
  await ada.assertAccessible('the detectors');
  await ada.screenshot('detectors');
});

test('a conversation is replayed step by step from the record', async () => {
  const { page } = ada;
  const label = {
    name: 'Label',
    reason: 'r',
    directions: ['call'],
    actions: [{ type: 'tag', tags: ['seen'], of: 'session' }],
  };
  await hub.api('POST', '/api/v1/policies/definitions', label);
  const client = createBareClient(hub.mcp('up'), (await hub.createToken()).token);
  await client.open();
  for (const marker of ['replay-one', 'replay-two', 'replay-three'])
    await client.call('tools/call', { name: 'allowed', arguments: { marker } });
  client.close();
  const { id } = await recorded(
    hub,
    '?server=up',
    ({ request }) => request?.original?.includes('replay-three') ?? false,
  );
  await page.goto(`${hub.url}/messages/${id}`);
  await page.getByRole('link', { name: 'Replay the conversation' }).click();
  const position = page.getByRole('status').filter({ hasText: /^Step/ });
  await position.waitFor();
  const message = page.getByRole('article');
  await message.getByText('replay-three').first().waitFor();
  await ada.pressUntil(['Home'], async () => (await position.textContent())?.startsWith('Step 1 ') ?? false);
  await page.getByRole('button', { name: 'Next' }).click();
  await ada.pressUntil(['End'], async () => {
    const [, step, of] = /Step (\d+) of (\d+)/.exec((await position.textContent()) ?? '') ?? [];
    return step !== undefined && step === of;
  });
  await page.getByLabel('The conversation up to here').getByText('seen').waitFor();
  await ada.assertAccessible('a conversation');
  await ada.screenshot('conversation');
  await page.getByRole('button', { name: 'Previous' }).click();
  await page.waitForURL(/at=msg_/);
});

test('each page fits a phone in the dark, and is accessible there', async () => {
  await using person = await browser.person({ phone: true, theme: 'dark' });
  const { page } = person;
  await signIn(page);
  const { items } = await hub.api<{ items: { id: string; name: string }[] }>('GET', '/api/v1/policies/definitions');
  const policy = items.find(({ name }) => name === 'No forbidden tool')?.id;
  const { id } = await recorded(hub, '?server=up', ({ request }) => request?.original?.includes('replay-two') ?? false);
  const at = `/policies/${policy}`;
  const paths = ['/policies', '/policies?open=library', '/policies/new', at, `${at}?tab=try`, `${at}?tab=backtest`];
  for (const path of [
    ...paths,
    `${at}?tab=shadow`,
    `${at}?tab=versions`,
    '/detectors',
    `/messages/${id}/conversation`,
  ]) {
    await page.goto(hub.url + path);
    await page.getByRole('heading').first().waitFor();
    await page
      .getByRole('status', { name: /^Loading|^Reading/ })
      .first()
      .waitFor({ state: 'detached' });
    await person.assertAccessible(`${path} on a phone`);
    assert.equal(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth'), 0, `${path} fits`);
    await person.screenshot(`phone-${path.replaceAll(/\W+/g, '-').replace(String(policy), 'policy').slice(0, 60)}`);
  }
  await page.goto(hub.url + at);
  await page.getByText('Text', { exact: true }).click();
  await text(page).waitFor();
  await person.screenshot('phone-policy-text');
  assert.deepEqual(person.troubles(), []);
});

test('who may only read sees what each policy says, and nothing that writes', async () => {
  const audrey = {
    email: 'audrey@example.com',
    name: 'Audrey',
    role: 'auditor',
    password: 'a long enough password for her',
  };
  await hub.api('POST', '/api/v1/members', audrey);
  await using person = await browser.person();
  const { page } = person;
  await signIn(page, audrey);
  await page.goto(`${hub.url}/policies`);
  await page.getByRole('link', { name: 'No forbidden tool' }).click();
  await text(page).waitFor();
  assert.equal(await text(page).getAttribute('contenteditable'), 'false');
  assert.equal(await page.getByRole('button', { name: 'Save…' }).count(), 0);
  assert.equal(await tab(page, 'Try').count(), 0);
  await tab(page, 'Versions').click();
  await page.getByText('Version 1').first().waitFor();
  await person.assertAccessible('a policy to read');
});

test('nothing went wrong in the console on the way', () => {
  assert.deepEqual(ada.troubles(), []);
});
