// What is known of a workstation: a computer of one member that runs the agent.
import type { JobOutcome } from '@mcpvault/protocol/hub-link/agent-job';
import type { ScanReport } from '@mcpvault/protocol/hub-link/scan-report';

export type { AboutWorkstation } from '@mcpvault/protocol/hub-link/enrolment';
export type { JobKind } from '@mcpvault/protocol/hub-link/agent-job';

/**
 * `disabled`: an admin shut it out, and may let it in again; `revoked`: its credential is over for good, and it has to enrol
 * again; `left`: it said goodbye.
 */
export const workstationStates = ['active', 'disabled', 'revoked', 'left'] as const;
export type WorkstationState = (typeof workstationStates)[number];

/** The last six are ends. */
export const agentJobStates = [
  ...(['queued', 'leased', 'asking'] as const),
  ...(['done', 'failed', 'declined', 'refused', 'expired', 'cancelled'] as const),
] as const;
export type AgentJobState = (typeof agentJobStates)[number];

export function isEnded(state: AgentJobState): boolean {
  return state !== 'queued' && state !== 'leased' && state !== 'asking';
}

export type JobResult = NonNullable<JobOutcome['result']>;
export type ReportedClients = ScanReport['clients'];

/** What a workstation’s own journal holds back, as it says. */
export interface WaitingJournal {
  readonly id: string;
  readonly waiting: number;
  readonly lost: number;
}

/** A policy of the workstation’s own, as it says; everything else in it is as policies are written. */
export interface LocalPolicy {
  readonly id: string;
  readonly name: string;
  readonly [member: string]: unknown;
}

/** Numbers of a journal that never came: both ends are part of it. */
export interface MissingRange {
  readonly from: number;
  readonly to: number;
}
