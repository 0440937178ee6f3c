import type { Ambient } from '@mcpvault/domain/ambient';
import { createSortableIds } from '@mcpvault/domain/sortable-ids';
import type { Io } from './io.ts';

/** Time, ids and randomness of this process, for what is shared with the hub. */
export function ambientOf({ clock, randomBytes }: Pick<Io, 'clock' | 'randomBytes'>): Ambient {
  const random = { bytes: randomBytes };
  const own = { now: () => clock.now(), micros: () => clock.micros() };
  return { clock: own, random, ids: createSortableIds(own, random) };
}
