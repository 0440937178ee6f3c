import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';

/** Resolves once it holds; fails after ten seconds. */
export async function eventually(holds: () => boolean | Promise<boolean>, what = 'it'): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt++) {
    if (await holds()) return;
    await setTimeout(25);
  }
  assert.fail(`${what} did not come true within ten seconds`);
}

/** The texts of a tool's result. */
export function textOf(result: object): string {
  const { content } = result as { content?: { text?: string }[] };
  return content?.map(({ text }) => text ?? '').join('\n') ?? '';
}
