// Scans this computer as the hub's rules say, and reports what was found. A report that could not be sent is kept and sent
// later, as it was.
import type { ScanReport } from '@mcpvault/protocol/hub-link/scan-report';
import type { ComplianceRules } from '@mcpvault/protocol/hub-link/policy-bundle';
import type { Machine } from '../machine/machine.ts';
import { type Scan, scan, type ScannedConfig } from '../scanning/scan.ts';
import type { ManagedServers } from '../scanning/server-kind.ts';
import { readJson, writeJson } from '../state/json-file.ts';
import type { SignedInLink } from '../link/signed-in-link.ts';

export interface KeptReport {
  readonly report: ScanReport;
  readonly isSent: boolean;
  /** What the hub said of it. */
  readonly verdict: string | null;
}

export interface ReportDeps {
  readonly machine: Machine;
  managed(): Promise<ManagedServers>;
  readonly link: SignedInLink;
  /** The file of the last report. */
  readonly path: string;
  readonly agentVersion: string;
  /** Makes an id of this workstation's own. */
  nextId(): string;
  /** Milliseconds since the epoch. */
  now(): number;
}

export type WhyScanned = Pick<ScanReport, 'why' | 'job'>;

/** Scans, keeps the report, and sends it; resolves to it. Rejects with a `LinkFailure` when it is only kept. */
export async function scanAndReport(
  deps: ReportDeps,
  rules: ComplianceRules | null,
  why: WhyScanned,
): Promise<ScanReport> {
  const found = await scanBy(rules, deps);
  const report: ScanReport = {
    id: deps.nextId(),
    takenAt: deps.now(),
    agentVersion: deps.agentVersion,
    ...why,
    rules: rules?.version ?? null,
    clients: JSON.parse(JSON.stringify(found.clients)) as ScanReport['clients'],
  };
  await writeJson(deps.path, { report, isSent: false, verdict: null } satisfies KeptReport);
  await sendKept(deps, true);
  return report;
}

/** Sends the report that was taken last; `again`: also when the hub has it. Resolves to it; null where none was taken. */
export async function sendKept(deps: Pick<ReportDeps, 'link' | 'path'>, again: boolean): Promise<KeptReport | null> {
  const kept = await readKept(deps.path);
  if (kept === null || (kept.isSent && !again)) return kept;
  const answer = await deps.link.ask('report', kept.report);
  const sent: KeptReport = { ...kept, isSent: true, verdict: answer?.verdict ?? null };
  await writeJson(deps.path, sent);
  return sent;
}

export async function readKept(path: string): Promise<KeptReport | null> {
  return ((await readJson(path).catch(() => undefined)) as KeptReport | undefined) ?? null;
}

async function scanBy(rules: ComplianceRules | null, { machine, managed }: ReportDeps): Promise<Scan> {
  const found = await scan({
    machine,
    managed: await managed(),
    ...(rules?.clients != null && { clients: rules.clients }),
    findsProjects: rules?.projects !== false,
  });
  const excluded = (rules?.excludedFolders ?? []).map((folder) => folder.replace(/^~(?=[\\/]|$)/, () => machine.home));
  return excluded.length === 0 ? found : { clients: found.clients.filter((config) => !isExcluded(config, excluded)) };
}

function isExcluded({ path }: ScannedConfig, folders: readonly string[]): boolean {
  return folders.some((folder) => {
    const bare = folder.replace(/[\\/]+$/, '');
    return path === bare || path.startsWith(`${bare}/`) || path.startsWith(`${bare}\\`);
  });
}
