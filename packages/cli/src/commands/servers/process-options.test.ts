import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'commander';
import { server } from '../../testing/fake-records.ts';
import { addProcessOptions, type ProcessOptions, processLines, rulesFrom } from './process-options.ts';

const rulesOf = (...words: string[]) => {
  const command = addProcessOptions(new Command('add'))
    .exitOverride()
    .configureOutput({ writeErr() {} });
  return rulesFrom(command.parse(words, { from: 'user' }).opts<ProcessOptions>());
};

test('what is not said is left to the hub', () => {
  assert.equal(rulesOf(), undefined);
  assert.deepEqual(rulesOf('--connections', '5'), { connections: 5 });
});

test('a sandbox and limits are passed on as they were said', () => {
  const said = [
    '--sandbox',
    'required',
    '--no-network',
    '--allow-read',
    '/a',
    '--allow-read',
    '/b',
    '--allow-write',
    '/c',
  ];
  assert.deepEqual(rulesOf(...said, '--memory', '512', '--max-processes', '20', '--call-seconds', '60'), {
    sandbox: { mode: 'required', network: false, read: ['/a', '/b'], write: ['/c'] },
    limits: { memory: 512, processes: 20, callSeconds: 60 },
  });
});

test('what is no number is refused', () => {
  for (const wrong of ['many', '-1', '1.5', '']) assert.throws(() => rulesOf(`--connections=${wrong}`), /whole number/);
});

test('servers show says how processes are run, and what cannot be had', () => {
  const confinement = { state: 'limited' as const, missing: ['There is no sandbox.'] };
  const lines = processLines(
    server('files', {
      isolation: 'shared',
      processes: {
        ...{ connections: 3, callsPerConnection: 1, queue: 10, queueSeconds: 5, sessionContext: 'declared' },
        sandbox: { mode: 'preferred', network: false, read: ['/a'], write: [] },
        limits: { memory: 512, cpuSeconds: null, processes: 20, lifeSeconds: null, callSeconds: 60 },
      },
      confinement,
      running: [
        { id: 'prc_1', pid: 7, startedAt: '2026-01-01T00:00:00Z', calls: 2, leaving: false, confinement },
        { id: 'prc_2', pid: 8, startedAt: '2026-01-01T00:00:00Z', calls: 0, leaving: true, confinement },
      ],
    }),
  );
  assert.deepEqual(lines, [
    ['Running', '2 processes, 2 calls'],
    ['Pool', 'up to 3 processes'],
    ['Queue', '1 call a process, then 10 wait for 5 s at most'],
    ['Sandbox', 'preferred; no network; reads /a'],
    ['Limits', '512 MiB, 20 processes, 60 s a call'],
    ['Confined', 'limited'],
    ['Missing', 'There is no sandbox.'],
  ]);
  assert.deepEqual(processLines(server('far')), []);
});
