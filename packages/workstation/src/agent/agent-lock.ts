import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Failure } from '@mcpvault/domain/failure';

/** One agent for each account. The lock of one that was killed is taken over. Resolves to what gives it back. */
export async function takeAgentLock(
  path: string,
  { pid, isRunning }: { readonly pid: number; isRunning(pid: number): boolean },
): Promise<() => Promise<void>> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  for (let tries = 0; tries < 3; tries += 1) {
    try {
      const file = await open(path, 'wx', 0o600);
      await file.writeFile(String(pid));
      await file.close();
      return async () => {
        if ((await holderOf(path)) === pid) await rm(path, { force: true });
      };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const holder = await holderOf(path);
    if (holder !== null && holder !== pid && isRunning(holder)) break;
    await rm(path, { force: true });
  }
  throw new Failure('busy', 'The agent of this account runs already.');
}

/** null where nobody holds it. */
export async function holderOf(path: string): Promise<number | null> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const pid = Number(text);
  return Number.isInteger(pid) && pid > 0 ? pid : null;
}
