// The last checkpoint of each organization, kept in the data folder: whoever can change the database alone cannot cut the
// end off a log without this telling.
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { checkpointLine, checkpointShape } from '@mcpvault/domain/audit/export-lines';
import type { SignedCheckpoint } from '@mcpvault/domain/audit/checkpoint';
import type { OrganizationId } from '@mcpvault/domain/ids';

export interface Anchors {
  keep(checkpoint: SignedCheckpoint): Promise<void>;
  /** null when none was kept here yet. Throws when there is one that cannot be read. */
  of(organization: OrganizationId): Promise<SignedCheckpoint | null>;
  /** Where an operator finds it. */
  placeOf(organization: OrganizationId): string;
}

export function createAnchors(dataFolder: string): Anchors {
  const folder = join(dataFolder, 'audit');
  const placeOf = (organization: OrganizationId) => join(folder, `${organization}.checkpoint.json`);
  return {
    placeOf,

    async keep(checkpoint) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const place = placeOf(checkpoint.organization);
      const unfinished = `${place}.new`;
      const file = await open(unfinished, 'w', 0o600);
      try {
        await file.writeFile(`${JSON.stringify(checkpointLine(checkpoint))}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(unfinished, place);
    },

    async of(organization) {
      try {
        return checkpointShape.parse(JSON.parse(await readFile(placeOf(organization), 'utf8')));
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
        throw error;
      }
    },
  };
}
