// Whether what a scan found complies, by the rules of the organization. The same reports judged by other rules give other
// verdicts; what was reported stays what it is.
import type { ComplianceRules } from '@mcpvault/protocol/hub-link/policy-bundle';
import type { ScanReport } from '@mcpvault/protocol/hub-link/scan-report';

export type ComplianceVerdict = 'compliant' | 'non_compliant' | 'undetermined';
export type ComplianceSeverity = 'error' | 'warning' | 'note';

/** One thing that counts against the workstation. */
export interface ComplianceReason {
  readonly code: string;
  readonly severity: ComplianceSeverity;
  readonly client: string;
  readonly path: string;
  /** As the client calls it; null: it is about the file. */
  readonly server: string | null;
  readonly place: string;
  readonly message: string;
  readonly fix: string;
}

/** How many servers, by how they relate to MCPVault and by how they run. */
export interface ServerCounts {
  readonly servers: number;
  readonly byKind: Readonly<Record<string, number>>;
  readonly byRuns: Readonly<Record<string, number>>;
  readonly unpinned: number;
}

export interface Judgement {
  readonly verdict: ComplianceVerdict;
  readonly reasons: readonly ComplianceReason[];
  /** Findings by severity, as the rules weigh them, those that do not count included. */
  readonly findings: Readonly<Record<ComplianceSeverity, number>>;
  /** Files that nobody can judge. */
  readonly unclear: number;
  readonly clients: number;
  readonly counts: ServerCounts;
}

type Config = ScanReport['clients'][number];
type Finding = Config['findings'][number];

const weights: Readonly<Record<ComplianceSeverity, number>> = { note: 0, warning: 1, error: 2 };
/** States in which a file may hold servers that nobody sees. */
const unclearStates: ReadonlySet<string> = new Set([
  ...['malformed', 'wrong-container', 'no-permission', 'privacy-denied', 'not-a-file', 'too-large'],
  ...['unreadable', 'opaque', 'duplicate-keys'],
]);

export function judgeReport(clients: readonly Config[], rules: ComplianceRules): Judgement {
  const findings = { error: 0, warning: 0, note: 0 };
  const reasons: ComplianceReason[] = [];
  for (const config of clients) {
    for (const finding of config.findings) {
      const severity = severityBy(rules, finding);
      if (severity === 'off') continue;
      findings[severity] += 1;
      if (counts(rules, finding, severity)) reasons.push(reasonOf(config, finding, severity));
    }
    const hasReason = config.findings.some((finding) => severityBy(rules, finding) === 'error');
    if (rules.requireReadable && isUnclear(config) && !hasReason) reasons.push(unreadable(config));
  }
  const unclear = clients.filter(isUnclear).length;
  const verdict = reasons.length > 0 ? 'non_compliant' : unclear > 0 ? 'undetermined' : 'compliant';
  const known = new Set(clients.map(({ client }) => client)).size;
  return { verdict, reasons, findings, unclear, clients: known, counts: countServers(clients) };
}

/** When the next report is due, and when its absence shows; milliseconds since the epoch. */
export function dueAfter(takenAt: number, { everyMinutes }: Pick<ComplianceRules, 'everyMinutes'>) {
  const interval = everyMinutes * 60_000;
  return { due: takenAt + interval, overdue: takenAt + 2 * interval + 10 * 60_000 };
}

function severityBy({ severities }: ComplianceRules, { code, severity }: Finding): ComplianceSeverity | 'off' {
  return (Object.hasOwn(severities, code) ? severities[code] : undefined) ?? severity;
}

function counts({ failOn, requireManaged }: ComplianceRules, { code }: Finding, severity: ComplianceSeverity): boolean {
  return weights[severity] >= weights[failOn] || (requireManaged && code === 'unmanaged');
}

function isUnclear({ state }: Config): boolean {
  return unclearStates.has(state);
}

function reasonOf(config: Config, finding: Finding, severity: ComplianceSeverity): ComplianceReason {
  const { client, path } = config;
  const { code, server = null, place, message, fix } = finding;
  return { code, severity, client, path, server, place, message, fix };
}

function unreadable({ client, path, explanation }: Config): ComplianceReason {
  return {
    ...{ code: 'unreadable-config', severity: 'error', client, path, server: null, place: '' },
    message: `The file cannot be judged: ${explanation}.`,
    fix: 'Mend or open the file, then scan again: nobody knows what it holds.',
  };
}

function countServers(clients: readonly Config[]): ServerCounts {
  const byKind = new Map<string, number>();
  const byRuns = new Map<string, number>();
  let servers = 0;
  let unpinned = 0;
  for (const server of clients.flatMap((config) => config.servers)) {
    servers += 1;
    if (server.pinned === false) unpinned += 1;
    byKind.set(server.kind, (byKind.get(server.kind) ?? 0) + 1);
    if (server.runs !== null) byRuns.set(server.runs, (byRuns.get(server.runs) ?? 0) + 1);
  }
  return { servers, byKind: Object.fromEntries(byKind), byRuns: Object.fromEntries(byRuns), unpinned };
}
