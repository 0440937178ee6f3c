import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Failure } from '@mcpvault/domain/failure';
import { parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import type { Reply } from '../downstream/reply.ts';
import type { Link } from '../upstream/link.ts';
import { Conversation } from './conversation.ts';
import { conversationLife, type Happening, type Phase } from './conversation-life.ts';
import type { Endpoint } from './endpoint.ts';
import { GatedEndpoint } from './gated-endpoint.ts';
import type { Outlet } from './outlet.ts';
import type { Underway } from './underways.ts';

test('every phase can come to the end, and nothing leads out of it', () => {
  for (const [phase, happenings] of Object.entries(conversationLife)) {
    assert.equal(happenings.end, phase === 'ended' ? null : 'ended');
  }
  assert.ok(Object.values(conversationLife.ended).every((next) => next === null));
});

/** A reply that keeps what it was given, until its connection breaks. */
class KeptReply implements Reply {
  readonly takesEvents = true;
  readonly events: { readonly data: string; readonly id: string | null }[] = [];
  readonly answers: string[] = [];
  streaming = false;
  ended = false;
  broken = false;
  #onGone: (() => void)[] = [];

  get gone(): boolean {
    return this.broken;
  }

  break(): void {
    if (this.broken || this.ended) return;
    this.broken = true;
    for (const callback of this.#onGone) callback();
  }

  header(): void {}
  onGone(callback: () => void): void {
    this.#onGone.push(callback);
  }
  onClosed(): void {}
  cut(): void {
    this.break();
  }
  open(): void {
    this.streaming = true;
  }
  beat(): void {}
  prime(): void {}
  event(data: Buffer, id: string | null): void {
    this.open();
    if (!this.broken && !this.ended) this.events.push({ data: data.toString(), id });
  }
  answer(data: Buffer, _status: number, id: string | null): void {
    if (this.broken || this.ended) return;
    if (this.streaming) this.events.push({ data: data.toString(), id });
    else this.answers.push(data.toString());
    this.ended = true;
  }
  empty(): void {
    this.ended = true;
  }
  end(): void {
    this.ended = true;
  }
  hasRoom(): boolean {
    return true;
  }
  onRoom(resume: () => void): void {
    resume();
  }
}

/** Stands in for what is behind the gate: calls wait until the walk answers them. */
class Behind implements Endpoint {
  readonly calls = new Map<number, { readonly outlet: Outlet; readonly call: Underway }>();
  notifications = 0;
  readonly #conversation: Conversation;

  constructor(conversation: Conversation) {
    this.#conversation = conversation;
  }

  request(message: ReturnType<typeof messageOf>, outlet: Outlet): void {
    const id = Number(message.id);
    const end = (text: string): void => {
      if (!this.calls.delete(id)) return;
      this.#conversation.calls.delete(id, call);
      outlet.answer(Buffer.from(`{"id":${id},"ended":${JSON.stringify(text)}}`), 200);
    };
    const call: Underway = { cancel: end, withdraw: () => end('withdrawn'), fail: (failure) => end(failure.message) };
    this.#conversation.calls.add(id, call);
    this.calls.set(id, { outlet, call });
  }

  notification(_message: unknown, taken: () => void): null {
    this.notifications++;
    taken();
    return null;
  }

  listen(ready: () => void): void {
    ready();
  }
  drop(): void {}
  close(): void {}
}

function messageOf(json: object) {
  return parseMessage(Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...json })), { maxDepth: 10, check: 'structure' });
}

type Step =
  | 'initialize'
  | 'opened'
  | 'request'
  | 'answer-call'
  | 'say-to-call'
  | 'say'
  | 'listen'
  | 'break-listening'
  | 'break-call'
  | 'resume-call'
  | 'notify'
  | 'ask'
  | 'tell'
  | 'end';

const steps = fc.array(
  fc.constantFrom<Step>(
    ...([
      'request',
      'say',
      'listen',
      'answer-call',
      'say-to-call',
      'break-listening',
      'break-call',
      'resume-call',
    ] as const),
    ...(['request', 'say', 'listen', 'initialize', 'opened', 'notify', 'ask', 'tell', 'say', 'end'] as const),
  ),
  { maxLength: 60 },
);

interface CallOf {
  readonly replies: KeptReply[];
  /** What was said on its stream, in order. */
  readonly said: string[];
}

