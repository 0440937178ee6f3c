import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ScanReport } from '@mcpvault/protocol/hub-link/scan-report';
import { dueAfter, judgeReport } from './judge-report.ts';
import { standardRules } from './standard-rules.ts';

type Config = ScanReport['clients'][number];

const server: Config['servers'][number] = {
  ...{ name: 'files', pointer: '/mcpServers/files', kind: 'unmanaged', transport: 'stdio', disabled: false },
  ...{ runs: 'bare', package: 'npm:@example/files', pinned: false, server: null, command: 'npx' },
  ...{ args: [], url: null, cwd: null, envNames: [], headerNames: [] },
};

function finding(code: string, severity: 'error' | 'warning' | 'note'): Config['findings'][number] {
  return { code, severity, server: 'files', place: '/mcpServers/files', message: 'It is so.', fix: 'Mend it.' };
}

function config(changes: Partial<Config> = {}): Config {
  return {
    ...{ client: 'cursor', name: 'Cursor', alsoReadBy: [], scope: 'user', path: '/home/ada/mcp.json', project: null },
    ...{ pointer: '/mcpServers', state: 'ok', explanation: 'it was read', format: 'json', dialect: 'common' },
    ...{ confidence: 'high', writable: true, servers: [server], findings: [] },
    ...changes,
  };
}

const leaky = [config({ findings: [finding('secret-in-plain-sight', 'error'), finding('unmanaged', 'note')] })];

test('a finding at least as bad as the rules say makes a workstation non-compliant, with the reason', () => {
  const { verdict, reasons, findings } = judgeReport(leaky, standardRules);
  assert.equal(verdict, 'non_compliant');
  assert.deepEqual(
    reasons.map(({ code, client, server: of, severity }) => [code, client, of, severity]),
    [['secret-in-plain-sight', 'cursor', 'files', 'error']],
  );
  assert.deepEqual(findings, { error: 1, warning: 0, note: 1 });
});

test('turning a rule off makes the same report compliant', () => {
  const rules = { ...standardRules, severities: { 'secret-in-plain-sight': 'off' as const } };
  assert.equal(judgeReport(leaky, rules).verdict, 'compliant');
});

test('rules weigh findings anew: what the scan calls a note may count as an error', () => {
  const rules = { ...standardRules, severities: { 'secret-in-plain-sight': 'note', unmanaged: 'error' } as const };
  assert.deepEqual(
    judgeReport(leaky, rules).reasons.map(({ code }) => code),
    ['unmanaged'],
  );
});

test('where every server must be managed, an unmanaged one counts however mild it is', () => {
  const { reasons } = judgeReport(leaky, { ...standardRules, requireManaged: true });
  assert.deepEqual(
    reasons.map(({ code }) => code),
    ['secret-in-plain-sight', 'unmanaged'],
  );
});

test('a file that nobody can judge leaves the verdict open, or counts where the rules say so', () => {
  const unclear = [config({ state: 'malformed', servers: [] })];
  assert.equal(judgeReport(unclear, standardRules).verdict, 'undetermined');
  const { verdict, reasons } = judgeReport(unclear, { ...standardRules, requireReadable: true });
  assert.deepEqual([verdict, reasons.length], ['non_compliant', 1]);
});

test('servers are counted by how they relate to MCPVault and by how they run', () => {
  const all = [
    config({ servers: [server, { ...server, name: 'web', kind: 'hosted', runs: 'network', pinned: null }] }),
    config({ client: 'zed', servers: [{ ...server, kind: 'delegated', runs: 'wrapped', pinned: true }] }),
  ];
  const { counts, clients } = judgeReport(all, standardRules);
  assert.deepEqual(counts, {
    servers: 3,
    byKind: { unmanaged: 1, hosted: 1, delegated: 1 },
    byRuns: { bare: 1, network: 1, wrapped: 1 },
    unpinned: 1,
  });
  assert.equal(clients, 2);
});

test('a name that objects have by themselves is no severity', () => {
  const strange = [config({ findings: [finding('constructor', 'error')] })];
  assert.equal(judgeReport(strange, standardRules).verdict, 'non_compliant');
});

test('a report is due after the interval, and overdue after two and a little', () => {
  assert.deepEqual(dueAfter(0, { everyMinutes: 60 }), { due: 3_600_000, overdue: 7_800_000 });
});
