import { createJobLedger, type JobLedger } from '@mcpvault/workstation/agent/job-ledger';
import type { Io } from '../io.ts';
import { exclusively } from './link-of.ts';
import { stateOf } from './state-of.ts';

/** What the hub asked of this computer; the agent and the person's commands share it. */
export function jobsOf(io: Io): JobLedger {
  return createJobLedger(stateOf(io).jobs, (work) => exclusively(io, 'jobs.lock', work));
}
