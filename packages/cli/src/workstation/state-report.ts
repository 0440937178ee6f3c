// What there is to know about this computer and its hub, gathered from what lies on the disk: for `status`, `doctor` and the
// local page. It asks nobody, and shows no message and no secret.
import { type AgentState, readAgentState } from '@mcpvault/workstation/agent/agent-diary';
import { holderOf } from '@mcpvault/workstation/agent/agent-lock';
import { readKept } from '@mcpvault/workstation/agent/report-scan';
import { type Enrolment, readEnrolment } from '@mcpvault/workstation/enrolment/enrolment';
import { allowedOf } from '@mcpvault/workstation/govern/governing';
import { type HeldBundle, readBundle } from '@mcpvault/workstation/govern/held-bundle';
import { readLedger } from '@mcpvault/workstation/records/ledger';
import { findJournals, JournalReader } from '@mcpvault/workstation/records/read-journals';
import type { VaultKind } from '@mcpvault/workstation/keys/secret-vault';
import type { Io } from '../io.ts';
import { jobsOf } from './jobs-of.ts';
import { ownPolicies } from './own-policies.ts';
import { stateOf, vaultFor } from './state-of.ts';

export interface StateReport {
  readonly enrolment: Enrolment | null;
  /** null where this computer belongs to no hub. */
  readonly bundle: HeldBundle | null;
  readonly agent: (AgentState & { readonly isRunning: boolean }) | null;
  readonly journals: { readonly bridges: number; readonly waiting: number; readonly lost: number };
  readonly scan: { readonly takenAt: number; readonly isSent: boolean; readonly verdict: string | null } | null;
  readonly jobsWaiting: number;
  /** Of this computer's own: how many there are, and how many hold. A text: why they cannot be read. */
  readonly ownPolicies: { readonly there: number; readonly hold: number } | string;
  readonly secretsLieIn: VaultKind;
}

export async function stateReport(io: Io): Promise<StateReport> {
  const state = stateOf(io);
  const enrolment = await readEnrolment(state.enrolment);
  const bundle = enrolment === null ? null : await readBundle(state.bundle, enrolment);
  const agent = await readAgentState(state.agent);
  const holder = await holderOf(state.lock);
  const kept = await readKept(state.lastScan);
  const jobs = await jobsOf(io).all();
  return {
    enrolment,
    bundle,
    agent: agent === null ? null : { ...agent, isRunning: holder !== null && io.machine.isRunning(holder) },
    journals: await journalsOf(io),
    scan: kept === null ? null : { takenAt: kept.report.takenAt, isSent: kept.isSent, verdict: kept.verdict },
    jobsWaiting: jobs.filter(({ outcome, consent, asks }) => outcome === null && consent === null && asks).length,
    ownPolicies: await policiesOf(io, bundle),
    secretsLieIn: (await vaultFor(io)).kind,
  };
}

async function policiesOf(io: Io, held: HeldBundle | null): Promise<StateReport['ownPolicies']> {
  try {
    const own = await ownPolicies(io).read();
    const setting = held !== null && 'bundle' in held ? held.bundle.settings.localPolicies : 'allowed';
    return { there: own.length, hold: allowedOf(own, setting).length };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Messages that lie here: those that have not reached the hub, or all where there is none. */
async function journalsOf(io: Io): Promise<StateReport['journals']> {
  const state = stateOf(io);
  const { journals } = await readLedger(state.ledger);
  const reader = new JournalReader();
  let waiting = 0;
  let lost = 0;
  const found = await findJournals(state.journals);
  for (const journal of found) {
    const blocks = await reader.after(journal, journals[journal.id]?.position ?? 0);
    waiting += blocks.reduce((sum, { block }) => sum + block.count, 0);
    lost += journal.owner?.lost ?? 0;
  }
  return { bridges: found.length, waiting, lost };
}
