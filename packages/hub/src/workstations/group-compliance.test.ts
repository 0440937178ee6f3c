import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeReport } from '@mcpvault/domain/workstation/judge-report';
import { standardRules } from '@mcpvault/domain/workstation/standard-rules';
import { reportSample } from '../testing/workstation-samples.ts';
import { byPart, byStanding, type Standing, totalOf } from './group-compliance.ts';

const judged = judgeReport(reportSample, standardRules);
const ada = { id: 'mem_1', email: 'ada@example.test' };
const leaky: Standing = {
  ...{ id: 'wst_1', name: 'laptop', member: ada, overdue: false },
  report: { takenAt: 5000, verdict: judged.verdict, judged },
};
const clean: Standing = {
  ...{ id: 'wst_2', name: 'desktop', member: ada, overdue: true },
  report: { takenAt: 3000, verdict: 'compliant', judged: judgeReport([], standardRules) },
};
const silent: Standing = {
  ...{ id: 'wst_3', name: 'new', member: { id: 'mem_2', email: 'b@example.test' } },
  ...{ overdue: false, report: null },
};

test('the total counts each workstation once, also one that never reported', () => {
  const { workstations, compliant, nonCompliant, undetermined, overdue, servers, oldest } = totalOf([
    leaky,
    clean,
    silent,
  ]);
  assert.deepEqual(
    { workstations, compliant, nonCompliant, undetermined, overdue, servers, oldest },
    { workstations: 3, compliant: 1, nonCompliant: 1, undetermined: 0, overdue: 1, servers: 1, oldest: 3000 },
  );
});

test('what needs somebody comes first', () => {
  const rows = byStanding([clean, silent, leaky], 'workstation');
  assert.deepEqual(
    rows.map(({ key }) => key),
    ['wst_1', 'wst_2', 'wst_3'],
  );
  const [first] = byStanding([clean, silent, leaky], 'member');
  assert.deepEqual([first?.key, first?.workstations, first?.nonCompliant, first?.compliant], ['mem_1', 2, 1, 1]);
});

test('clients and servers are judged by what was found of them alone', () => {
  const [config] = reportSample;
  assert.ok(config);
  const zed = { ...config, client: 'zed', name: 'Zed', findings: [] };
  const reports = [{ standing: leaky, clients: [...reportSample, zed] }];
  assert.deepEqual(
    byPart(reports, 'client', standardRules).map(({ key, nonCompliant, compliant }) => [key, nonCompliant, compliant]),
    [
      ['cursor', 1, 0],
      ['zed', 0, 1],
    ],
  );
});

test('a server is the same wherever it is used, whatever its clients call it and whichever version runs', () => {
  const [config] = reportSample;
  const [server] = config?.servers ?? [];
  assert.ok(config && server);
  const other = { ...server, name: 'my files', package: 'npm:@example/files@1.2.3', pinned: true };
  const reports = [
    { standing: leaky, clients: reportSample },
    { standing: clean, clients: [{ ...config, servers: [other], findings: [] }] },
  ];
  const rows = byPart(reports, 'server', standardRules);
  assert.deepEqual(
    rows.map(({ key, workstations, servers, unpinned, nonCompliant }) => ({
      key,
      workstations,
      servers,
      unpinned,
      nonCompliant,
    })),
    [{ key: 'npm:@example/files', workstations: 2, servers: 2, unpinned: 1, nonCompliant: 1 }],
  );
});