test('in every walk requests are answered once, and what is said arrives once and in order', () => {
  fc.assert(
    fc.property(steps, fc.boolean(), (walk, opensFirst) => {
      const caller = { organization: 'org_1', member: 'mem_1' } as never;
      const clock = { now: () => 0, micros: () => 0 };
      const conversation = new Conversation('con_1', 'legacy', 'one', caller, { clock, resumeBytes: 1_000_000 });
      const behind = new Behind(conversation);
      const gate = new GatedEndpoint(conversation, behind);
      let phase: Phase = 'new';
      let ids = 0;
      let words = 0;
      const calls = new Map<number, CallOf>();
      const listening: KeptReply[] = [];
      const said: string[] = [];
      const asked = new Map<string, number>();

      const happens = (what: Happening): boolean => {
        const next = conversationLife[phase][what];
        if (next !== null) phase = next;
        return next !== null;
      };
      const lastOf = (replies: readonly KeptReply[]): KeptReply | undefined => replies.at(-1);
      const send = (method: string, may: boolean): void => {
        const id = ++ids;
        const reply = new KeptReply();
        gate.request(messageOf({ id, method }), conversation.outlet(reply), null);
        assert.equal(behind.calls.has(id), may, `${method} while ${phase}`);
        if (may) calls.set(id, { replies: [reply], said: [] });
        else assert.equal(reply.answers.length, 1, 'a refusal is an answer');
      };
      const take = (step: Step): void => {
        const [id] = behind.calls.keys();
        const open = id === undefined ? undefined : behind.calls.get(id);
        const of = id === undefined ? undefined : calls.get(id);
        switch (step) {
          case 'initialize':
            return send('initialize', happens('initialize'));
          case 'opened':
            if (phase === 'opening') happens('opened');
            conversation.protocol = '2025-11-25';
            return;
          case 'request':
            return send('tools/list', happens('request'));
          case 'answer-call':
            open?.call.cancel('answered');
            return;
          case 'say-to-call': {
            if (open === undefined || of === undefined) return;
            const word = `"${++words}"`;
            open.outlet.event(Buffer.from(word));
            of.said.push(word);
            return;
          }
          case 'say': {
            if (phase === 'ended') return;
            const word = `"${++words}"`;
            conversation.say(Buffer.from(word));
            said.push(word);
            return;
          }
          case 'listen': {
            if (!happens('listen')) return gate.listen(() => undefined);
            const reply = new KeptReply();
            const last = listening.flatMap(({ events }) => events).at(-1)?.id ?? null;
            gate.listen(() => assert.equal(conversation.listen(reply, last), null));
            listening.push(reply);
            return;
          }
          case 'break-listening':
            lastOf(listening)?.break();
            return;
          case 'break-call':
            lastOf(of?.replies ?? [])?.break();
            return;
          case 'resume-call': {
            const seen = of?.replies.flatMap(({ events }) => events).at(-1)?.id;
            if (of === undefined || seen == null || lastOf(of.replies)?.broken !== true) return;
            const reply = new KeptReply();
            assert.equal(conversation.listen(reply, seen), null);
            of.replies.push(reply);
            return;
          }
          case 'notify': {
            const before = behind.notifications;
            const may = happens('notification');
            assert.equal(gate.notification(messageOf({ method: 'notifications/x' }), () => undefined) === null, may);
            assert.equal(behind.notifications - before, may ? 1 : 0);
            return;
          }
          case 'ask': {
            if (phase === 'ended') return;
            const question = `q${++ids}`;
            asked.set(question, 0);
            const unused = { request: messageOf({ id: 1, method: 'm' }), link: {} as Link, usable: {} as never };
            const done = (): void => void asked.set(question, (asked.get(question) ?? 0) + 1);
            conversation.ask(question, { ...unused, renamed: false, at: 0, answered: done, unanswered: done });
            return;
          }
          case 'tell': {
            const [question] = asked.keys();
            const waiting = question === undefined ? null : conversation.takeAsked(question);
            waiting?.answered(messageOf({ id: 1, result: {} }), {} as never);
            return;
          }
          case 'end':
            happens('end');
            conversation.end(new Failure('cancelled', 'over'));
        }
      };

      if (opensFirst) for (const step of ['initialize', 'opened'] as const) take(step);
      for (const step of walk) take(step);
      conversation.end('the walk is over');
      assert.equal(behind.calls.size, 0);
      assert.equal(conversation.calls.size, 0);
      for (const [id, { replies, said: told }] of calls) {
        const got = replies.flatMap(({ events, answers }) => [...events.map(({ data }) => data), ...answers]);
        const endings = got.filter((text) => text.includes('"ended"'));
        const whole = lastOf(replies)?.broken === false;
        assert.equal(endings.length, whole ? 1 : 0, `call ${id}`);
        const words_ = got.filter((text) => !text.includes('"ended"'));
        assert.deepEqual(words_, whole ? told : told.slice(0, words_.length), `call ${id}`);
      }
      const heard = listening.flatMap(({ events }) => events.map(({ data }) => data));
      assert.deepEqual(heard, said.slice(0, heard.length), 'in order, none twice, none left out');
      for (const times of asked.values()) assert.ok(times <= 1);
    }),
    { numRuns: 400 },
  );
});
