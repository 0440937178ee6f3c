// Whether the hub is set up: whether anybody has been able to sign in. Kept in the database, so that it holds for every
// hub on it.
import type { MemberId, OrganizationId } from '@mcpvault/domain/ids';
import type { SettingsStore } from '@mcpvault/store/settings-store';
import { z } from 'zod';

const shape = z.object({
  organization: z.templateLiteral(['org_', z.string()]),
  /** The first admin. */
  member: z.templateLiteral(['mem_', z.string()]),
  completed: z.boolean(),
});

export interface SetupState {
  readonly organization: OrganizationId;
  readonly member: MemberId;
  readonly completed: boolean;
}

const name = 'setup';

/** null before the first start has got that far. */
export async function readSetup(settings: SettingsStore): Promise<SetupState | null> {
  return shape.nullable().parse((await settings.get(null, name)) ?? null);
}

export async function writeSetup(settings: SettingsStore, state: SetupState, now: number): Promise<void> {
  await settings.set(null, name, state, now);
}
