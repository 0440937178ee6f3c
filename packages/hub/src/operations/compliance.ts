import { Failure } from '@mcpvault/domain/failure';
import type { ScanReportId, WorkstationId } from '@mcpvault/domain/ids';
import { judgeReport } from '@mcpvault/domain/workstation/judge-report';
import type { ComplianceRules } from '@mcpvault/protocol/hub-link/policy-bundle';
import type { LastReport, ScanReportLine, StoredReport } from '@mcpvault/store/workstations/scan-reports-store';
import { compareReports } from '../workstations/compare-reports.ts';
import { csvOf, exportRows } from '../workstations/export-compliance.ts';
import { byPart, byStanding, type ComplianceTotals, type Standing, totalOf } from '../workstations/group-compliance.ts';
import { readComplianceRules, writeComplianceRules } from '../workstations/workstation-settings.ts';
import { type Context, handles } from './handler.ts';
import { rfc3339, rfc3339OrNull } from './times.ts';
import { isOverdue, seesAll, surroundings, workstationOf } from './workstations.ts';

/** Reports that are held in memory at a time. */
const atOnce = 50;

export const listScanReports = handles('listScanReports', async ({ workstation, ...page }, context) => {
  await workstationOf(context, workstation);
  const { items, next } = await context.stores.scanReports.list(context.caller.organization, workstation, page);
  return { items: items.map(showLine), next };
});

export const getScanReport = handles('getScanReport', async ({ id }, context) => {
  const report = await reportOf(context, id);
  const { clients, judged } = report;
  return {
    ...showLine(report),
    clients: clients.map((config) => ({ ...config })),
    counted: judged.reasons.map((reason) => ({ ...reason })),
  };
});

export const compareScanReports = handles('compareScanReports', async ({ id, since }, context) => {
  const report = await reportOf(context, id);
  const before = since === undefined ? await context.stores.scanReports.before(report) : await reportOf(context, since);
  if (before !== null && before.workstation !== report.workstation) {
    throw new Failure('invalid_params', 'since: that report is of another workstation.');
  }
  const { servers, findings, files } = compareReports(before?.clients ?? [], report.clients);
  return {
    from: before && showLine(before),
    to: showLine(report),
    servers: servers.map((one) => ({ ...one, differs: [...one.differs] })),
    findings: [...findings],
    files: [...files],
  };
});

export const getCompliance = handles('getCompliance', async ({ by }, context) => {
  const standings = await standingsOf(context);
  const rows =
    by === 'workstation' || by === 'member' ? byStanding(standings, by) : await partsOf(context, standings, by);
  const shown = <Totals extends ComplianceTotals>({ oldest, byKind, byRuns, findings, ...rest }: Totals) => ({
    ...rest,
    byKind: { ...byKind },
    byRuns: { ...byRuns },
    findings: { ...findings },
    oldest: rfc3339OrNull(oldest),
  });
  return { total: shown(totalOf(standings)), rows: rows.map(shown) };
});

export const exportCompliance = handles('exportCompliance', async ({ format, of }, context) => {
  const reports: LastReport[] = [];
  for await (const report of lastReports(context)) reports.push(report);
  const rows = exportRows(reports, of);
  context.note({ detail: { format, of, lines: rows.length } });
  const name = `compliance-${of}-${rfc3339(context.now).slice(0, 10)}.${format}`;
  if (format === 'csv') return { name, mediaType: 'text/csv', text: csvOf(rows) };
  return { name, mediaType: 'application/json', text: `${JSON.stringify(rows, null, 2)}\n` };
});

export const getComplianceRules = handles('getComplianceRules', async (_, { stores, caller }) =>
  showRules(await readComplianceRules(stores.settings, caller.organization)),
);

