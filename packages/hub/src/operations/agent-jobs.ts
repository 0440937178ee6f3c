import type { agentJobShape } from '@mcpvault/contract/agent-jobs';
import { Failure } from '@mcpvault/domain/failure';
import type { AgentJobId } from '@mcpvault/domain/ids';
import { writes } from '@mcpvault/domain/workstation/job-inputs';
import { isEnded } from '@mcpvault/domain/workstation/workstation';
import type { AgentJobRecord } from '@mcpvault/store/workstations/agent-jobs-store';
import type { z } from 'zod';
import { readWorkstationSettings } from '../workstations/workstation-settings.ts';
import { type Asked, type Context, handles, handlesPrepared } from './handler.ts';
import { rfc3339, rfc3339OrNull } from './times.ts';
import { changeableOf, seesAll, workstationOf } from './workstations.ts';

const openAtMost = 50;

export const listAgentJobs = handles('listAgentJobs', async ({ workstation, ...page }, context) => {
  const { stores, caller } = context;
  if (workstation !== undefined) await workstationOf(context, workstation);
  const member = seesAll(context) ? undefined : caller.member;
  const { items, next } = await stores.agentJobs.list(caller.organization, { ...page, workstation, member });
  const names = new Map((await stores.workstations.all(caller.organization, member)).map(({ id, name }) => [id, name]));
  return { items: items.map((job) => showJob(job, names.get(job.workstation) ?? job.workstation)), next };
});

export const createAgentJob = handles('createAgentJob', async (input, context) => {
  const { stores, services, caller, now } = context;
  const { workstation, job, reason, expiresMinutes } = input;
  const { name, state, member } = await changeableOf(context, workstation);
  if (state !== 'active') {
    throw new Failure('conflict', 'This workstation is not let in, so it would never take a job.', {
      fix: 'Let it in again, or have its member enrol it.',
    });
  }
  if ((await stores.agentJobs.countOpen(workstation)) >= openAtMost) {
    throw new Failure('conflict', `${openAtMost} jobs wait for this workstation already.`, {
      fix: 'Cancel some of them.',
    });
  }
  const { askBeforeWriting } = await readWorkstationSettings(stores.settings, caller.organization);
  // Who asks their own workstation has agreed.
  const needsConsent = writes(job) && askBeforeWriting && member.id !== caller.member;
  const id = services.ambient.ids.next('job');
  await stores.agentJobs.create({
    ...{ id, organization: caller.organization, workstation, kind: job.kind, input: job.input, reason, needsConsent },
    ...{ requestedBy: caller.member, createdAt: now, expiresAt: now + expiresMinutes * 60_000 },
  });
  context.note({ subject: id, detail: { workstation, kind: job.kind, input: job.input, reason, needsConsent } });
  context.changed('agent-jobs', id);
  context.changed('workstations', workstation);
  return showJob(await jobOf(context, id), name);
});

/** Waits before a transaction is opened, so that nobody’s connection is held meanwhile. */
async function waited({ id, wait }: { readonly id: AgentJobId; readonly wait: number }, asked: Asked): Promise<void> {
  const { services, caller } = asked;
  const ended = async () => {
    const job = await services.stores.agentJobs.byId(caller.organization, id);
    return job === null || isEnded(job.state);
  };
  const until = asked.now + wait * 1000;
  for (let left = wait * 1000; left > 0; left = until - services.ambient.clock.now()) {
    // Begun before it is looked: what ends in between wakes it.
    const woken = services.waiting.until(({ area, id: changed }) => area === 'agent-jobs' && changed === id, left);
    if (await ended()) return;
    await woken;
  }
}

export const getAgentJob = handlesPrepared('getAgentJob', waited, async ({ id }, context) => {
  const job = await jobOf(context, id);
  return showJob(job, (await workstationOf(context, job.workstation)).name);
});

export const cancelAgentJob = handles('cancelAgentJob', async ({ id }, context) => {
  const { stores, caller, now } = context;
  const job = await jobOf(context, id);
  await changeableOf(context, job.workstation);
  if (!(await stores.agentJobs.cancel(caller.organization, id, now, `Cancelled by ${caller.email}.`))) {
    throw new Failure('conflict', 'This job has ended already.');
  }
  context.note({ subject: id, detail: { workstation: job.workstation, kind: job.kind } });
  context.changed('agent-jobs', id);
  return undefined;
});

async function jobOf(context: Context, id: AgentJobId): Promise<AgentJobRecord> {
  const job = await context.stores.agentJobs.byId(context.caller.organization, id);
  if (job === null) throw new Failure('not_found', 'There is no such job.');
  // One for a workstation that is not theirs to see reads as if it did not exist.
  await workstationOf(context, job.workstation);
  return job;
}

function showJob(job: AgentJobRecord, name: string): z.output<typeof agentJobShape> {
  const { id, workstation, kind, input, reason, requestedBy, needsConsent, state, attempt, detail, report, result } =
    job;
  return {
    ...{ id, workstation: { id: workstation, name }, kind, reason, needsConsent, state, attempt, detail, report },
    input: JSON.parse(JSON.stringify(input)),
    requestedBy: requestedBy && { ...requestedBy },
    createdAt: rfc3339(job.createdAt),
    expiresAt: rfc3339(job.expiresAt),
    endedAt: rfc3339OrNull(job.endedAt),
    result: result && { ...result },
  };
}
