import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHealth } from './health.ts';

const log = { debug() {}, info() {}, warn() {}, error() {} };

test('a change is told once, and a host that cannot take note of it is told again', () => {
  const told: string[] = [];
  let away = true;
  const health = createHealth({
    log,
    observed(server, { ready, reason }) {
      if (away) throw new Error('the database is away');
      told.push(`${server} ${ready} ${reason}`);
    },
  });
  health.failed('srv_1', 'gone');
  away = false;
  health.failed('srv_1', 'gone');
  health.failed('srv_1', 'gone');
  health.answered('srv_1');
  health.answered('srv_1');
  assert.deepEqual(told, ['srv_1 false gone', 'srv_1 true null']);
});
