// How all workstations stand, seen from one side: by workstation, by member, by client or by server.
import type { ComplianceVerdict, Judgement } from '@mcpvault/domain/workstation/judge-report';
import { judgeReport } from '@mcpvault/domain/workstation/judge-report';
import type { ReportedClients } from '@mcpvault/domain/workstation/workstation';
import type { ComplianceRules } from '@mcpvault/protocol/hub-link/policy-bundle';

/** One that should report, with what it reported last. */
export interface Standing {
  readonly id: string;
  readonly name: string;
  readonly member: { readonly id: string; readonly email: string };
  readonly overdue: boolean;
  /** null: it never reported. */
  readonly report: {
    readonly takenAt: number;
    readonly verdict: ComplianceVerdict;
    readonly judged: Judgement;
  } | null;
}

export interface ComplianceTotals {
  readonly workstations: number;
  readonly compliant: number;
  readonly nonCompliant: number;
  readonly undetermined: number;
  readonly overdue: number;
  readonly servers: number;
  readonly byKind: Readonly<Record<string, number>>;
  readonly byRuns: Readonly<Record<string, number>>;
  readonly unpinned: number;
  readonly findings: Judgement['findings'];
  /** Milliseconds since the epoch. */
  readonly oldest: number | null;
}

export interface ComplianceGroup extends ComplianceTotals {
  readonly key: string;
  readonly label: string;
}

export function totalOf(standings: readonly Standing[]): ComplianceTotals {
  const sum = emptySum();
  for (const standing of standings) add(sum, standing, standing.report?.judged ?? null);
  return finished(sum);
}

export function byStanding(standings: readonly Standing[], by: 'workstation' | 'member'): readonly ComplianceGroup[] {
  const groups = new Map<string, { label: string; sum: Sum }>();
  for (const standing of standings) {
    const [key, label] = by === 'member' ? [standing.member.id, standing.member.email] : [standing.id, standing.name];
    const group = groups.get(key) ?? { label, sum: emptySum() };
    groups.set(key, group);
    add(group.sum, standing, standing.report?.judged ?? null);
  }
  return sorted([...groups].map(([key, { label, sum }]) => ({ key, label, ...finished(sum) })));
}

/** Each client or server is judged by what was found of it alone. */
export function byPart(
  reports: Iterable<{ readonly standing: Standing; readonly clients: ReportedClients }>,
  by: 'client' | 'server',
  rules: ComplianceRules,
): readonly ComplianceGroup[] {
  const groups = new Map<string, { label: string; sum: Sum }>();
  for (const { standing, clients } of reports) {
    for (const [key, { label, part }] of partsOf(clients, by)) {
      const group = groups.get(key) ?? { label, sum: emptySum() };
      groups.set(key, group);
      const judged = judgeReport(part, rules);
      add(group.sum, { ...standing, report: standing.report && { ...standing.report, ...judged } }, judged);
    }
  }
  return sorted([...groups].map(([key, { label, sum }]) => ({ key, label, ...finished(sum) })));
}

type Parts = Map<string, { readonly label: string; readonly part: ReportedClients[number][] }>;

function partsOf(clients: ReportedClients, by: 'client' | 'server'): Parts {
  const parts: Parts = new Map();
  const into = (key: string, label: string, config: ReportedClients[number]) => {
    const kept = parts.get(key) ?? { label, part: [] };
    parts.set(key, kept);
    kept.part.push(config);
  };
  for (const config of clients) {
    if (by === 'client') into(config.client, config.name, config);
    else {
      for (const server of config.servers) {
        const findings = config.findings.filter((finding) => finding.server === server.name);
        const key = identityOf(server);
        into(key, key, { ...config, state: 'ok', servers: [server], findings });
      }
    }
  }
  return parts;
}

/** What it is, as far as can be told, whatever each client calls it. */
function identityOf({ name, package: from, url, server }: ReportedClients[number]['servers'][number]): string {
  return server ?? (from === null ? null : withoutVersion(from)) ?? url ?? name;
}

function withoutVersion(from: string): string {
  return from.replace(/(?<=.)(?:@|==)[^@/=]*$/, '');
}

interface Sum {
  workstations: number;
  compliant: number;
  nonCompliant: number;
  undetermined: number;
  overdue: number;
  servers: number;
  unpinned: number;
  readonly byKind: Map<string, number>;
  readonly byRuns: Map<string, number>;
  readonly findings: { error: number; warning: number; note: number };
  oldest: number | null;
}

function emptySum(): Sum {
  return {
    ...{ workstations: 0, compliant: 0, nonCompliant: 0, undetermined: 0, overdue: 0, servers: 0, unpinned: 0 },
    byKind: new Map(),
    byRuns: new Map(),
    findings: { error: 0, warning: 0, note: 0 },
    oldest: null,
  };
}

function add(sum: Sum, { report, overdue }: Standing, judged: Judgement | null): void {
  sum.workstations += 1;
  if (overdue) sum.overdue += 1;
  if (report === null || judged === null) return;
  if (judged.verdict === 'compliant') sum.compliant += 1;
  if (judged.verdict === 'non_compliant') sum.nonCompliant += 1;
  if (judged.verdict === 'undetermined') sum.undetermined += 1;
  const { counts, findings } = judged;
  sum.servers += counts.servers;
  sum.unpinned += counts.unpinned;
  for (const [kind, number] of Object.entries(counts.byKind))
    sum.byKind.set(kind, (sum.byKind.get(kind) ?? 0) + number);
  for (const [runs, number] of Object.entries(counts.byRuns))
    sum.byRuns.set(runs, (sum.byRuns.get(runs) ?? 0) + number);
  sum.findings.error += findings.error;
  sum.findings.warning += findings.warning;
  sum.findings.note += findings.note;
  sum.oldest = sum.oldest === null ? report.takenAt : Math.min(sum.oldest, report.takenAt);
}

function finished({ byKind, byRuns, ...sum }: Sum): ComplianceTotals {
  return { ...sum, byKind: Object.fromEntries(byKind), byRuns: Object.fromEntries(byRuns) };
}

/** What needs somebody first, then by name. */
function sorted(groups: ComplianceGroup[]): readonly ComplianceGroup[] {
  return groups.toSorted(
    (a, b) =>
      b.nonCompliant - a.nonCompliant ||
      b.findings.error - a.findings.error ||
      b.overdue - a.overdue ||
      b.workstations - a.workstations ||
      (a.label < b.label ? -1 : 1),
  );
}
