// The jobs that this computer was given: what became of each, and which wait for the person's word. A job is carried out once;
// given again, it gets the answer that it had.
import type { AgentJob } from '@mcpvault/protocol/hub-link/agent-job';
import type { Asks } from '@mcpvault/protocol/hub-link/link';
import { readJson, writeJson } from '../state/json-file.ts';

export type JobOutcome = Omit<Asks<'jobOutcome'>, 'id' | 'attempt'>;

export interface KnownJob {
  readonly job: AgentJob;
  /** null: it waits for the person, or was being carried out when this process ended. */
  readonly outcome: JobOutcome | null;
  /** Whether it needs the word of the person. */
  readonly asks: boolean;
  /** The person's word; null: none yet. */
  readonly consent: 'given' | 'declined' | null;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

export interface JobLedger {
  all(): Promise<readonly KnownJob[]>;
  find(id: string): Promise<KnownJob | null>;
  keep(job: KnownJob): Promise<void>;
}

/** Milliseconds: so long a job is remembered, which is longer than any can be given again. */
const kept = 40 * 86_400_000;
const mostKept = 500;

/** `exclusively`: the agent and the person's own commands write here. */
export function createJobLedger(path: string, exclusively: <T>(work: () => Promise<T>) => Promise<T>): JobLedger {
  const read = async (): Promise<readonly KnownJob[]> => ((await readJson(path)) as KnownJob[] | undefined) ?? [];
  return {
    all: read,
    find: async (id) => (await read()).find(({ job }) => job.id === id) ?? null,
    keep: (known) =>
      exclusively(async () => {
        const others = (await read()).filter(({ job, since }) => job.id !== known.job.id && since > known.since - kept);
        await writeJson(path, [...others.slice(-mostKept), known]);
      }),
  };
}
