// How well a detector does, in words. Pure.
import type { ItemOf } from '../../api/hub.ts';

export type Detector = ItemOf<'listDetectors'>;

/** "98 % of 400", "0 of 6,000 look-alikes"; null where it is measured otherwise. */
export function qualityWords({ quality }: Pick<Detector, 'quality'>): { found: string; taken: string } | null {
  if (quality === null) return null;
  const { texts, found, lookAlikes, taken } = quality;
  const share = texts === 0 ? 0 : (100 * found) / texts;
  // 99.9 must not read as all of them.
  const percent = found === texts ? '100' : String(Math.min(99.9, Math.floor(share * 10) / 10));
  return {
    found: `${percent} % of ${texts.toLocaleString('en')}`,
    taken: `${taken.toLocaleString('en')} of ${lookAlikes.toLocaleString('en')}`,
  };
}

/** Detectors by group, groups and detectors in the order in which they come. */
export function byGroup(detectors: readonly Detector[]): readonly (readonly [group: string, Detector[]])[] {
  return [...Map.groupBy(detectors, ({ group }) => group)];
}

interface User {
  readonly id: string;
  readonly name: string;
  readonly detectors: readonly string[];
}

/** The policies that look for it, by its own name or its group's. */
export function usersOf<Policy extends User>(
  { id, group }: Pick<Detector, 'id' | 'group'>,
  policies: readonly Policy[],
): readonly Policy[] {
  return policies.filter(({ detectors }) => detectors.includes(id) || detectors.includes(group));
}
