// Which process a call goes to, and when there is another one: on stand-ins for processes that do as they are told.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { completeRules } from '@mcpvault/domain/catalog/process-rules';
import { Failure } from '@mcpvault/domain/failure';
import { MuxPool } from './mux-pool.ts';
import { fakeClock, quiet, stdioServer } from './process/fixtures/pool-deps.ts';
import type { StdioMux } from './stdio-mux.ts';

interface Standin {
  waiting: number;
  silent: number;
  behind: boolean;
  leaving: boolean;
  readonly process: { id: string; ending: boolean };
}

let clock: ReturnType<typeof fakeClock>;
let made: Standin[];
let trouble: Failure[];
let refusal: Failure | null;

beforeEach(() => {
  clock = fakeClock();
  made = [];
  trouble = [];
  refusal = null;
});

function standin(): Standin & { silentFor(): number; isBehind(): boolean } {
  return {
    waiting: 0,
    silent: 0,
    behind: false,
    leaving: false,
    process: { id: `prc_${made.length}`, ending: false },
    silentFor() {
      return this.silent;
    },
    isBehind() {
      return this.behind;
    },
  };
}

function pool(processes: object = {}, isolation: 'shared' | 'per-member' = 'shared'): MuxPool {
  return new MuxPool({
    server: stdioServer('x', [], { isolation, processes: completeRules(processes) }),
    serves: 'requests',
    clock,
    log: quiet,
    make() {
      if (refusal !== null) throw refusal;
      const mux = standin();
      made.push(mux);
      return mux as unknown as StdioMux;
    },
    onReady() {},
    onTrouble: (failure) => void trouble.push(failure),
  });
}

test('one process serves as long as it keeps up; when it is behind another one is started, up to the most', () => {
  const muxes = pool({ connections: 2 });
  for (let calls = 0; calls < 20; calls++) {
    const mux = muxes.freest() as unknown as Standin;
    mux.waiting++;
  }
  assert.equal(made.length, 1);
  for (const mux of made) mux.behind = true;
  assert.equal(muxes.freest(), made[0], 'the new one takes the next call');
  assert.equal(made.length, 2);
  assert.equal(muxes.freest(), made[1], 'as the one with the fewest');
  for (const mux of made) Object.assign(mux, { waiting: 20, behind: true });
  muxes.freest();
  assert.equal(made.length, 2);
});

test('a full process gets no more, and neither does one that is about to end', () => {
  const muxes = pool({ connections: 2, callsPerConnection: 1 });
  const first = muxes.freest() as unknown as Standin;
  first.waiting = 1;
  const next = muxes.freest() as unknown as Standin;
  assert.notEqual(next, first);
  next.waiting = 1;
  assert.equal(muxes.freest(), null);
  first.waiting = 0;
  assert.equal(muxes.freest(), first);
  first.process.ending = true;
  const third = muxes.freest();
  assert.ok(third !== null && third !== (first as unknown) && third !== (next as unknown), 'another takes its place');
});

test('only shared servers have more than one process', () => {
  const muxes = pool({ connections: 10, callsPerConnection: 1 }, 'per-member');
  (muxes.freest() as unknown as Standin).waiting = 1;
  assert.equal(muxes.freest(), null);
  assert.equal(muxes.most, 1);
});

test('a silent process is spared further calls, and gets some again once it speaks', () => {
  const muxes = pool({ connections: 2, callsPerConnection: 1 });
  const first = muxes.freest() as unknown as Standin;
  first.waiting = 1;
  const second = muxes.freest() as unknown as Standin;
  first.waiting = 0;
  first.silent = 16_000_000;
  for (const mux of muxes.all()) muxes.watch(mux, 0);
  assert.equal(muxes.freest(), second);
  assert.equal(muxes.ready, 1);
  first.silent = 0;
  for (const mux of muxes.all()) muxes.watch(mux, 0);
  second.waiting = 1;
  assert.equal(muxes.freest(), first);
});

test('when none can be had those who wait are told, and with others running it is tried again later', () => {
  const muxes = pool({ connections: 2, callsPerConnection: 1 });
  refusal = new Failure('upstream_unavailable', 'it keeps crashing', { retryAfterMs: 5_000 });
  assert.equal(muxes.freest(), null);
  assert.deepEqual(trouble, [refusal]);
  refusal = null;
  (muxes.freest() as unknown as Standin).waiting = 1;
  refusal = new Failure('busy', 'no room', { retryAfterMs: 5_000 });
  assert.equal(muxes.freest(), null);
  assert.equal(trouble.length, 1, 'the one that runs will take the call');
  refusal = null;
  assert.equal(muxes.freest(), null, 'not yet');
  clock.forward(5_001);
  assert.notEqual(muxes.freest(), null);
});

test('a closed pool starts nothing', () => {
  const muxes = pool();
  muxes.closed = new Failure('upstream_unavailable', 'it was changed');
  assert.equal(muxes.freest(), null);
  assert.throws(() => muxes.start(), { message: 'it was changed' });
  assert.equal(made.length, 0);
});
