// A workstation with a report and jobs, for tests of what is asked about them.
import type { MemberId, OrganizationId } from '@mcpvault/domain/ids';
import { judgeReport } from '@mcpvault/domain/workstation/judge-report';
import { standardRules } from '@mcpvault/domain/workstation/standard-rules';
import type { AboutWorkstation, ReportedClients } from '@mcpvault/domain/workstation/workstation';
import type { TestHub } from './test-hub.ts';

export const aboutSample: AboutWorkstation = {
  ...{ name: 'Ada’s laptop', hostName: 'laptop', platform: 'linux', osVersion: '6.12', architecture: 'x64' },
  ...{ agentVersion: '0.1.0', machine: 'machine-0000000001', account: 'ada', timeZone: 'Europe/Berlin' },
  addresses: ['192.0.2.7'],
  features: ['records'],
};

export const reportSample: ReportedClients = [
  {
    ...{ client: 'cursor', name: 'Cursor', alsoReadBy: [], scope: 'user', path: '/home/ada/.cursor/mcp.json' },
    ...{ project: null, pointer: '/mcpServers', state: 'ok', explanation: 'it was read', format: 'json' },
    ...{ dialect: 'common', confidence: 'high', writable: true },
    servers: [
      {
        ...{ name: 'files', pointer: '/mcpServers/files', kind: 'unmanaged', transport: 'stdio', disabled: false },
        ...{ runs: 'bare', package: 'npm:@example/files', pinned: false, server: null, command: 'npx' },
        ...{ args: ['@example/files'], url: null, cwd: null, envNames: ['TOKEN'], headerNames: [] },
      },
    ],
    findings: [
      {
        ...{ code: 'secret-in-plain-sight', severity: 'error', server: 'files', place: '/mcpServers/files/env/TOKEN' },
        ...{ kind: 'github-token', message: '“files” has a secret in plain sight.', fix: 'Adopt the server.' },
      },
      {
        ...{ code: 'unmanaged', severity: 'note', server: 'files', place: '/mcpServers/files' },
        ...{ message: '“files” is used directly, past every policy.', fix: 'Adopt it.' },
      },
    ],
  },
];

export async function workstationSample(hub: TestHub, organization: OrganizationId, member: MemberId) {
  const { ids, clock } = hub.ambient;
  const at = clock.now();
  const workstation = await hub.stores.workstations.enrol({
    ...{ id: ids.next('wst'), organization, member, about: aboutSample, observedAddress: '192.0.2.7', at, with: null },
  });
  const judged = judgeReport(reportSample, standardRules);
  const { id: report } = await hub.stores.scanReports.add({
    ...{ id: ids.next('rep'), organization, workstation, ownId: 'report-0001', takenAt: at, receivedAt: at },
    ...{ why: 'member', job: null, agentVersion: '0.1.0', rules: null, clients: reportSample },
    ...{ verdict: judged.verdict, judged },
  });
  await hub.stores.workstations.setReport(workstation, { id: report, takenAt: at, verdict: judged.verdict, judged });
  return { workstation, report };
}
