// What an organization demands of its members' sign-ins.
import type { OrganizationId } from '@mcpvault/domain/ids';
import type { SettingsStore } from '@mcpvault/store/settings-store';
import { z } from 'zod';

const shape = z.object({
  requireSecondFactor: z.boolean(),
  // What was written before these could be set lacks them.
  requireSingleSignOn: z.boolean().default(false),
  breakGlass: z.array(z.templateLiteral(['mem_', z.string()])).default([]),
  idleMinutes: z.number().nullable().default(null),
  sessionHours: z.number().nullable().default(null),
});
export type Security = z.output<typeof shape>;

const name = 'security';
const usual: Security = shape.parse({ requireSecondFactor: false });

/** Throws when what is kept cannot be read: nobody gets in by a setting that is not understood. */
export async function readSecurity(settings: SettingsStore, organization: OrganizationId): Promise<Security> {
  const kept = await settings.get(organization, name);
  return kept === undefined ? usual : shape.parse(kept);
}

export function writeSecurity(
  settings: SettingsStore,
  organization: OrganizationId,
  security: Security,
  at: number,
): Promise<void> {
  return settings.set(organization, name, security, at);
}
