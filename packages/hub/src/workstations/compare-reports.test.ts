import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportSample } from '../testing/workstation-samples.ts';
import { compareReports } from './compare-reports.ts';

const [config] = reportSample;
assert.ok(config);
const [server] = config.servers;
assert.ok(server);

test('a report compared with itself shows nothing', () => {
  assert.deepEqual(compareReports(reportSample, reportSample), { servers: [], findings: [], files: [] });
});

test('what came, what went and what changed is told by client, file and name', () => {
  const after = [
    {
      ...config,
      servers: [
        { ...server, pinned: true, pointer: '/moved' },
        { ...server, name: 'web' },
      ],
      findings: [],
    },
    { ...config, client: 'zed', path: '/home/ada/zed.json', servers: [], findings: [] },
  ];
  const { servers, findings, files } = compareReports(reportSample, after);
  assert.deepEqual(
    servers.map(({ server: name, change, differs }) => [name, change, differs]),
    [
      ['web', 'added', []],
      ['files', 'changed', ['pinned']],
    ],
  );
  assert.deepEqual(
    findings.map(({ code, change }) => [code, change]),
    [
      ['secret-in-plain-sight', 'removed'],
      ['unmanaged', 'removed'],
    ],
  );
  assert.deepEqual(
    files.map(({ client, change }) => [client, change]),
    [['zed', 'added']],
  );
});

test('a file that cannot be read any more shows by its state', () => {
  const { files } = compareReports(reportSample, [{ ...config, state: 'malformed' }]);
  assert.deepEqual(files, [
    { client: 'cursor', path: '/home/ada/.cursor/mcp.json', change: 'state', detail: 'ok → malformed' },
  ]);
});
