import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { keyId } from '@mcpvault/domain/audit/checkpoint';
import { completePolicy } from '@mcpvault/domain/policy/complete-policy';
import { signBundle } from '@mcpvault/domain/workstation/signed-bundle';
import type { AgentJob } from '@mcpvault/protocol/hub-link/agent-job';
import { type Enrolment, readEnrolment } from '../enrolment/enrolment.ts';
import { stateFolder } from '../state/state-folder.ts';
import { type BundlePart, bundleWith } from '../testing/bundles.ts';
import { createFakeLink } from '../testing/fake-link.ts';
import { memoryMachine } from '../testing/memory-machine.ts';
import { createAgent } from './agent.ts';
import { createAgentDiary, readAgentState } from './agent-diary.ts';
import { createJobLedger } from './job-ledger.ts';

function newKey() {
  const { publicKey: made, privateKey: secret } = generateKeyPairSync('ed25519');
  const publicKey = made.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
  return { id: keyId(publicKey), publicKey, secret };
}

async function setting() {
  const folder = await mkdtemp(join(tmpdir(), 'mcpvault-agent-'));
  const state = stateFolder(folder);
  const link = createFakeLink();
  const hubKey = newKey();
  const known = { id: hubKey.id, publicKey: hubKey.publicKey };
  const enrolment: Enrolment = {
    ...{ hub: 'http://hub.example', workstation: 'wst_1', organization: { id: 'org_1', name: 'Acme' } },
    ...{ member: { id: 'mem_1', email: 'ada@example.com' }, keys: [known], pollSeconds: 20, since: 500, about: {} },
  };
  const time = { now: 10_000 };
  const jobs: AgentJob[] = [];
  let bundleVersion = 1;
  let hubAhead = 0;
  const ask = link.ask.bind(link);
  link.ask = (async (name: Parameters<typeof ask>[0], input: never) => {
    const answer = await ask(name, input);
    if (name !== 'poll') return answer;
    return { now: time.now + hubAhead, bundle: bundleVersion, jobs: jobs.splice(0), pollSeconds: 20 };
  }) as typeof ask;
  const machine = memoryMachine('linux', {});
  const said: string[] = [];
  const deps = {
    ...{ link, state, enrolment, agentVersion: '0', random: () => 0.5, trustsHub: false },
    forwarder: { forward: async () => 0, waiting: () => null },
    report: {
      machine,
      managed: async () => ({ local: new Map(), hubs: [] }),
      agentVersion: '0',
      nextId: () => 'rep_own0001',
      now: () => time.now,
    },
    jobs: createJobLedger(state.jobs, (work) => work()),
    work: {
      push: { store: { read: async () => ({ version: 1, servers: [], links: [] }) } } as never,
      bridge: ['mcpvault'],
      scan: async () => ({ clients: [] }),
    },
    diary: createAgentDiary({ path: state.agent, pid: 1, now: () => time.now, say: (text) => void said.push(text) }),
    scorer: () => {
      throw new Error('nothing here looks for injections');
    },
    own: async () => ({ policies: [], changedAt: 0 }),
    clock: {
      now: () => time.now,
      sleep: (_ms: number, signal?: AbortSignal) => pause(1, undefined, { signal }).catch(() => undefined),
    },
  };
  const { signal } = new AbortController();
  return {
    ...{ state, link, time, said, known },
    round: () => createAgent(deps).once(signal),
    offer(part: BundlePart = {}, by = hubKey) {
      const content = bundleWith({ keys: [known], expiresAt: 1_000_000, ...part });
      bundleVersion = content.version;
      link.bundle = signBundle(content, [{ key: by.id, sign: (text) => sign(null, text, by.secret) }]);
      return content;
    },
    give: (job: Partial<AgentJob> & Pick<AgentJob, 'kind'>) =>
      jobs.push({
        ...({
          id: 'job_1',
          input: {},
          attempt: 1,
          needsConsent: false,
          requestedBy: 'eve@example.com',
          reason: '',
        } as const),
        ...{ createdAt: 9_000, expiresAt: 100_000, leasedUntil: 70_000 },
        ...job,
      } as AgentJob),
    setHubClock: (ahead: number) => void (hubAhead = ahead),
    asked: (name: string) =>
      link.asked.filter((one) => one.name === name).map(({ input }) => input as Record<string, unknown>),
    held: async () =>
      JSON.parse((JSON.parse(await readFile(state.bundle, 'utf8')) as { readonly text: string }).text) as {
        readonly version: number;
      },
    deps,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

test('a bundle that is signed, ours and newer holds within one poll, and the hub hears its version', async () => {
  await using all = await setting();
  all.offer({ version: 3 });
  await all.round();
  assert.equal((await all.held()).version, 3);
  assert.deepEqual(all.asked('bundleApplied'), [{ version: 3, refused: null }]);
  assert.equal((await readAgentState(all.state.agent))?.bundle, 3);
  assert.equal(all.asked('report').length, 1, 'and the first scan is reported by its rules');
});

for (const [what, spoil, why] of [
  [
    'was changed on the way',
    (all) =>
      all.link.bundle &&
      (all.link.bundle = { ...all.link.bundle, text: all.link.bundle.text.replace('allowed', 'stricter') }),
    'not_signed',
  ],
  ['was signed by somebody else', (all) => all.offer({ version: 5 }, newKey()), 'not_signed'],
  ['is older', (all) => all.offer({ version: 2 }), 'older'],
  ['is meant for another workstation', (all) => all.offer({ version: 5, workstation: 'wst_2' }), 'not_for_us'],
  ['is over', (all) => all.offer({ version: 5, expiresAt: 9_999 }), 'expired'],
  [
    'has a policy that cannot be used',
    (all) =>
      all.offer({
        version: 5,
        policies: [completePolicy({ id: 'pol_1', name: 'x', condition: 'nothing ==' })] as never,
      }),
    'not_compiled',
  ],
] as const satisfies readonly (readonly [string, (all: Awaited<ReturnType<typeof setting>>) => unknown, string])[]) {
  test(`a bundle that ${what} is refused, the hub hears why, and the one before goes on to hold`, async () => {
    await using all = await setting();
    all.offer({ version: 3 });
    await all.round();
    all.offer({ version: 4 });
    spoil(all);
    await all.round();
    const { version, refused } = all.asked('bundleApplied').at(-1) ?? {};
    assert.equal(refused, why);
    assert.equal(typeof version, 'number');
    assert.equal((await all.held()).version, 3);
    assert.match((await readAgentState(all.state.agent))?.refusedBundle ?? '', /goes on to hold/);
  });
}

test('the keys of a bundle replace those before: the hub can change its key, and an old one is worth nothing then', async () => {
  await using all = await setting();
  const next = newKey();
  all.offer({ version: 2, keys: [{ id: next.id, publicKey: next.publicKey }] });
  await all.round();
  assert.deepEqual((await readEnrolment(all.state.enrolment))?.keys, [{ id: next.id, publicKey: next.publicKey }]);
});

test('a computer whose clock is wrong judges the end of a bundle by the hub’s clock', async () => {
  await using all = await setting();
  all.time.now = 5_000_000_000;
  all.setHubClock(10_000 - all.time.now);
  all.offer({ version: 1, expiresAt: 20_000 });
  await all.round();
  assert.equal((await all.held()).version, 1);
  assert.ok(all.said.some((text) => /seconds apart/.test(text)));
});

test('a job is carried out once: given again it gets the same answer, and one that is over is not begun', async () => {
  await using all = await setting();
  all.offer();
  await all.round();
  all.give({ kind: 'scan' });
  await all.round();
  const reports = all.asked('report').length;
  all.give({ kind: 'scan', attempt: 2 });
  await all.round();
  assert.equal(all.asked('report').length, reports, 'nothing was scanned again');
  const [first, again] = all.asked('jobOutcome');
  assert.deepEqual([first?.state, again?.state, again?.attempt], ['done', 'done', 2]);
  all.give({ kind: 'scan', id: 'job_2', expiresAt: 9_999 });
  await all.round();
  assert.equal(all.asked('jobOutcome').at(-1)?.state, 'refused');
  assert.equal(all.asked('report').length, reports);
});

test('a job that needs the person’s word waits for it, whatever else comes', async () => {
  await using all = await setting();
  all.offer();
  const entry = { client: 'cursor', path: '/x', pointer: '/mcpServers/a', server: 'a' };
  all.give({ kind: 'remediate', needsConsent: true, input: { does: 'adopt', entry, to: null, preview: false } });
  await all.round();
  await all.round();
  assert.deepEqual(
    all.asked('jobOutcome').map(({ state }) => state),
    ['asking'],
  );
  const [known] = await all.deps.jobs.all();
  assert.ok(known !== undefined);
  await all.deps.jobs.keep({ ...known, consent: 'declined' });
  await all.round();
  assert.equal(all.asked('jobOutcome').at(-1)?.state, 'declined');
});

test('an agent whose access was taken away stops, and says so', async () => {
  await using all = await setting();
  all.link.mood = () => 'revoked';
  assert.equal(await createAgent(all.deps).run(new AbortController().signal), 'revoked');
  assert.equal((await readAgentState(all.state.agent))?.isRevoked, true);
});