export const updateComplianceRules = handles('updateComplianceRules', async (given, context) => {
  const { stores, caller, now } = context;
  const { organization } = caller;
  const { version } = await readComplianceRules(stores.settings, organization);
  const rules = { ...given, version: version + 1 };
  await writeComplianceRules(stores.settings, organization, rules, now);
  for await (const report of lastReports(context)) {
    const judged = judgeReport(report.clients, rules);
    const { id, takenAt } = report;
    await stores.workstations.setReport(report.workstation.id, { id, takenAt, verdict: judged.verdict, judged });
  }
  context.note({ detail: { ...rules } });
  context.changed('workstations', null);
  return showRules(rules);
});

export const previewComplianceRules = handles('previewComplianceRules', async (given, context) => {
  const { stores, caller } = context;
  const { version } = await readComplianceRules(stores.settings, caller.organization);
  const now = new Map((await stores.workstations.all(caller.organization)).map((one) => [one.id, one.report?.verdict]));
  const counts = { compliant: 0, nonCompliant: 0, undetermined: 0 };
  const names = { compliant: 'compliant', non_compliant: 'nonCompliant', undetermined: 'undetermined' } as const;
  const changes = [];
  for await (const { workstation, clients } of lastReports(context)) {
    const { verdict: to } = judgeReport(clients, { ...given, version });
    const from = now.get(workstation.id);
    counts[names[to]] += 1;
    if (from !== undefined && from !== to)
      changes.push({ workstation: workstation.id, name: workstation.name, from, to });
  }
  return { ...counts, changes };
});

async function reportOf(context: Context, id: ScanReportId): Promise<StoredReport> {
  const report = await context.stores.scanReports.byId(context.caller.organization, id);
  if (report === null) throw new Failure('not_found', 'There is no such report.');
  await workstationOf(context, report.workstation);
  return report;
}

/** Of those that are not gone. */
async function standingsOf(context: Context): Promise<readonly Standing[]> {
  const { stores, caller } = context;
  const around = await surroundings(context);
  const all = await stores.workstations.all(caller.organization, seesAll(context) ? undefined : caller.member);
  return all
    .filter(({ state }) => state === 'active' || state === 'disabled')
    .map((one) => ({
      id: one.id,
      name: one.name,
      member: one.member,
      report: one.report,
      overdue: isOverdue(one, around),
    }));
}

async function partsOf(context: Context, standings: readonly Standing[], by: 'client' | 'server') {
  const rules = await readComplianceRules(context.stores.settings, context.caller.organization);
  const byId = new Map(standings.map((standing) => [standing.id, standing]));
  const reports: { standing: Standing; clients: LastReport['clients'] }[] = [];
  for await (const { workstation, clients } of lastReports(context)) {
    const standing = byId.get(workstation.id);
    if (standing !== undefined) reports.push({ standing, clients });
  }
  return byPart(reports, by, rules);
}

async function* lastReports(context: Context): AsyncGenerator<LastReport> {
  const { stores, caller } = context;
  const member = seesAll(context) ? undefined : caller.member;
  let after: WorkstationId | null = null;
  do {
    const some: readonly LastReport[] = await stores.scanReports.latest(caller.organization, {
      ...{ after, atMost: atOnce, member },
    });
    yield* some;
    after = some.length < atOnce ? null : (some.at(-1)?.workstation.id ?? null);
  } while (after !== null);
}

function showLine({ id, workstation, takenAt, receivedAt, why, job, agentVersion, verdict, judged }: ScanReportLine) {
  return {
    ...{ id, workstation, takenAt: rfc3339(takenAt), receivedAt: rfc3339(receivedAt), why, job, agentVersion, verdict },
    findings: { ...judged.findings },
    reasons: judged.reasons.length,
    servers: judged.counts.servers,
  };
}

function showRules({ clients, excludedFolders, severities, ...rules }: ComplianceRules) {
  return {
    ...rules,
    clients: clients && [...clients],
    excludedFolders: [...excludedFolders],
    severities: { ...severities },
  };
}
