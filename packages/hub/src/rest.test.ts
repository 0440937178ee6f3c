import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRest, giveBackAtRest } from './rest.ts';

/** A process that uses these shares of a processor, second by second; answers when it gave back. */
function run(shares: readonly number[], cost = 0): number[] {
  let used = 0;
  let second = 0;
  const gaveBack: number[] = [];
  const look = createRest({
    used: () => used,
    giveBack() {
      gaveBack.push(second);
      used += cost;
    },
  });
  for (const share of shares) {
    second++;
    used += share * 1000;
    look(1000);
  }
  return gaveBack;
}

const times = (count: number, share: number) => Array.from({ length: count }, () => share);

test('after the start and after each time of work it gives back once, when it has rested for a while', () => {
  assert.deepEqual(run([...times(3, 0.9), ...times(20, 0.01), ...times(2, 0.5), ...times(20, 0.01)]), [6, 28]);
});

test('neither while there is work nor again for small things in between', () => {
  assert.deepEqual(run(times(60, 0.9)), []);
  assert.deepEqual(run([...times(5, 0.01), ...times(60, 0.1), ...times(20, 0.01)]), [3]);
});

test('a short pause is no rest', () => {
  assert.deepEqual(run([0.9, 0.01, 0.01, 0.9, 0.01, 0.01, 0.9]), []);
});

test('what giving back costs is not taken for work', () => {
  assert.deepEqual(run(times(30, 0.01), 700), [3]);
});

test('the engine lets itself be asked, and nothing is left to be seen of it', () => {
  giveBackAtRest();
  assert.equal('gc' in globalThis, false);
});
