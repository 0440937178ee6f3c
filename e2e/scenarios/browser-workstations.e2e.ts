// One hub and three computers in homes of their own: each enrols with a key, scans what its clients use, and reports. The hub
// shows how all of them stand, from every side, and ends the access of one.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Browser, openBrowser } from '../actors/browser.ts';
import { admin, type Hub, startHub } from '../actors/start-hub.ts';
import { type WorkstationHome, workstationHome } from '../actors/workstation-home.ts';
import { verifies } from '../requirements.ts';

const secret = 'ghp_EXAMPLEexampleEXAMPLEexample0123456789';
const leaky = JSON.stringify({
  mcpServers: { files: { command: 'npx', args: ['@example/files'], env: { GITHUB_TOKEN: secret } } },
});
const pinned = JSON.stringify({ mcpServers: { files: { command: 'npx', args: ['-y', '@example/files@1.2.3'] } } });

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly online: boolean;
  readonly report: { readonly id: string; readonly verdict: string } | null;
}

let hub: Hub;
let browser: Browser;
const homes = new Map<string, WorkstationHome>();

before(async () => {
  hub = await startHub();
  browser = await openBrowser();
  const made = await hub.api('POST', '/api/v1/enrolment-keys', { name: 'laptops', usesAtMost: 3 });
  const { key } = made as { readonly key: string };
  for (const [name, config] of [
    ['leaky', leaky],
    ['tidy', pinned],
    ['broken', '{ "mcpServers": '],
  ] as const) {
    const home = await workstationHome(hub.url);
    homes.set(name, home);
    await home.write('.cursor/mcp.json', config);
    const about = ['--name', name, '--key', key, '--member', admin.email, '--yes'];
    const enrolled = await home.line.run(['workstation', 'enroll', ...about]);
    assert.equal(enrolled.code, 0, enrolled.err);
    const round = await home.line.run(['workstation', 'run', '--once']);
    assert.equal(round.code, 0, round.err);
  }
});

after(async () => {
  await browser?.[Symbol.asyncDispose]();
  for (const home of homes.values()) await home[Symbol.asyncDispose]();
  await hub?.[Symbol.asyncDispose]();
});

async function workstations(): Promise<ReadonlyMap<string, Listed>> {
  const { items } = (await hub.api('GET', '/api/v1/workstations')) as { readonly items: readonly Listed[] };
  return new Map(items.map((one) => [one.name, one]));
}

test('three computers report, and the hub says of each how it stands', async () => {
  verifies('TV-HUB-04', 'TV-HUB-18', 'TV-HUB-22', 'TV-HUB-23', 'TV-HUB-27', 'TV-HUB-41', 'TV-HUB-40');
  const all = await workstations();
  assert.deepEqual([...all].map(([name, { report, online }]) => [name, report?.verdict, online]).toSorted(), [
    ['broken', 'undetermined', true],
    ['leaky', 'non_compliant', true],
    ['tidy', 'compliant', true],
  ]);
  const compliance = (await hub.api('GET', '/api/v1/compliance')) as {
    readonly total: Readonly<Record<string, unknown>>;
  };
  const { workstations: count, compliant, nonCompliant, undetermined } = compliance.total;
  assert.deepEqual([count, compliant, nonCompliant, undetermined], [3, 1, 1, 1]);
  const report = await hub.api('GET', `/api/v1/scan-reports/${all.get('leaky')?.report?.id}`);
  assert.ok(!JSON.stringify(report).includes(secret), 'what is in a file stays there');
  assert.equal(await homes.get('leaky')?.read('.cursor/mcp.json'), leaky, 'a scan never writes');
});

test('turning a rule off makes a workstation comply that did not', async () => {
  verifies('TV-HUB-19');
  const { version: _, ...rules } = (await hub.api('GET', '/api/v1/compliance/rules')) as Readonly<
    Record<string, unknown>
  >;
  const off = { ...rules, severities: { 'secret-in-plain-sight': 'off' } };
  await hub.api('PUT', '/api/v1/compliance/rules', off);
  assert.equal((await workstations()).get('leaky')?.report?.verdict, 'compliant');
  await hub.api('PUT', '/api/v1/compliance/rules', rules);
  assert.equal((await workstations()).get('leaky')?.report?.verdict, 'non_compliant');
});

test('the console shows all workstations, leads to the file and entry, and asks for a scan', async () => {
  verifies('TV-HUB-42', 'TV-HUB-51');
  for (const phone of [false, true]) {
    await using person = await browser.person({ phone });
    const { page } = person;
    const width = phone ? '-phone' : '';
    await page.goto(`${hub.url}/sign-in`);
    await page.getByLabel('E-mail').fill(admin.email);
    await page.getByLabel('Password').fill(admin.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.goto(`${hub.url}/workstations`);
    await page.getByText('Not compliant').first().waitFor();
    await page.getByText('1 of 3').waitFor();
    await person.assertAccessible('the workstations');
    await person.screenshot(`workstations${width}`);
    await page.getByRole('radiogroup', { name: 'Seen by' }).getByText('Servers').click();
    await page.getByRole('table', { name: 'Compliance by server' }).waitFor();
    await page.getByRole('radiogroup', { name: 'Seen by' }).getByText('Workstations').click();
    await page.getByRole('link', { name: 'leaky', exact: true }).click();
    await page.getByText('has a secret in plain sight').first().waitFor();
    await page.getByText('unmanaged', { exact: true }).first().waitFor();
    assert.ok(!(await page.content()).includes(secret));
    await person.assertAccessible('a workstation');
    await person.screenshot(`workstation${width}`);
    if (phone) continue;
    await page.getByRole('button', { name: 'Scan now' }).click();
    await page.getByText('leaky was asked to scan').waitFor();
    await page.getByRole('table', { name: 'Jobs' }).getByText('queued').waitFor();
    await page.goto(`${hub.url}/workstations`);
    await page.getByRole('button', { name: 'Rules' }).click();
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByText('1 would comply, 1 would not.').waitFor();
    await person.assertAccessible('the compliance rules');
    await person.screenshot('compliance-rules');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Enrolment keys' }).click();
    await page.getByText('3 of 3').waitFor();
    await person.assertAccessible('the enrolment keys');
    await person.screenshot('enrolment-keys');
  }
});

test('the scan that was asked for is done at the next round, and the job says so', async () => {
  verifies('TV-HUB-52');
  const leakyHome = homes.get('leaky');
  assert.ok(leakyHome);
  const round = await leakyHome.line.run(['workstation', 'run', '--once']);
  assert.equal(round.code, 0, round.err);
  const { items } = (await hub.api('GET', '/api/v1/agent-jobs')) as {
    readonly items: readonly { readonly kind: string; readonly state: string }[];
  };
  assert.deepEqual(
    items.map(({ kind, state }) => [kind, state]),
    [['scan', 'done']],
  );
});

test('a revoked workstation is refused at its next request', async () => {
  verifies('TV-HUB-07');
  const id = (await workstations()).get('tidy')?.id;
  await hub.api('POST', `/api/v1/workstations/${id}/revoke`, { reason: 'sold' });
  const tidyHome = homes.get('tidy');
  assert.ok(tidyHome);
  const round = await tidyHome.line.run(['workstation', 'run', '--once']);
  assert.notEqual(round.code, 0, 'it is told that it is not enrolled any more');
});
