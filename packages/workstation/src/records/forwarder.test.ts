import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Ambient } from '@mcpvault/domain/ambient';
import { createSortableIds } from '@mcpvault/domain/sortable-ids';
import type { Log, MessageDraft } from '@mcpvault/gateway/ports';
import { frameOf } from '@mcpvault/gateway/recording/frame';
import { LinkFailure } from '../link/link-failure.ts';
import { writeJson } from '../state/json-file.ts';
import { stateFolder } from '../state/state-folder.ts';
import { createFakeLink } from '../testing/fake-link.ts';
import { type BridgeJournal, openBridgeJournal } from './bridge-journal.ts';
import { createForwarder } from './forwarder.ts';
import { createLocalSealer } from './local-sealer.ts';
import { blocksIn } from './read-journals.ts';

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };
const random = { bytes: (length: number) => randomBytes(length) };
const clock = { now: () => Date.now(), micros: () => performance.now() * 1000 };
const ambient: Ambient = { clock, random, ids: createSortableIds(clock, random) };
const secret = 'ghp_EXAMPLEexampleEXAMPLEexample0123456789';

async function setting(first: 'originals' | 'outline' | 'none' = 'originals') {
  let whatIsTold = first;
  const folder = await mkdtemp(join(tmpdir(), 'mcpvault-forward-'));
  const state = stateFolder(folder);
  const whole = createLocalSealer(randomBytes(32), random);
  let opened = 0;
  const sealer: typeof whole = {
    ...whole,
    open(...block) {
      opened += 1;
      return whole.open(...block);
    },
  };
  const link = createFakeLink();
  const running = new Set([1]);
  const forwarderSince = (since: number) =>
    createForwarder({
      ...{ state, link, sealer, since, now: clock.now },
      tells: () => whatIsTold,
      isRunning: (pid) => running.has(pid),
    });
  await writeJson(state.enrolment, {});
  return {
    ...{ state, link, running, forwarderSince },
    opened: () => opened,
    wants: (next: typeof first) => void (whatIsTold = next),
    forwarder: () => forwarderSince(0),
    bridge: () =>
      openBridgeJournal({
        ...{
          state,
          sealer,
          ambient,
          log: quiet,
          server: 'tools',
          pid: 1,
          maxBytes: 64 * 1024 * 1024,
          whenFull: 'lose',
        },
        isRunning: () => true,
      }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

const { signal } = new AbortController();

function idOf(number: number): `msg_${string}` {
  return `msg_${String(number).padStart(8, '0')}`;
}

function draft(number: number): MessageDraft {
  return {
    ...({ id: idOf(number), organization: 'org_1', at: 1_000 + number, member: 'mem_1', token: null } as const),
    ...({
      conversation: 'con_1',
      client: 'test/1',
      endpoint: 'tools',
      server: 'srv_local1',
      serverName: 'tools',
    } as const),
    ...({
      direction: 'call',
      method: 'tools/call',
      target: 'echo',
      protocol: '2025-11-25',
      outcome: 'answered',
    } as const),
    ...{ code: null, reason: null, durationUs: 10, upstreamUs: 5, role: 'member', actedBy: null },
    requestEdits: [
      { start: 1, end: 2, replacement: 'x', layer: 'workstation', policy: 'pol_local1', reason: 'why', detector: null },
    ],
    ...{ responseEdits: [], requestFindings: [], responseFindings: [], parameters: null, trace: null },
    judged: {
      call: {
        rules: [],
        alerts: [
          {
            policy: 'pol_local1',
            version: 1,
            name: 'p',
            title: 'Seen',
            severity: 'low',
            findings: {},
            outcome: 'edited',
          },
        ],
      },
    },
  };
}

async function write(journal: BridgeJournal, from: number, to: number): Promise<void> {
  const done: Promise<void>[] = [];
  for (let number = from; number < to; number += 1) {
    done.push(
      new Promise((resolve, reject) =>
        journal.recorder.append(draft(number), Buffer.from(`{"n":${number}}`), Buffer.from(secret), (error) =>
          error === null ? resolve() : reject(error),
        ),
      ),
    );
  }
  await Promise.all(done);
}

function messagesIn(link: ReturnType<typeof createFakeLink>): string[] {
  return [...link.journals.values()].flatMap((items) =>
    items.flatMap((item) => (item.type === 'message' ? [item.id] : [])),
  );
}

function numbered(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, index) => idOf(from + index));
}

test('everything arrives once and in order, with its originals, its edits and its alerts, while the bridge still writes', async () => {
  await using all = await setting();
  const journal = await all.bridge();
  const forwarder = all.forwarder();
  await write(journal, 0, 300);
  assert.equal(await forwarder.forward(signal), 600, 'each message has an alert');
  await write(journal, 300, 1_000);
  await forwarder.forward(signal);
  await forwarder.forward(signal);
  assert.deepEqual(messagesIn(all.link), numbered(0, 1_000));
  const [first, alert] = [...all.link.journals.values()][0] ?? [];
  assert.ok(first?.type === 'message' && alert?.type === 'alert');
  assert.equal(Buffer.from(first.response.original ?? '', 'base64').toString(), secret);
  assert.equal(first.request.edits[0]?.layer, 'workstation');
  assert.equal(alert.message, first.id);
  await journal.close();
});

test('a hub that takes and does not answer, and an agent that dies at any moment, change nothing about that', async () => {
  await using all = await setting();
  const journal = await all.bridge();
  let asked = 0;
  all.link.mood = () => (['lose', 'away', 'answer', 'lose'] as const)[asked++ % 4] ?? 'answer';
  for (let round = 0; round < 40; round += 1) {
    if (round < 10) await write(journal, round * 30, (round + 1) * 30);
    // A new one each time: nothing of the one before is left but what lies on the disk.
    await all
      .forwarder()
      .forward(signal)
      .catch((error: unknown) => assert.ok(error instanceof LinkFailure));
    if (round % 7 === 3) await rm(all.state.ledger, { force: true });
  }
  all.link.mood = () => 'answer';
  await all.forwarder().forward(signal);
  assert.deepEqual(messagesIn(all.link), numbered(0, 300));
  await journal.close();
});

test('while the hub is away, each try is one and the same batch: nothing is read or opened for it', async () => {
  await using all = await setting();
  const journal = await all.bridge();
  for (let at = 0; at < 1_500; at += 100) await write(journal, at, at + 100);
  const tried: unknown[] = [];
  const { ask } = all.link;
  all.link.ask = (name, input, options) => {
    if (name === 'records') tried.push(input);
    return ask(name, input, options);
  };
  all.link.mood = () => 'away';
  const forwarder = all.forwarder();
  const away = () => assert.rejects(forwarder.forward(signal), LinkFailure);
  await away();
  const once = all.opened();
  assert.ok(once > 0 && once < 15, `${once} of 15 or more blocks were opened for one batch`);
  for (let round = 0; round < 20; round += 1) await away();
  assert.equal(all.opened(), once);
  assert.equal(tried.length, 21);
  assert.equal(new Set(tried).size, 1);
  assert.ok((forwarder.waiting()?.waiting ?? 0) >= 1_500);
  all.link.mood = () => 'lose';
  await away();
  all.link.mood = () => 'answer';
  await forwarder.forward(signal);
  assert.deepEqual(messagesIn(all.link), numbered(0, 1_500));
  await journal.close();
});

test('what waits is not said in words that are no longer wanted', async () => {
  await using all = await setting();
  const journal = await all.bridge();
  await write(journal, 0, 3);
  all.link.mood = () => 'away';
  const forwarder = all.forwarder();
  await assert.rejects(forwarder.forward(signal), LinkFailure);
  all.link.mood = () => 'answer';
  all.wants('outline');
  await forwarder.forward(signal);
  assert.deepEqual(messagesIn(all.link), numbered(0, 3));
  assert.ok(!JSON.stringify(all.link.asked).includes(Buffer.from(secret).toString('base64')));
  // Taken, but without an answer; then nothing is to be told for a while.
  await write(journal, 3, 6);
  all.link.mood = () => 'lose';
  await assert.rejects(forwarder.forward(signal), LinkFailure);
  all.wants('none');
  all.link.mood = () => 'answer';
  await forwarder.forward(signal);
  all.wants('outline');
  await write(journal, 6, 9);
  await forwarder.forward(signal);
  assert.deepEqual(messagesIn(all.link), numbered(0, 9));
  await journal.close();
});

test('what is not to be told stays here: originals, or all of it, and everything from before the enrolment', async () => {
  await using outline = await setting('outline');
  const first = await outline.bridge();
  await write(first, 0, 3);
  await outline.forwarder().forward(signal);
  assert.deepEqual(messagesIn(outline.link), numbered(0, 3));
  assert.ok(!JSON.stringify(outline.link.asked).includes(Buffer.from(secret).toString('base64')));
  await first.close();

  await using none = await setting('none');
  const second = await none.bridge();
  await write(second, 0, 3);
  await none.forwarder().forward(signal);
  assert.equal(none.link.asked.length, 0);
  await second.close();

  await using later = await setting();
  const third = await later.bridge();
  await write(third, 0, 10);
  await later.forwarderSince(1_005).forward(signal);
  assert.deepEqual(messagesIn(later.link), numbered(5, 10));
  await third.close();
});

test('the journal of a bridge that has ended goes once all of it has arrived, and not before', async () => {
  await using all = await setting();
  const journal = await all.bridge();
  await write(journal, 0, 5);
  await journal.close();
  const left = async () => (await readdir(all.state.journals)).length;
  all.running.clear();
  all.link.mood = () => 'away';
  await all
    .forwarder()
    .forward(signal)
    .catch(() => undefined);
  assert.equal(await left(), 1);
  all.link.mood = () => 'answer';
  await all.forwarder().forward(signal);
  assert.equal(await left(), 0);
  assert.deepEqual(messagesIn(all.link), numbered(0, 5));
});

test('what could not be written is told as lost, once, whatever happens in between', async () => {
  await using all = await setting();
  const journal = await all.bridge();
  await write(journal, 0, 2);
  const [folder = ''] = await readdir(all.state.journals);
  await writeJson(join(all.state.journals, folder, 'owner.json'), { pid: 1, server: 'tools', since: 5, lost: 7 });
  all.link.mood = (name) => (name === 'records' && all.link.asked.length === 1 ? 'lose' : 'answer');
  await all
    .forwarder()
    .forward(signal)
    .catch(() => undefined);
  all.link.mood = () => 'answer';
  await all.forwarder().forward(signal);
  await write(journal, 2, 4);
  await all.forwarder().forward(signal);
  const items = [...all.link.journals.values()].flat();
  assert.deepEqual(
    items.flatMap((item) => (item.type === 'lost' ? [item.items] : [])),
    [7],
  );
  assert.deepEqual(messagesIn(all.link), numbered(0, 4));
  await journal.close();
});

test('a ledger that is lost after bridges have let go of what had arrived costs nothing that comes later', async () => {
  await using all = await setting();
  const journal = await all.bridge();
  await write(journal, 0, 30);
  await all.forwarder().forward(signal);
  const [folder = ''] = await readdir(all.state.journals);
  const [segment = ''] = (await readdir(join(all.state.journals, folder))).filter((name) => name.endsWith('.segment'));
  await write(journal, 30, 40);
  // As if the first blocks had lain in a segment of their own, which is gone.
  const kept = (await blocksIn(join(all.state.journals, folder, segment))).slice(1);
  await writeFile(
    join(all.state.journals, folder, segment),
    Buffer.concat(kept.flatMap((block) => [...frameOf(block)])),
  );
  await rm(all.state.ledger);
  await all.forwarder().forward(signal);
  const messages = messagesIn(all.link);
  assert.deepEqual(messages.slice(0, 30), numbered(0, 30));
  for (const id of numbered(30, 40)) assert.ok(messages.includes(id), id);
  await journal.close();
});

test('a bridge lets go of what has arrived, and keeps what has not', async () => {
  await using all = await setting();
  const journal = await all.bridge();
  await write(journal, 0, 50);
  await journal.tidy(true);
  await all.forwarder().forward(signal);
  await journal.tidy(true);
  await write(journal, 50, 60);
  await journal.tidy(true);
  await all.forwarder().forward(signal);
  assert.deepEqual(messagesIn(all.link), numbered(0, 60));
  await journal.close();
});
