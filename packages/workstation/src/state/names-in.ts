import { readdir } from 'node:fs/promises';

/** Names in a folder, sorted by their characters; none where there is no such folder. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((): string[] => []);
  return names.toSorted((a, b) => (a < b ? -1 : 1));
}
