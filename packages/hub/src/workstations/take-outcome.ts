// What became of a job, as its workstation says: written down once, with an audit entry, and told to whoever waits.
import type { Ambient } from '@mcpvault/domain/ambient';
import type { Answers, Asks } from '@mcpvault/protocol/hub-link/link';
import { announce } from '@mcpvault/store/change-feed';
import type { Database } from '@mcpvault/store/connect';
import { within } from '@mcpvault/store/stores';
import type { KnownWorkstation } from '@mcpvault/store/workstations/workstations-store';
import type { Changes } from '../changes.ts';

export type TakeOutcome = (asked: Asks<'jobOutcome'>, workstation: KnownWorkstation) => Promise<Answers<'jobOutcome'>>;

export interface TakeOutcomeDeps {
  readonly database: Database;
  readonly changes: Changes;
  readonly ambient: Ambient;
}

/** While the member is asked, in milliseconds. */
const askingFor = 10 * 60_000;

export function createTakeOutcome({ database, changes, ambient }: TakeOutcomeDeps): TakeOutcome {
  return async ({ id, attempt, state, detail, report: ownReport, result }, { id: workstation, organization }) => {
    const now = ambient.clock.now();
    const told = [{ organization, area: 'agent-jobs', id } as const];
    const taken = await within(database, organization, async (stores) => {
      if (state === 'asking') return stores.agentJobs.prolong(workstation, id, attempt, now + askingFor);
      const report = ownReport === null ? null : await stores.scanReports.byOwnId(workstation, ownReport);
      const end = { attempt, state, at: now, detail, result, report: report?.id ?? null };
      if (!(await stores.agentJobs.end(workstation, id, end))) return false;
      await stores.audit.append({
        ...{ id: ambient.ids.next('aud'), organization, at: now, actor: workstation },
        ...{ action: 'agent-jobs.end', subject: id, outcome: state === 'done' ? 'done' : 'refused' },
        detail: { workstation, state, attempt },
      });
      await announce(stores.executor, changes.announcement(told));
      return true;
    });
    if (taken) await changes.publish(told);
    return { taken };
  };
}
