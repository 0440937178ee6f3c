import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LastReport } from '@mcpvault/store/workstations/scan-reports-store';
import { reportSample } from '../testing/workstation-samples.ts';
import { csvOf, exportRows } from './export-compliance.ts';

const reports: readonly LastReport[] = [
  {
    id: 'rep_1',
    workstation: { id: 'wst_1', name: '=cmd' },
    member: { id: 'mem_1', email: 'ada@example.test' },
    takenAt: 0,
    clients: reportSample,
  },
];

test('each server is a line, and what a spreadsheet would run is kept from it', () => {
  const [header, line, end] = csvOf(exportRows(reports, 'servers')).split('\r\n');
  assert.match(header ?? '', /^workstation,workstationId,member,takenAt,client,/);
  assert.match(line ?? '', /^'=cmd,wst_1,ada@example\.test,1970-01-01T00:00:00\.000Z,cursor,/);
  assert.equal(end, '');
});

test('each finding is a line with what to do about it', () => {
  assert.deepEqual(
    exportRows(reports, 'findings').map(({ code, severity, fix }) => [code, severity, fix]),
    [
      ['secret-in-plain-sight', 'error', 'Adopt the server.'],
      ['unmanaged', 'note', 'Adopt it.'],
    ],
  );
});
