import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';

/** Long enough for a machine that has much else to do; only what fails takes so long. */
export const patienceMs = 60_000;

/** Resolves once it holds; fails after a minute. */
export async function eventually(holds: () => boolean | Promise<boolean>, what = 'it'): Promise<void> {
  const began = performance.now();
  while (!(await holds())) {
    if (performance.now() - began > patienceMs) assert.fail(`${what} did not come true within a minute`);
    await setTimeout(25);
  }
}

/** The texts of a tool's result. */
export function textOf(result: object): string {
  const { content } = result as { content?: { text?: string }[] };
  return content?.map(({ text }) => text ?? '').join('\n') ?? '';
}
