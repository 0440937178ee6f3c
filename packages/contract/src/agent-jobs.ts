// Work that is asked of workstations. Members see every job for theirs, and those that write ask them first.
import { agentJobStates } from '@mcpvault/domain/workstation/workstation';
import { jobInputs } from '@mcpvault/domain/workstation/job-inputs';
import { z } from 'zod';
import { id, nothing, operation, page, paging, time } from './operation.ts';

export const agentJobShape = z.object({
  id: id('job'),
  workstation: z.object({ id: id('wst'), name: z.string() }),
  kind: z.string(),
  input: z.record(z.string(), z.json()),
  reason: z.string(),
  /** null: the hub itself. */
  requestedBy: z.object({ id: id('mem'), email: z.string() }).nullable(),
  needsConsent: z.boolean(),
  state: z.enum(agentJobStates),
  /** How often it was given out. */
  attempt: z.number().int(),
  createdAt: time,
  expiresAt: time,
  endedAt: time.nullable(),
  detail: z.string().nullable(),
  report: id('rep').nullable(),
  result: z
    .object({
      servers: z
        .array(z.object({ name: z.string(), kind: z.string(), state: z.string(), detail: z.string() }))
        .optional(),
      lines: z.array(z.string()).optional(),
      /** A unified difference. */
      difference: z.string().optional(),
    })
    .nullable(),
});

export const listAgentJobs = operation({
  name: 'agent-jobs.list',
  method: 'GET',
  path: '/agent-jobs',
  permission: 'self',
  summary: 'Jobs for workstations, newest first: for one’s own, or with workstations:read for all',
  input: z.object({ ...paging, workstation: id('wst').optional() }),
  output: page(agentJobShape),
});

export const createAgentJob = operation({
  name: 'agent-jobs.create',
  method: 'POST',
  path: '/agent-jobs',
  permission: 'self',
  inPerson: false,
  status: 201,
  summary:
    'Ask something of one’s own workstation, or with workstations:write of any; it takes the job at its next poll',
  input: z.object({
    workstation: id('wst'),
    job: jobInputs,
    /** The member sees it. */
    reason: z.string().trim().max(500).default(''),
    /** It is not begun later than that. */
    expiresMinutes: z.number().int().min(1).max(43_200).default(1440),
  }),
  output: agentJobShape,
});

export const getAgentJob = operation({
  name: 'agent-jobs.get',
  method: 'GET',
  path: '/agent-jobs/{id}',
  permission: 'self',
  summary: 'A job, and what became of it; waits up to so many seconds for its end',
  input: z.object({ id: id('job'), wait: z.coerce.number().int().min(0).max(25).default(0) }),
  output: agentJobShape,
});

export const cancelAgentJob = operation({
  name: 'agent-jobs.cancel',
  method: 'DELETE',
  path: '/agent-jobs/{id}',
  permission: 'self',
  inPerson: false,
  status: 204,
  summary: 'Take a job back that has not ended; what is under way may still finish, and is not told any more',
  input: z.object({ id: id('job') }),
  output: nothing,
});
