// While an organization holds its records, for a dispute or an inquiry, nothing of them is deleted by age.
import type { OrganizationId } from '@mcpvault/domain/ids';
import type { SettingsStore } from '@mcpvault/store/settings-store';
import { z } from 'zod';

const shape = z.object({
  reason: z.string(),
  /** Milliseconds since the epoch. */
  since: z.number().int(),
});
export type LegalHold = z.output<typeof shape>;

const name = 'legal-hold';

/** null: nothing is held. Throws when what is kept cannot be read, so that nothing is deleted in doubt. */
export async function readHold(settings: SettingsStore, organization: OrganizationId): Promise<LegalHold | null> {
  const kept = await settings.get(organization, name);
  return kept === undefined ? null : shape.parse(kept);
}

export async function writeHold(
  settings: SettingsStore,
  organization: OrganizationId,
  hold: LegalHold | null,
  at: number,
): Promise<void> {
  if (hold === null) await settings.remove(organization, name);
  else await settings.set(organization, name, hold, at);
}
