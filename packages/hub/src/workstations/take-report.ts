// A report of a workstation's scan: taken once, judged by the rules of now, kept with those before it.
import type { Ambient } from '@mcpvault/domain/ambient';
import { Failure } from '@mcpvault/domain/failure';
import { judgeReport } from '@mcpvault/domain/workstation/judge-report';
import type { Answers, Asks } from '@mcpvault/protocol/hub-link/link';
import { announce } from '@mcpvault/store/change-feed';
import type { Database } from '@mcpvault/store/connect';
import { within } from '@mcpvault/store/stores';
import type { KnownWorkstation } from '@mcpvault/store/workstations/workstations-store';
import type { Changes } from '../changes.ts';
import { readComplianceRules } from './workstation-settings.ts';

export type TakeReport = (asked: Asks<'report'>, workstation: KnownWorkstation) => Promise<Answers<'report'>>;

export interface TakeReportDeps {
  readonly database: Database;
  readonly changes: Changes;
  readonly ambient: Ambient;
}

/** Of each workstation; older ones are let go. */
const reportsKept = 200;
const serversAtMost = 5000;
const findingsAtMost = 20_000;

export function createTakeReport({ database, changes, ambient }: TakeReportDeps): TakeReport {
  return async (asked, { id: workstation, organization }) => {
    demandSize(asked);
    const now = ambient.clock.now();
    // A clock that runs ahead must not keep later reports from being the last one.
    const takenAt = Math.min(asked.takenAt, now);
    const told = [{ organization, area: 'workstations', id: workstation } as const];
    const answer = await within(database, organization, async (stores): Promise<Answers<'report'>> => {
      const before = await stores.scanReports.byOwnId(workstation, asked.id);
      if (before !== null) {
        const { id: report, verdict, judged } = before;
        return { report, isNew: false, verdict, reasons: judged.reasons.length };
      }
      const judged = judgeReport(asked.clients, await readComplianceRules(stores.settings, organization));
      const { verdict } = judged;
      const { id: report, isNew } = await stores.scanReports.add({
        ...{ id: ambient.ids.next('rep'), organization, workstation, ownId: asked.id, takenAt, receivedAt: now },
        ...{ why: asked.why, job: asked.job, agentVersion: asked.agentVersion, rules: asked.rules },
        ...{ clients: asked.clients, verdict, judged },
      });
      const known = await stores.workstations.byId(organization, workstation);
      const isLast = known !== null && (known.report === null || known.report.takenAt <= takenAt);
      if (isNew && isLast) {
        await stores.workstations.setReport(workstation, { id: report, takenAt, verdict, judged });
        if (known.report?.verdict !== verdict) {
          await stores.audit.append({
            ...{ id: ambient.ids.next('aud'), organization, at: now, actor: workstation },
            ...{ action: 'workstations.judged', subject: workstation, outcome: 'done' },
            detail: { report, verdict, before: known.report?.verdict ?? null, reasons: judged.reasons.length },
          });
        }
        await stores.scanReports.trim(workstation, reportsKept);
      }
      await announce(stores.executor, changes.announcement(told));
      return { report, isNew, verdict, reasons: judged.reasons.length };
    });
    await changes.publish(told);
    return answer;
  };
}

/** Each list of a report is bounded by itself; what they come to together is bounded here. */
function demandSize({ clients }: Asks<'report'>): void {
  const servers = clients.reduce((sum, config) => sum + config.servers.length, 0);
  const findings = clients.reduce((sum, config) => sum + config.findings.length, 0);
  if (servers <= serversAtMost && findings <= findingsAtMost) return;
  throw new Failure('too_large', `A report has at most ${serversAtMost} servers and ${findingsAtMost} findings.`, {
    fix: 'Narrow what is scanned in the compliance rules.',
  });
}
