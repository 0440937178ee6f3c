import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from './log.ts';

function logged(
  format: 'pretty' | 'json',
  level: 'debug' | 'warn',
  write: (log: ReturnType<typeof createLog>) => void,
): string {
  let text = '';
  write(
    createLog({
      level,
      format,
      write: (line) => {
        text += line;
      },
    }),
  );
  return text;
}

test('for machines, a line is one JSON object with its level and time', () => {
  const line = logged('json', 'debug', (log) => log.info({ server: 'srv_1' }, 'it started'));
  const { time, ...rest } = JSON.parse(line) as { time: string };
  assert.deepEqual(rest, { level: 'info', server: 'srv_1', msg: 'it started' });
  assert.ok(!Number.isNaN(Date.parse(time)));
});

test('for people, a line is the time, the level, the text and what it is about', () => {
  const line = logged('pretty', 'debug', (log) => log.warn({ server: 'srv_1', count: 2 }, 'it stopped'));
  assert.match(line, /^\d\d:\d\d:\d\d warn {2}it stopped server=srv_1 count=2\n$/);
});

test('an error comes with its stack, indented', () => {
  const line = logged('pretty', 'debug', (log) => log.error({ error: new Error('broken') }, 'it failed'));
  assert.match(line, /error it failed\n {4}Error: broken\n {8}at /);
});

test('what is below the level is not written', () => {
  assert.equal(
    logged('json', 'warn', (log) => log.info({}, 'chatter')),
    '',
  );
});
