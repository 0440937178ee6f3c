// A workstation and a hub over HTTP: who gets in, what is taken once, what is refused.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import type { InputOf, OutputOf } from '@mcpvault/contract/operation';
import type { OperationKey, Operations } from '@mcpvault/contract/operations';
import { openBundle } from '@mcpvault/domain/workstation/signed-bundle';
import { type Answers, type Asks, link, linkHeader, type LinkName, linkRoot } from '@mcpvault/protocol/hub-link/link';
import { createAuditSigner } from '@mcpvault/store/audit/audit-signer';
import { nobody, password } from '../testing/test-hub.ts';
import { createTestHub } from '../testing/test-hub.ts';
import { quiet } from '../testing/quiet.ts';
import { aboutSample, reportSample } from '../testing/workstation-samples.ts';
import { createWorkstations } from './create-workstations.ts';

const hub = await createTestHub();
const organization = await hub.addOrganization();
const admin = await hub.addMember(organization, 'admin', true);
const recorded: string[] = [];
const alerted: string[] = [];
const workstations = createWorkstations({
  ...{ database: hub.database, stores: hub.stores, identities: hub.identities, catalog: hub.catalog },
  signer: createAuditSigner({ masterKey: Buffer.alloc(32, 7), executor: hub.database.kysely, ambient: hub.ambient }),
  ...{ sealer: hub.keyring, changes: hub.changes, ambient: hub.ambient, log: quiet, proxies: 0 },
  alerted: (of) => void alerted.push(of),
  recorded: (records) => void recorded.push(...records.map(({ id }) => id)),
});
hub.changes.subscribe(workstations);
const server = createServer((request, response) => workstations.face(request, response, request.url ?? ''));
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}${linkRoot}`;
after(async () => {
  workstations.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await hub.stop();
});

interface Said<Name extends LinkName> {
  readonly status: number;
  readonly body: Answers<Name>;
  readonly code: string | undefined;
  readonly etag: string | null;
}

async function ask<Name extends LinkName>(
  name: Name,
  input: Asks<Name>,
  credential?: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Said<Name>> {
  const { method, path } = link[name];
  const { id, ...others } = { id: '', ...input };
  const rest = path.includes('{id}') ? others : input;
  const response = await fetch(root + path.replace('{id}', id), {
    method,
    headers: {
      [linkHeader]: '1',
      'content-type': 'application/json',
      ...(credential === undefined ? {} : { authorization: `Bearer ${credential}` }),
      ...headers,
    },
    ...(method === 'GET' ? {} : { body: JSON.stringify(rest) }),
  });
  const text = await response.text();
  const body = text === '' ? {} : JSON.parse(text);
  return { status: response.status, body, code: body.code, etag: response.headers.get('etag') };
}

const run = <Key extends OperationKey>(key: Key, input: InputOf<Operations[Key]>): Promise<OutputOf<Operations[Key]>> =>
  hub.execute(key, input, admin);

let machines = 0;
function about(name = 'laptop') {
  machines += 1;
  return { ...aboutSample, name, machine: `machine-${String(machines).padStart(16, '0')}` };
}

async function signIn(email: string): Promise<string> {
  return (await hub.execute('login', { email, password }, nobody)).accessToken;
}

async function enrolled() {
  const { body, status } = await ask('enrol', { about: about() }, await signIn(admin.email));
  assert.equal(status, 200);
  return body;
}

const quietPoll = { agentVersion: '0.1.0', bundle: null, scannedAt: null, journal: null, jobs: 5, wait: 0 };

function message(id: `msg_${string}`): Extract<Asks<'records'>['items'][number]['item'], { type: 'message' }> {
  const original = Buffer.from('{"secret":"abcdef"}').toString('base64');
  return {
    ...{ type: 'message', id, at: 1000, conversation: null, client: 'cursor/1', serverName: 'files', server: null },
    ...{ direction: 'call', method: 'tools/call', target: 'read', protocol: '2025-11-25', outcome: 'answered' },
    ...{ code: null, reason: null, durationUs: 50, upstreamUs: 40, parameters: null, trace: null, judged: null },
    request: {
      original,
      edits: [
        {
          ...{ start: 11, end: 17, replacement: '***', layer: 'hub', policy: 'pol_1', reason: 'a secret' },
          detector: 'github-token',
        },
      ],
      findings: [],
    },
    response: { original: null, edits: [], findings: [] },
  };
}

test('a member enrols a computer in person, and the same computer stays the same workstation', async () => {
  const token = await signIn(admin.email);
  const computer = about();
  const first = await ask('enrol', { about: computer }, token);
  assert.equal(first.status, 200);
  assert.equal(first.body.member.email, admin.email);
  const again = await ask('enrol', { about: { ...computer, name: 'renamed' } }, token);
  assert.equal(again.body.workstation, first.body.workstation);
  assert.equal((await run('getWorkstation', { id: first.body.workstation })).name, 'renamed');
  assert.equal((await ask('poll', quietPoll, first.body.accessToken)).status, 401, 'the credential of before is over');
  assert.equal((await ask('poll', quietPoll, again.body.accessToken)).status, 200);
});

test('without a sign-in or an enrolment key nobody enrols, and no workstation is made', async () => {
  const before = (await run('listWorkstations', { limit: 200 })).items.length;
  const key = await run('createToken', { name: 'key' });
  for (const credential of [undefined, 'mcpa_nobody', 'mcpe_nobody', 'nonsense']) {
    assert.equal((await ask('enrol', { about: about() }, credential)).status, 401);
  }
  assert.equal((await ask('enrol', { about: about() }, key.token)).status, 401);
  assert.equal((await run('listWorkstations', { limit: 200 })).items.length, before);
});

test('an enrolment key is good for as many workstations as it says, for the member it names', async () => {
  const member = await hub.addMember(organization, 'member');
  const { key } = await run('createEnrolmentKey', { name: 'mdm', member: member.id, usesAtMost: 2 });
  for (const status of [200, 200, 401]) {
    const { body, ...answer } = await ask('enrol', { about: about(), member: admin.email }, key);
    assert.equal(answer.status, status);
    if (status === 200) assert.equal(body.member.id, member.id, 'who installs cannot say otherwise');
  }
});

test('a key that names nobody takes the member from whoever installs, and is not used up by a wrong name', async () => {
  const { key } = await run('createEnrolmentKey', { name: 'open', usesAtMost: 1 });
  assert.equal((await ask('enrol', { about: about() }, key)).status, 400);
  assert.equal((await ask('enrol', { about: about(), member: 'nobody@example.com' }, key)).status, 404);
  const stranger = await hub.addMember(await hub.addOrganization('Other'), 'member');
  assert.equal((await ask('enrol', { about: about(), member: stranger.email }, key)).status, 404);
  assert.equal((await ask('enrol', { about: about(), member: admin.email }, key)).status, 200);
});

test('a revoked or expired enrolment key lets nobody in', async () => {
  const revoked = await run('createEnrolmentKey', { name: 'revoked' });
  await run('revokeEnrolmentKey', { id: revoked.id });
  assert.equal((await ask('enrol', { about: about(), member: admin.email }, revoked.key)).status, 401);
  const short = await run('createEnrolmentKey', { name: 'short' });
  hub.ambient.clock.time += 8 * 86_400_000;
  assert.equal((await ask('enrol', { about: about(), member: admin.email }, short.key)).status, 401);
});

test('the credential is new after each use; a lost answer can be asked for again', async () => {
  const first = await enrolled();
  const lost = await ask('refresh', { credential: first.credential });
  assert.equal(lost.status, 200);
  const again = await ask('refresh', { credential: first.credential });
  assert.equal(again.status, 200, 'the answer was lost, and nothing of it was used');
  assert.equal((await ask('poll', quietPoll, lost.body.accessToken)).status, 401);
  assert.equal((await ask('poll', quietPoll, again.body.accessToken)).status, 200);
});

test('a credential that is used a second time ends the access of whoever has it', async () => {
  const first = await enrolled();
  const second = (await ask('refresh', { credential: first.credential })).body;
  assert.equal((await ask('poll', quietPoll, second.accessToken)).status, 200);
  assert.equal((await ask('refresh', { credential: first.credential })).status, 401);
  assert.equal((await ask('poll', quietPoll, second.accessToken)).status, 401, 'also of the one that is newer');
  assert.equal((await ask('refresh', { credential: second.credential })).status, 401);
  const { state, stateWhy } = await run('getWorkstation', { id: first.workstation });
  assert.equal(state, 'revoked');
  assert.match(stateWhy ?? '', /used again/);
  const { items } = await run('listAudit', { subject: first.workstation });
  assert.ok(items.some(({ action }) => action === 'workstations.credential-reused'));
});

test('an access token ends, and refreshing goes on', async () => {
  const first = await enrolled();
  hub.ambient.clock.time += 15 * 60_000;
  assert.equal((await ask('poll', quietPoll, first.accessToken)).status, 401);
  const { accessToken } = (await ask('refresh', { credential: first.credential })).body;
  assert.equal((await ask('poll', quietPoll, accessToken)).status, 200);
});

test('a revoked workstation is refused at its next request, and a waiting poll at once', async () => {
  const { workstation, accessToken, credential } = await enrolled();
  const { bundle } = (await ask('poll', quietPoll, accessToken)).body;
  const waiting = ask('poll', { ...quietPoll, bundle, wait: 25 }, accessToken);
  // Once it waits, it is there to be woken; before, it is refused without waiting.
  await run('revokeWorkstation', { id: workstation, reason: 'lost on a train' });
  assert.equal((await waiting).status, 401);
  assert.equal((await ask('refresh', { credential })).status, 401);
});

test('who is shut out is told so, and may be let in again', async () => {
  const { workstation, accessToken } = await enrolled();
  await run('updateWorkstation', { id: workstation, disabled: true });
  assert.equal((await ask('poll', quietPoll, accessToken)).code, 'forbidden');
  await run('updateWorkstation', { id: workstation, disabled: false });
  assert.equal((await ask('poll', quietPoll, accessToken)).status, 200);
});

test('with its member a workstation ends', async () => {
  const member = await hub.addMember(organization, 'member', true);
  const { body } = await ask('enrol', { about: about() }, await signIn(member.email));
  assert.equal((await ask('poll', quietPoll, body.accessToken)).status, 200);
  await run('updateMember', { id: member.id, disabled: true });
  assert.equal((await ask('poll', quietPoll, body.accessToken)).status, 401);
  assert.equal((await ask('refresh', { credential: body.credential })).status, 401);
});

test('members see their own workstations, and those of others as if they did not exist', async () => {
  const member = await hub.addMember(organization, 'member', true);
  const own = (await ask('enrol', { about: about() }, await signIn(member.email))).body.workstation;
  const other = (await enrolled()).workstation;
  const { items } = await hub.execute('listWorkstations', {}, member);
  assert.deepEqual(
    items.map(({ id }) => id),
    [own],
  );
  await assert.rejects(hub.execute('getWorkstation', { id: other }, member), { code: 'not_found' });
  await assert.rejects(
    hub.execute('createAgentJob', { workstation: other, job: { kind: 'scan', input: {} } }, member),
    {
      code: 'not_found',
    },
  );
  await assert.rejects(hub.execute('updateWorkstation', { id: own, disabled: true }, member), { code: 'forbidden' });
});

test('a bundle opens with the keys from enrolling, and its version grows only when what it says differs', async () => {
  const { workstation, accessToken, keys } = await enrolled();
  const first = await ask('bundle', {}, accessToken);
  const now = hub.ambient.clock.now();
  const opened = openBundle(first.body, { workstation, keys, newest: null, now });
  assert.ok('bundle' in opened);
  assert.equal(opened.bundle.member.email, admin.email);
  assert.equal((await ask('bundle', {}, accessToken, { 'if-none-match': first.etag ?? '' })).status, 304);
  const policy = await run('createPolicy', {
    ...{
      name: 'no cards',
      directions: ['call'],
      detectors: ['payment-card'],
      action: { type: 'redact', style: 'label' },
    },
    reason: 'Cards stay here.',
  });
  const next = await ask('bundle', {}, accessToken, { 'if-none-match': first.etag ?? '' });
  const later = openBundle(next.body, { workstation, keys, newest: opened.bundle.version, now });
  assert.ok('bundle' in later);
  assert.ok(later.bundle.version > opened.bundle.version);
  assert.ok(later.bundle.policies.some(({ id }) => id === policy.id));
  assert.deepEqual(openBundle(first.body, { workstation, keys, newest: later.bundle.version, now }), {
    refused: 'older',
  });
  assert.equal((await ask('poll', quietPoll, accessToken)).body.bundle, later.bundle.version);
});

test('a new signing key is believed by those who know the one before', async () => {
  const { workstation, accessToken, keys } = await enrolled();
  const key = await run('rotateAuditKey', {});
  const { body } = await ask('bundle', {}, accessToken);
  const opened = openBundle(body, { workstation, keys, newest: null, now: hub.ambient.clock.now() });
  assert.ok('bundle' in opened);
  assert.deepEqual(
    opened.bundle.keys.map(({ id }) => id),
    [key.id],
  );
});

test('a policy that changes wakes a waiting poll', async () => {
  const { accessToken } = await enrolled();
  const { bundle } = (await ask('poll', quietPoll, accessToken)).body;
  const waiting = ask('poll', { ...quietPoll, bundle, wait: 25 }, accessToken);
  await run('createPolicy', {
    ...{
      name: 'another',
      directions: ['call'],
      detectors: ['iban'],
      action: { type: 'redact', style: 'label' },
      reason: 'Why not.',
    },
  });
  const woken = (await waiting).body;
  assert.ok(woken.bundle > bundle);
});

test('what holds on the workstation shows at the hub, with the reason where it does not', async () => {
  const { workstation, accessToken } = await enrolled();
  const { bundle } = (await ask('poll', quietPoll, accessToken)).body;
  assert.equal((await ask('bundleApplied', { version: bundle, refused: null }, accessToken)).status, 200);
  assert.equal((await run('getWorkstation', { id: workstation })).bundle.applied, bundle);
  await ask('bundleApplied', { version: bundle, refused: 'not_signed', detail: 'changed on the way' }, accessToken);
  const shown = (await run('getWorkstation', { id: workstation })).bundle;
  assert.deepEqual([shown.applied, shown.refused, shown.detail], [bundle, 'not_signed', 'changed on the way']);
});

const report = {
  ...{ id: 'report-0001', takenAt: 1, agentVersion: '0.1.0', why: 'member', job: null, rules: null },
  clients: reportSample,
} as const satisfies Asks<'report'>;

test('a report is taken once, judged, and shown', async () => {
  const { workstation, accessToken } = await enrolled();
  const first = (await ask('report', report, accessToken)).body;
  assert.deepEqual([first.isNew, first.verdict, first.reasons], [true, 'non_compliant', 1]);
  const again = (await ask('report', report, accessToken)).body;
  assert.deepEqual([again.isNew, again.report], [false, first.report]);
  assert.equal((await run('listScanReports', { workstation })).items.length, 1);
  const { counted, clients } = await run('getScanReport', { id: first.report });
  assert.equal(counted[0]?.code, 'secret-in-plain-sight');
  assert.equal(clients[0]?.servers[0]?.name, 'files');
});

test('two scans compare, and the rules decide what they mean', async () => {
  const { workstation, accessToken } = await enrolled();
  await ask('report', report, accessToken);
  hub.ambient.clock.time += 1000;
  const clean = { ...report, id: 'report-0002', takenAt: hub.ambient.clock.now(), clients: [] };
  const { report: id, verdict } = (await ask('report', clean, accessToken)).body;
  assert.equal(verdict, 'compliant');
  const { servers, findings } = await run('compareScanReports', { id });
  assert.deepEqual(
    servers.map(({ server: name, change }) => [name, change]),
    [['files', 'removed']],
  );
  assert.equal(findings.length, 2);
  await ask('report', { ...report, id: 'report-0003', takenAt: hub.ambient.clock.now() }, accessToken);
  const verdictNow = async () => (await run('getWorkstation', { id: workstation })).report?.verdict;
  assert.equal(await verdictNow(), 'non_compliant');
  const { version: _, ...rules } = await run('getComplianceRules', {});
  const lenient = { ...rules, severities: { 'secret-in-plain-sight': 'off' as const } };
  const { changes } = await run('previewComplianceRules', lenient);
  assert.ok(changes.some((change) => change.workstation === workstation && change.to === 'compliant'));
  assert.equal(await verdictNow(), 'non_compliant', 'a preview changes nothing');
  await run('updateComplianceRules', lenient);
  assert.equal(await verdictNow(), 'compliant');
  await run('updateComplianceRules', rules);
});

test('a report that comes late does not take the place of a newer one', async () => {
  const { workstation, accessToken } = await enrolled();
  const now = hub.ambient.clock.now();
  await ask('report', { ...report, id: 'report-new1', takenAt: now, clients: [] }, accessToken);
  await ask('report', { ...report, id: 'report-old1', takenAt: now - 1000 }, accessToken);
  assert.equal((await run('getWorkstation', { id: workstation })).report?.verdict, 'compliant');
});

test('a workstation that stays silent is overdue', async () => {
  const { workstation, accessToken } = await enrolled();
  await ask('report', { ...report, takenAt: hub.ambient.clock.now() }, accessToken);
  const overdue = async () => (await run('getWorkstation', { id: workstation })).report?.overdue;
  assert.equal(await overdue(), false);
  hub.ambient.clock.time += 49 * 3_600_000;
  assert.equal(await overdue(), true);
});

test('a hostile report is refused clearly, and leaves nothing', async () => {
  const { workstation, accessToken } = await enrolled();
  const [config] = reportSample;
  assert.ok(config);
  const [sample] = config.servers;
  assert.ok(sample);
  const wrong: readonly [string, unknown][] = [
    ['too many servers', { ...report, clients: Array(6).fill({ ...config, servers: Array(1000).fill(sample) }) }],
    ['a name too long', { ...report, clients: [{ ...config, client: 'x'.repeat(201) }] }],
    [
      'a severity of its own',
      { ...report, clients: [{ ...config, findings: [{ ...config.findings[0], severity: 'x' }] }] },
    ],
    ['no list', { ...report, clients: {} }],
    ['an id that is none', { ...report, id: '../../etc' }],
  ];
  for (const [what, body] of wrong) {
    const { status } = await ask('report', body as Asks<'report'>, accessToken);
    assert.ok(status === 400 || status === 413, `${what}: ${status}`);
  }
  assert.equal((await run('listScanReports', { workstation })).items.length, 0);
  const strange = { ...config, path: '/home/\u0000/\ud800', client: 'odd' };
  assert.equal((await ask('report', { ...report, id: 'report-odd1', clients: [strange] }, accessToken)).status, 200);
});

test('another version of the link, another type, or no JSON is refused with what to do', async () => {
  const { accessToken } = await enrolled();
  const old = await ask('poll', quietPoll, accessToken, { [linkHeader]: '9' });
  assert.equal(old.code, 'invalid_request');
  assert.equal((await ask('poll', quietPoll, accessToken, { 'content-type': 'text/plain' })).status, 415);
  const headers = { [linkHeader]: '1', authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' };
  assert.equal((await fetch(`${root}/poll`, { method: 'POST', headers, body: '{' })).status, 400);
  assert.equal((await fetch(`${root}/poll`, { method: 'DELETE', headers })).status, 405);
  assert.equal((await fetch(`${root}/nothing`, { method: 'POST', headers })).status, 404);
});

test('what passed on a workstation is taken once, in order, as its member’s, with the original sealed', async () => {
  const { workstation, accessToken } = await enrolled();
  const ids = [1, 2, 3].map((n) => `msg_${workstation.slice(4)}${n}` as const);
  const items = ids.map((id, sequence) => ({ sequence, item: message(id) }));
  const first = (await ask('records', { journal: 'journal-1', items: items.slice(0, 2) }, accessToken)).body;
  assert.deepEqual(first, { stored: 1, taken: 2, rejected: 0 });
  const again = (await ask('records', { journal: 'journal-1', items }, accessToken)).body;
  assert.deepEqual(again, { stored: 2, taken: 1, rejected: 0 });
  const { items: listed } = await run('listMessages', { workstation });
  assert.deepEqual(listed.map(({ id }) => id).toSorted(), ids);
  assert.deepEqual([listed[0]?.workstation?.id, listed[0]?.member.id], [workstation, admin.id]);
  const shown = await run('getMessage', { id: ids[0] ?? 'msg_none' });
  assert.equal(shown.request?.original, '{"secret":"abcdef"}');
  assert.equal(shown.request?.delivered, '{"secret":"***"}');
  assert.deepEqual(recorded.filter((id) => id.startsWith(`msg_${workstation.slice(4)}`)).length, 3);
});

test('what policies on a workstation raised is in the inbox, once, and can be read when its policy is gone', async () => {
  const { workstation, accessToken } = await enrolled();
  const own = (policies: readonly { id: string; name: string; reason: string }[], changedAt: number) =>
    ask('localPolicies', { policies: [...policies], changedAt }, accessToken);
  await own([{ id: 'pol_local9', name: 'Mine', reason: 'Keys stay on this computer.' }], 5);
  const raised = {
    ...{ policy: 'pol_local9', version: 1, name: 'Mine', title: 'A key\u0007 was seen', severity: 'high' },
    ...{ findings: { 'github-token': 2 }, outcome: 'edited', layer: 'hub' },
  };
  const told = (suffix: string): Asks<'records'>['items'][number]['item'] => ({
    ...message(`msg_${workstation.slice(4)}${suffix}`),
    judged: { call: { rules: [], alerts: [raised, { ...raised, policy: 'nonsense' }, 'nonsense'] } },
  });
  const items = ['a1', 'a2'].map((suffix, sequence) => ({ sequence, item: told(suffix) }));
  const send = (journal: string, some = items) => ask('records', { journal, items: some }, accessToken);
  const both = await Promise.all([send('journal-alerts'), send('journal-alerts', items.slice(0, 1))]);
  assert.deepEqual(
    both.map(({ status }) => status),
    [200, 200],
  );
  await send('journal-alerts');
  // A journal that was begun anew tells of messages that are in the record already.
  assert.equal((await send('journal-again')).body.rejected, 2);
  await own([], 6);
  const { items: listed } = await run('listAlerts', { layer: 'workstation' });
  const mine = listed.filter(({ policy }) => policy?.id === 'pol_local9');
  assert.deepEqual(
    mine.map(({ layer, title, severity, count }) => [layer, title, severity, count]),
    [['workstation', 'A key  was seen', 'high', 2]],
  );
  const { snapshot, messages } = await run('getAlert', { id: mine[0]?.id ?? 'alt_none' });
  assert.deepEqual(messages.toSorted(), items.map(({ item }) => (item.type === 'message' ? item.id : '')).toSorted());
  assert.deepEqual([snapshot.policy?.name, snapshot.policy?.reason], ['Mine', 'Keys stay on this computer.']);
  assert.deepEqual(snapshot.findings, { 'github-token': 2 });
  assert.ok(alerted.length > 0 && alerted.every((of) => of === organization));
});

test('a workstation that makes up policies fills the inbox so far and no further', async () => {
  const { workstation, accessToken } = await enrolled();
  const before = (await run('countAlerts', {})).open;
  const items = Array.from({ length: 11 }, (_, at) => ({
    sequence: at,
    item: {
      ...message(`msg_${workstation.slice(4)}f${at}`),
      judged: {
        call: {
          rules: [],
          alerts: Array.from({ length: 40 }, (_each, number) => ({
            ...{ policy: `pol_madeup${at}n${number}`, version: 1, name: 'n', title: 't', severity: 'low' },
            ...{ findings: {}, outcome: 'allowed' },
          })),
        },
      },
    },
  }));
  assert.equal((await ask('records', { journal: 'journal-flood', items }, accessToken)).body.taken, 11);
  const { open } = await run('countAlerts', {});
  assert.ok(open - before <= 201, `${open - before} new alerts`);
});

test('two batches at once are taken as one after the other', async () => {
  const { workstation, accessToken } = await enrolled();
  const items = [0, 1, 2, 3].map((sequence) => ({
    sequence,
    item: message(`msg_${workstation.slice(4)}t${sequence}`),
  }));
  const both = await Promise.all(
    [items, items.slice(0, 3)].map((some) => ask('records', { journal: 'journal-2', items: some }, accessToken)),
  );
  assert.equal((both[0]?.body.taken ?? 0) + (both[1]?.body.taken ?? 0), 4);
  assert.equal((await run('listMessages', { workstation })).items.length, 4);
});

test('a gap shows, what was lost is in the audit log, and what no record could take is counted', async () => {
  const { workstation, accessToken } = await enrolled();
  const good = message(`msg_${workstation.slice(4)}g`);
  const unfit = {
    ...message(`msg_${workstation.slice(4)}u`),
    request: { ...good.request, edits: [{ ...good.request.edits[0], end: 999 }] },
  };
  const items = [
    { sequence: 3, item: good },
    { sequence: 4, item: unfit },
    { sequence: 7, item: { type: 'lost', at: 5, items: 12, why: 'disk full' } },
  ] as Asks<'records'>['items'];
  const { body } = await ask('records', { journal: 'journal-3', items }, accessToken);
  assert.deepEqual(body, { stored: 7, taken: 2, rejected: 1 });
  const [journal] = (await run('getWorkstation', { id: workstation })).journals;
  assert.deepEqual(journal?.missing, [
    { from: 0, to: 2 },
    { from: 5, to: 6 },
  ]);
  assert.deepEqual([journal?.lost, journal?.rejected], [12, 1]);
  const { items: entries } = await run('listAudit', { subject: workstation });
  assert.ok(entries.some(({ action }) => action === 'messages.lost'));
  const wrong = [items[1], items[0]] as Asks<'records'>['items'];
  assert.equal((await ask('records', { journal: 'journal-3', items: wrong }, accessToken)).status, 400);
});

test('originals are not kept where the organization does not want them, whatever a workstation sends', async () => {
  const settings = await run('getWorkstationSettings', {});
  await run('updateWorkstationSettings', { ...settings, messages: 'outline' });
  const { workstation, accessToken } = await enrolled();
  const id = `msg_${workstation.slice(4)}o` as const;
  await ask('records', { journal: 'journal-4', items: [{ sequence: 0, item: message(id) }] }, accessToken);
  const shown = await run('getMessage', { id });
  assert.deepEqual([shown.request, shown.response], [null, null]);
  await run('updateWorkstationSettings', settings);
});

test('a job is given to one poll, comes again when its lease ran out, and ends once', async () => {
  const { workstation, accessToken } = await enrolled();
  const { id } = await run('createAgentJob', { workstation, job: { kind: 'scan', input: {} }, reason: 'audit' });
  const [one, other] = await Promise.all([ask('poll', quietPoll, accessToken), ask('poll', quietPoll, accessToken)]);
  const given = [...one.body.jobs, ...other.body.jobs];
  assert.deepEqual(
    given.map((job) => [job.id, job.attempt, job.needsConsent, job.requestedBy, job.reason]),
    [[id, 1, false, admin.email, 'audit']],
  );
  hub.ambient.clock.time += 61_000;
  const [again] = (await ask('poll', quietPoll, accessToken)).body.jobs;
  assert.equal(again?.attempt, 2);
  const outcome = { id, state: 'done', detail: 'scanned', report: null, result: null } as const;
  assert.deepEqual((await ask('jobOutcome', { ...outcome, attempt: 1 }, accessToken)).body, { taken: false });
  assert.deepEqual((await ask('jobOutcome', { ...outcome, attempt: 2 }, accessToken)).body, { taken: true });
  assert.deepEqual((await ask('jobOutcome', { ...outcome, attempt: 2 }, accessToken)).body, { taken: false });
  assert.equal((await run('getAgentJob', { id })).state, 'done');
  hub.ambient.clock.time += 120_000;
  assert.deepEqual((await ask('poll', quietPoll, accessToken)).body.jobs, []);
});

test('a job wakes a waiting poll, and its end whoever waits for it', async () => {
  const { workstation, accessToken } = await enrolled();
  const { bundle } = (await ask('poll', quietPoll, accessToken)).body;
  const waiting = ask('poll', { ...quietPoll, bundle, wait: 25 }, accessToken);
  const { id } = await run('createAgentJob', { workstation, job: { kind: 'refresh', input: {} } });
  const [job] = (await waiting).body.jobs;
  assert.equal(job?.id, id);
  const waited = run('getAgentJob', { id, wait: 25 });
  await ask('jobOutcome', { id, attempt: 1, state: 'failed', detail: 'no', report: null, result: null }, accessToken);
  assert.equal((await waited).state, 'failed');
});

test('a job that writes needs its member’s consent, unless the member asked for it', async () => {
  const member = await hub.addMember(organization, 'member', true);
  const { body } = await ask('enrol', { about: about() }, await signIn(member.email));
  const entry = { client: 'cursor', path: '/mcp.json', pointer: '/mcpServers/files', server: 'files' };
  const job = { kind: 'remediate', input: { does: 'remove', entry, to: null, preview: false } } as const;
  const { workstation } = body;
  assert.equal((await run('createAgentJob', { workstation, job })).needsConsent, true);
  const preview = { ...job, input: { ...job.input, preview: true } };
  assert.equal((await run('createAgentJob', { workstation, job: preview })).needsConsent, false);
  assert.equal((await hub.execute('createAgentJob', { workstation, job }, member)).needsConsent, false);
  assert.equal((await hub.execute('listAgentJobs', {}, member)).items.length, 3, 'members see every job for theirs');
});

test('one workstation can neither take nor end the job of another', async () => {
  const one = await enrolled();
  const other = await enrolled();
  const { id } = await run('createAgentJob', { workstation: one.workstation, job: { kind: 'scan', input: {} } });
  assert.deepEqual((await ask('poll', quietPoll, other.accessToken)).body.jobs, []);
  await ask('poll', quietPoll, one.accessToken);
  const outcome = { id, attempt: 1, state: 'done', detail: '', report: null, result: null } as const;
  assert.deepEqual((await ask('jobOutcome', outcome, other.accessToken)).body, { taken: false });
});

test('a cancelled job is neither given out nor ended any more', async () => {
  const { workstation, accessToken } = await enrolled();
  const { id } = await run('createAgentJob', { workstation, job: { kind: 'scan', input: {} } });
  await run('cancelAgentJob', { id });
  assert.deepEqual((await ask('poll', quietPoll, accessToken)).body.jobs, []);
  await assert.rejects(run('cancelAgentJob', { id }), { code: 'conflict' });
});

test('who leaves is over, and what was reported stays', async () => {
  const { workstation, accessToken } = await enrolled();
  await ask('report', report, accessToken);
  assert.equal((await ask('leave', {}, accessToken)).status, 200);
  assert.equal((await ask('poll', quietPoll, accessToken)).status, 401);
  const shown = await run('getWorkstation', { id: workstation });
  assert.deepEqual([shown.state, shown.report?.verdict], ['left', 'non_compliant']);
});

test('policies of the workstation’s own show at the hub, and do not hold where they are forbidden', async () => {
  const { workstation, accessToken } = await enrolled();
  const own = { policies: [{ id: 'pol_local1', name: 'mine', severity: 'high' }], changedAt: 5 };
  assert.deepEqual((await ask('localPolicies', own, accessToken)).body, { setAside: [] });
  const shown = (await run('getWorkstation', { id: workstation })).localPolicies;
  assert.deepEqual(
    shown?.policies.map(({ name, holds }) => [name, holds]),
    [['mine', true]],
  );
  const settings = await run('getWorkstationSettings', {});
  await run('updateWorkstationSettings', { ...settings, localPolicies: 'forbidden' });
  assert.deepEqual((await ask('localPolicies', own, accessToken)).body, { setAside: ['pol_local1'] });
  await run('updateWorkstationSettings', settings);
});
