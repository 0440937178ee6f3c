import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Call } from '../../upstream/link.ts';
import { callLife, type CallEvent, type CallState } from './call-life.ts';
import { type Bridging, createBridging, envelope, modern, send } from './fixtures/bridging.ts';
import { type KeepingSink, messageOf, respond, type Sent, until } from './fixtures/scripted-link.ts';

const states = Object.keys(callLife) as CallState[];

test('every call can come to its end, and none leaves it', () => {
  assert.deepEqual(
    Object.values(callLife.over).filter((next) => next !== null),
    [],
  );
  for (const state of states) {
    const seen = new Set<CallState>([state]);
    for (const each of seen) for (const next of Object.values(callLife[each])) if (next !== null) seen.add(next);
    assert.ok(seen.has('over'), state);
  }
});

/** What one walk does, one step after the other. */
type Step = Exclude<CallEvent, 'put' | 'delivered'> | 'came-back-wrongly';

interface Walk {
  readonly bridging: Bridging;
  state: CallState;
  readonly upstream: Sent;
  /** The client's latest request, and the call that stands for it. */
  sink: KeepingSink;
  call: Call;
  requestState: string;
  /** Questions that were put and not answered, and those that came since. */
  open: number;
  asked: number;
  oldStates: string[];
}

const params = { name: 'add', arguments: {} };
const answers = Object.fromEntries(
  Array.from({ length: 40 }, (_none, index) => [`question-${index + 1}`, { action: 'decline' }]),
);

async function request(bridging: Bridging, more: object): Promise<{ sink: KeepingSink; call: Call }> {
  const link = await bridging.link('modern');
  const _meta = envelope({ elicitation: {} });
  return send(link, { id: 1, method: 'tools/call', params: { ...params, ...more, _meta } }, modern);
}

async function begin(): Promise<Walk> {
  const bridging = createBridging('legacy');
  bridging.script = ({ json }) =>
    json.method === 'initialize' ? { result: { protocolVersion: '2025-11-25', capabilities: {} } } : null;
  const { sink, call } = await request(bridging, {});
  const sent = (): boolean =>
    bridging.opened.some(({ link }) => link.sent.some(({ json }) => json.method === 'tools/call'));
  await until(sent, 'the call at the server');
  const upstream = bridging.server().last('tools/call');
  return { bridging, state: 'under-way', upstream, sink, call, requestState: '', open: 0, asked: 0, oldStates: [] };
}

/** Does the step, and says what the model expects of the state afterwards. */
async function take(walk: Walk, step: Step): Promise<void> {
  const { bridging, upstream } = walk;
  switch (step) {
    case 'asked': {
      if (walk.state === 'over') return;
      const id = `e${++walk.asked}`;
      const question = { jsonrpc: '2.0', id, method: 'elicitation/create', params: { message: '?' } };
      upstream.sink.related(messageOf(question));
      walk.open++;
      if (walk.state === 'under-way') await putToClient(walk);
      return;
    }
    case 'answered':
      respond(upstream, { result: { content: [] } });
      if (walk.state === 'under-way') walk.state = 'over';
      else if (walk.state === 'parked') walk.state = 'settled';
      return;
    case 'came-back-wrongly': {
      const used = walk.oldStates.at(-1) ?? 'nothing';
      const { sink } = await request(bridging, { requestState: used, inputResponses: answers });
      await until(() => sink.answered !== null, 'the refusal');
      assert.equal(sink.error.code, -32602);
      return;
    }
    case 'came-back': {
      if (walk.state !== 'parked' && walk.state !== 'settled') return;
      walk.oldStates.push(walk.requestState);
      const told = bridging.server().told.length;
      const back = await request(bridging, { requestState: walk.requestState, inputResponses: answers });
      walk.sink = back.sink;
      walk.call = back.call;
      if (walk.state === 'settled') {
        await until(() => back.sink.answered !== null, 'what was kept');
        walk.state = 'over';
      } else {
        await until(() => bridging.server().told.length === told + walk.open, 'the answers at the server');
        walk.state = 'under-way';
      }
      walk.open = 0;
      return;
    }
    case 'given-up':
      walk.call.cancel('gone');
      if (walk.state === 'under-way') walk.state = 'over';
      return;
    case 'expired':
      if (walk.state === 'under-way' || walk.state === 'over') return;
      bridging.clock.now += 600_001;
      bridging.bridge.sweep(bridging.clock.now);
      if (walk.state === 'parked') assert.match(upstream.cancelled ?? '', /did not come back/);
      walk.state = 'over';
      walk.oldStates.push(walk.requestState);
  }
}

async function putToClient(walk: Walk): Promise<void> {
  await until(() => walk.sink.answered !== null, 'the question');
  assert.equal(walk.sink.result['resultType'], 'input_required');
  walk.requestState = String(walk.sink.result['requestState']);
  walk.state = 'parked';
}

const step = fc.constantFrom<Step>(
  'asked',
  'answered',
  'came-back',
  'came-back-wrongly',
  'given-up',
  'expired',
  'asked',
  'came-back',
);

test('whatever server and client do, in whatever order, the call does what its table says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const walk = await begin();
      for (const each of steps) {
        const before = walk.sink;
        await take(walk, each);
        assert.ok(before.ends <= 1, 'a request is answered once');
        if (walk.state === 'under-way') assert.equal(walk.sink.ends, 0, each);
        else if (walk.state !== 'over') assert.equal(walk.sink.ends, 1, each);
      }
      walk.bridging.bridge.close();
    }),
    { numRuns: 40 },
  );
});
