// Two hundred sessions of several members on one process that crashes now and then: each session only ever hears its own
// words, whatever they cancel, ask, subscribe to and break. Every session speaks of a word that nobody else knows, and
// everything that reaches it is searched for the words of the others.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { type BareClient, type BareReply, type BareStream, createBareClient } from '../actors/bare-client.ts';
import { eventually, textOf } from '../actors/eventually.ts';
import { actor, type MemoryGateway, overStdio, startMemoryGateway } from '../actors/memory-gateway.ts';
import { verifies } from '../requirements.ts';

const sessions = 200;
const members = 5;
const rounds = 5;
const crashes = 3;

let gateway: MemoryGateway;

before(async () => {
  gateway = await startMemoryGateway({
    servers: [
      { ...overStdio('crowded', [actor('session-server.ts')], 'shared'), processes: { connections: 1 } },
      {
        ...overStdio('pooled', [actor('session-server.ts')], 'shared'),
        processes: { connections: 4, callsPerConnection: 8 },
      },
    ],
  });
  for (let at = 0; at < members; at++) {
    await gateway.order({ do: 'add-token', token: `crowd-${at}`, name: `crowd ${at}`, role: 'admin' });
  }
});

after(() => gateway?.[Symbol.asyncDispose]());

interface Attendee {
  readonly client: BareClient;
  readonly word: string;
  readonly listening: BareStream;
  /** Everything that came for it besides what it listens to. */
  readonly heard: string[];
  /** Calls that ended with the process. */
  broken: number;
  answered: number;
}

for (const server of ['crowded', 'pooled'])
  test(`${sessions} sessions on the server ${server} hear their own words and nobody else’s`, async () => {
    verifies('CP-103', 'CP-108', 'CP-100');
    const attendees = await Promise.all(Array.from({ length: sessions }, (_, at) => attend(server, at)));
    await Promise.all(attendees.map(live));
    const answered = attendees.reduce((sum, each) => sum + each.answered, 0);
    const broken = attendees.reduce((sum, each) => sum + each.broken, 0);
    assert.ok(answered > sessions * rounds, `${answered} calls were answered`);
    assert.ok(broken >= crashes, `${broken} calls ended with a process`);
    for (const attendee of attendees) attendee.listening.cut();
    for (const { word, heard, listening } of attendees) {
      const everything = [...heard, ...listening.events.map(({ data }) => data)].join('\n');
      const words = new Set(everything.match(/word-\d+-/g));
      assert.deepEqual([...words], [word], 'only its own word');
    }
    const listened = attendees.filter(({ word, listening }) =>
      listening.events.some(({ data }) => data.includes(word)),
    );
    assert.ok(listened.length > 0, 'updates were heard');
    if (server === 'crowded') {
      const { length } = await gateway.order<object[]>({ do: 'processes', name: server });
      assert.equal(length, 1, 'all of them shared one process');
    }
    await Promise.all(attendees.map(({ client }) => client.send({ method: 'DELETE' })));
    for (const { client } of attendees) client.close();
    await eventually(async () => {
      const { calls, waiting, links, sessions: left } = await gateway.load();
      return calls === 0 && waiting === 0 && links === 0 && left === 0;
    }, 'the end of all sessions');
    const wrong = (await gateway.log()).filter(({ level }) => level === 'error');
    assert.deepEqual(wrong, []);
  });

async function attend(server: string, at: number): Promise<Attendee> {
  const client = createBareClient(gateway.mcp(server), `crowd-${at % members}`);
  await client.open();
  const listening = await client.stream({ method: 'GET', headers: { accept: 'text/event-stream' } });
  return { client, word: `word-${at}-`, listening, heard: [], broken: 0, answered: 0 };
}

async function live(attendee: Attendee): Promise<void> {
  const at = Number(attendee.word.split('-')[1]);
  const roll = dice(at + 1);
  const { client, word } = attendee;
  const uri = `test://${word}`;
  await call(attendee, 0, 'resources/subscribe', { uri });
  for (let round = 1; round <= rounds; round++) {
    // Every session uses the same ids and the same progress token.
    const text = `${word}${round}`;
    const id = round * 10;
    const _meta = { progressToken: 'the same for all', 'io.mcpvault/session': { session: 'con_forged' } };
    const choice = roll();
    if (at % (sessions / crashes) < 1 && round === 2) await use(attendee, id, 'crash', text, _meta);
    else if (choice < 0.25)
      await Promise.all([use(attendee, id, 'slowly', text, _meta), cancelSoon(client, id, roll())]);
    else if (choice < 0.45) await answerQuestion(attendee, id, text);
    else if (choice < 0.6) await use(attendee, id, 'mutter', text, _meta);
    else if (choice < 0.8) await use(attendee, id, 'touch', uri, _meta);
    else await use(attendee, id, 'slowly', text, _meta);
    // However often the process ends, the next one answers.
    let said: string | null = null;
    for (let again = 1; said === null; again++) {
      said = await use(attendee, id * 100 + again, 'echo', text, _meta);
      if (said === null) await setTimeout(200);
    }
    assert.equal(said, text);
  }
}

/** The text of the result; null when there was none. */
async function use(attendee: Attendee, id: number, name: string, text: string, _meta?: object): Promise<string | null> {
  const reply = await call(attendee, id, 'tools/call', { name, arguments: { text, ms: 15 }, _meta });
  return reply === null ? null : textOf(reply.message?.result ?? {});
}

async function call(attendee: Attendee, id: number, method: string, params: object): Promise<BareReply | null> {
  const reply = await attendee.client.call(method, params, id);
  attendee.heard.push(reply.body.toString());
  return tally(attendee, reply, id);
}

function tally(attendee: Attendee, reply: BareReply, id: number): BareReply | null {
  assert.equal(reply.message?.id, id, reply.body.toString());
  const { error } = reply.message;
  if (error === undefined) {
    attendee.answered++;
    return reply;
  }
  // The process ended, or the next one is not there yet.
  if (error.code === 5030) attendee.broken++;
  else assert.match(error.message, /cancelled/, reply.body.toString());
  return null;
}

async function cancelSoon(client: BareClient, id: number, soon: number): Promise<void> {
  await setTimeout(soon * 20);
  await client.notify('notifications/cancelled', { requestId: id, reason: 'changed my mind' });
}

/** A tool that asks: the question comes to the session whose call it is, and its answer goes back there. */
async function answerQuestion(attendee: Attendee, id: number, text: string): Promise<void> {
  const { client } = attendee;
  const params = JSON.stringify({ name: 'ask', arguments: { text } });
  const stream = await client.stream({
    body: `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":${params}}`,
  });
  let ended = false;
  const reply = stream.done.finally(() => (ended = true));
  await eventually(() => ended || stream.events.some(({ data }) => data.includes('elicitation/create')), 'a question');
  const asked = stream.events.find(({ data }) => data.includes('elicitation/create'));
  if (asked !== undefined) {
    const question = JSON.parse(asked.data) as { readonly id: string; readonly params: { readonly message: string } };
    assert.equal(question.params.message, text);
    const result = { action: 'accept', content: { text } };
    await client.send({ body: JSON.stringify({ jsonrpc: '2.0', id: question.id, result }) });
  }
  const done = await reply;
  attendee.heard.push(done.body.toString());
  if (tally(attendee, done, id) === null) return;
  assert.ok(asked !== undefined);
  assert.deepEqual(JSON.parse(textOf(done.message?.result ?? {})), { action: 'accept', content: { text } });
}

/** Deterministic, so that a failure can be had again. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
