// What scans of workstations found, and what of it counts.
import { id, operation, page, paging, time } from './operation.ts';
import { z } from 'zod';

export const verdict = z.enum(['compliant', 'non_compliant', 'undetermined']);
const severity = z.enum(['error', 'warning', 'note']);
const bySeverity = z.object({ error: z.number().int(), warning: z.number().int(), note: z.number().int() });

const reasonShape = z.object({
  code: z.string(),
  severity,
  client: z.string(),
  path: z.string(),
  /** As the client calls it; null: it is about the file. */
  server: z.string().nullable(),
  place: z.string(),
  message: z.string(),
  fix: z.string(),
});

export const judgementShape = z.object({
  reasons: z.array(reasonShape),
  findings: bySeverity,
  /** Files that nobody can judge. */
  unclear: z.number().int(),
  clients: z.number().int(),
  counts: z.object({
    servers: z.number().int(),
    byKind: z.record(z.string(), z.number().int()),
    byRuns: z.record(z.string(), z.number().int()),
    unpinned: z.number().int(),
  }),
});

const reportLine = z.object({
  id: id('rep'),
  workstation: id('wst'),
  takenAt: time,
  receivedAt: time,
  why: z.enum(['rules', 'job', 'member']),
  job: id('job').nullable(),
  agentVersion: z.string(),
  verdict,
  findings: bySeverity,
  reasons: z.number().int(),
  servers: z.number().int(),
});

const serverShape = z.object({
  name: z.string(),
  pointer: z.string(),
  kind: z.string(),
  transport: z.string(),
  disabled: z.boolean(),
  runs: z.string().nullable(),
  package: z.string().nullable(),
  pinned: z.boolean().nullable(),
  server: z.string().nullable(),
  command: z.string().nullable(),
  args: z.array(z.string()).nullable(),
  url: z.string().nullable(),
  cwd: z.string().nullable(),
  envNames: z.array(z.string()),
  headerNames: z.array(z.string()),
});

const findingShape = z.object({
  code: z.string(),
  severity,
  server: z.string().optional(),
  place: z.string(),
  kind: z.string().optional(),
  confidence: z.number().optional(),
  message: z.string(),
  fix: z.string(),
});

const configShape = z.object({
  client: z.string(),
  name: z.string(),
  alsoReadBy: z.array(z.string()),
  scope: z.string(),
  path: z.string(),
  project: z.string().nullable(),
  pointer: z.string().nullable(),
  state: z.string(),
  explanation: z.string(),
  format: z.string(),
  dialect: z.string().nullable(),
  confidence: z.string(),
  writable: z.boolean(),
  servers: z.array(serverShape),
  findings: z.array(findingShape),
});

export const listScanReports = operation({
  name: 'scan-reports.list',
  method: 'GET',
  path: '/workstations/{workstation}/reports',
  permission: 'self',
  summary: 'The scan reports of a workstation, newest first',
  input: z.object({ workstation: id('wst'), ...paging }),
  output: page(reportLine),
});

export const getScanReport = operation({
  name: 'scan-reports.get',
  method: 'GET',
  path: '/scan-reports/{id}',
  permission: 'self',
  summary: 'A scan report with all it found, and what of it counted when it came',
  input: z.object({ id: id('rep') }),
  output: reportLine.extend({ clients: z.array(configShape), counted: z.array(reasonShape) }),
});

const placed = { client: z.string(), path: z.string() };

export const compareScanReports = operation({
  name: 'scan-reports.compare',
  method: 'GET',
  path: '/scan-reports/{id}/changes',
  permission: 'self',
  summary:
    'What a scan found that another one before it did not, and the other way round; the one before, when left out',
  input: z.object({ id: id('rep'), since: id('rep').optional() }),
  output: z.object({
    from: reportLine.nullable(),
    to: reportLine,
    servers: z.array(
      z.object({
        ...placed,
        server: z.string(),
        change: z.enum(['added', 'removed', 'changed']),
        /** Names of what differs, such as `command` or `pinned`. */
        differs: z.array(z.string()),
      }),
    ),
    findings: z.array(
      z.object({
        ...placed,
        server: z.string().nullable(),
        change: z.enum(['added', 'removed']),
        code: z.string(),
        severity,
        message: z.string(),
      }),
    ),
    files: z.array(z.object({ ...placed, change: z.enum(['added', 'removed', 'state']), detail: z.string() })),
  }),
});

