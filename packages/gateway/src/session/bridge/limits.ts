/** Bounds of what the bridge does; times in milliseconds. docs/protocol.md says them. */
export const limits = {
  /** Rounds of questions for one call. */
  rounds: 10,
  /** Questions that wait at once for one call. */
  questions: 20,
  /** Without another question after which those that are there are put: a busy process writes them one by one. */
  gather: 150,
  /** That a client has to come back to a call that waits for it. */
  comeBack: 600_000,
  /** Calls that wait for their clients, all together. */
  parked: 10_000,
  /** Messages in a batch. */
  batch: 100,
} as const;
