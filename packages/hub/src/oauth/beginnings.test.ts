import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginningsAMinute, createBeginnings } from './beginnings.ts';

function world() {
  let now = 1_000;
  const beginnings = createBeginnings({ now: () => now, micros: () => now * 1000 });
  return { beginnings, later: (ms: number) => (now += ms) };
}

const [one, other] = [Buffer.from('one'), Buffer.from('other')];

test('a network may begin so many sign-ins in a minute, and others are not kept from it', () => {
  const { beginnings, later } = world();
  for (let n = 0; n < beginningsAMinute; n++) assert.equal(beginnings.wait(one), 0);
  later(15_000);
  assert.equal(beginnings.wait(one), 45);
  assert.equal(beginnings.wait(other), 0);
  later(45_000);
  assert.equal(beginnings.wait(one), 0);
});

test('whoever goes on asking does not wait longer for it', () => {
  const { beginnings, later } = world();
  for (let n = 0; n < 10 * beginningsAMinute; n++) beginnings.wait(one);
  later(60_000);
  assert.equal(beginnings.wait(one), 0);
});

test('however many networks there are, not all of them are remembered', () => {
  const { beginnings } = world();
  for (let n = 0; n < beginningsAMinute; n++) beginnings.wait(one);
  assert.ok(beginnings.wait(one) > 0);
  for (let n = 0; n < 25_000; n++) beginnings.wait(Buffer.from(`network ${n}`));
  assert.equal(beginnings.wait(one), 0);
});