export const groupings = ['workstation', 'member', 'client', 'server'] as const;

const complianceRow = z.object({
  /** An id, or the name of a client or server. */
  key: z.string(),
  label: z.string(),
  /** Workstations that it concerns, by how they stand. */
  workstations: z.number().int(),
  compliant: z.number().int(),
  nonCompliant: z.number().int(),
  undetermined: z.number().int(),
  /** That should have reported again, or never did. */
  overdue: z.number().int(),
  servers: z.number().int(),
  byKind: z.record(z.string(), z.number().int()),
  byRuns: z.record(z.string(), z.number().int()),
  unpinned: z.number().int(),
  findings: bySeverity,
  /** When the oldest of the reports that it comes from was taken. */
  oldest: time.nullable(),
});

export const getCompliance = operation({
  name: 'compliance.get',
  method: 'GET',
  path: '/compliance',
  permission: 'self',
  summary:
    'How all workstations comply, by their last reports: in one line, and by workstation, member, client or server; without workstations:read of one’s own',
  input: z.object({ by: z.enum(groupings).default('workstation') }),
  output: z.object({ total: complianceRow.omit({ key: true, label: true }), rows: z.array(complianceRow) }),
});

export const exportCompliance = operation({
  name: 'compliance.export',
  method: 'POST',
  path: '/compliance/exports',
  permission: 'workstations:read',
  summary: 'The last reports of all workstations as one file: a line for each server, or for each finding',
  input: z.object({
    format: z.enum(['csv', 'json']).default('csv'),
    of: z.enum(['servers', 'findings']).default('servers'),
  }),
  output: z.object({ name: z.string(), mediaType: z.string(), text: z.string() }),
});

export const complianceRulesShape = z.object({
  /** How often workstations scan, in minutes. */
  everyMinutes: z.number().int().min(5).max(44_640),
  /** Only these clients, by id; null all. */
  clients: z.array(z.string().min(1).max(60)).max(200).nullable(),
  /** Whether they look into projects that clients remember. */
  projects: z.boolean(),
  /** Not looked into, with all below; `~` is the member’s home. */
  excludedFolders: z.array(z.string().min(1).max(1000)).max(100),
  /** How bad a finding is, by its code; `off` does not count. Others are as the scan says. */
  severities: z.record(z.string().min(1).max(60), z.enum(['error', 'warning', 'note', 'off'])),
  /** The mildest finding that counts. */
  failOn: severity,
  /** Every server must go through MCPVault. */
  requireManaged: z.boolean(),
  /** Files that nobody can judge count. */
  requireReadable: z.boolean(),
});

const rulesWithVersion = complianceRulesShape.extend({ version: z.number().int() });

export const getComplianceRules = operation({
  name: 'compliance-rules.get',
  method: 'GET',
  path: '/compliance/rules',
  permission: 'self',
  summary: 'What counts against a workstation, and how often it scans what',
  input: z.object({}),
  output: rulesWithVersion,
});

export const updateComplianceRules = operation({
  name: 'compliance-rules.update',
  method: 'PUT',
  path: '/compliance/rules',
  permission: 'workstations:write',
  summary:
    'Change what counts; the last reports are judged anew at once, and workstations follow after their next poll',
  input: complianceRulesShape,
  output: rulesWithVersion,
});

export const previewComplianceRules = operation({
  name: 'compliance-rules.preview',
  method: 'POST',
  path: '/compliance/rules/preview',
  permission: 'workstations:read',
  summary: 'How the last reports would be judged by other rules; changes nothing',
  input: complianceRulesShape,
  output: z.object({
    compliant: z.number().int(),
    nonCompliant: z.number().int(),
    undetermined: z.number().int(),
    /** Those whose verdict would differ. */
    changes: z.array(z.object({ workstation: id('wst'), name: z.string(), from: verdict, to: verdict })),
  }),
});
