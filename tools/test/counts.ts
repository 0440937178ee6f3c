// How many tests passed, failed and were skipped; the line that `npm test` ends with.

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const none: Counts = { passed: 0, failed: 0, skipped: 0 };

/** What the test runner's own summary of one file says. */
export interface RunnerCounts {
  readonly passed: number;
  readonly failed: number;
  /** Timed out, or never ran because their parent ended first. */
  readonly cancelled: number;
  readonly skipped: number;
  readonly todo: number;
}

export function sum(all: readonly Counts[]): Counts {
  return all.reduce(
    (a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }),
    none,
  );
}

/** A test that is not written yet is no pass: it counts as skipped. */
export function fromRunner(counts: RunnerCounts): Counts {
  return {
    passed: counts.passed,
    failed: counts.failed + counts.cancelled,
    skipped: counts.skipped + counts.todo,
  };
}

export function closingLine(counts: Counts): string {
  return `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
}

/** In CI a skipped test is a failed promise, and a run of nothing proves nothing anywhere. */
export function exitCode(counts: Counts, ci: boolean): 0 | 1 {
  if (counts.failed > 0 || counts.passed === 0) return 1;
  return ci && counts.skipped > 0 ? 1 : 0;
}
