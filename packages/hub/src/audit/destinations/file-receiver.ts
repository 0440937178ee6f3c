// Audit events to files in the hub's own folder, one a day, for whatever picks files up. They are on the disk before they count
// as delivered.
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@mcpvault/domain/ambient';
import type { Destination } from '@mcpvault/store/audit/destinations-store';
import { headOf, type Receiver, textOf } from './receiver.ts';

export interface FileReceiverDeps {
  readonly destination: Pick<Destination, 'id' | 'format'>;
  /** Of all destinations. */
  readonly folder: string;
  readonly clock: Clock;
  readonly version: string;
}

const endings = { jsonl: 'jsonl', ocsf: 'ocsf.jsonl', csv: 'csv' } as const;

/** Where an operator finds them. */
export function placeOf(folder: string, id: string): string {
  return join(folder, id);
}

export function createFileReceiver({ destination, folder, clock, version }: FileReceiverDeps): Receiver {
  const { id, format } = destination;
  const own = placeOf(folder, id);
  return {
    atOnce: 1000,
    async send(events) {
      await mkdir(own, { recursive: true, mode: 0o700 });
      const day = new Date(clock.now()).toISOString().slice(0, 10);
      const file = await open(join(own, `audit-${day}.${endings[format]}`), 'a', 0o600);
      try {
        const head = (await file.stat()).size === 0 ? headOf(format) : '';
        await file.appendFile(head + events.map((event) => `${textOf(event, format, version)}\n`).join(''));
        await file.sync();
      } finally {
        await file.close();
      }
    },
  };
}
