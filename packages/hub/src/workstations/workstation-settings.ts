// What an organization decides about its workstations: what they may do by themselves, and what counts against them.
import { localPolicySettings, messageSettings, whenExpiredSettings } from '@mcpvault/domain/workstation/rules';
import { standardRules } from '@mcpvault/domain/workstation/standard-rules';
import type { OrganizationId } from '@mcpvault/domain/ids';
import { complianceRules, type ComplianceRules } from '@mcpvault/protocol/hub-link/policy-bundle';
import type { SettingsStore } from '@mcpvault/store/settings-store';
import { z } from 'zod';

const shape = z.object({
  localPolicies: z.enum(localPolicySettings).default('stricter'),
  localServers: z.enum(['allowed', 'forbidden']).default('allowed'),
  messages: z.enum(messageSettings).default('originals'),
  whenExpired: z.enum(whenExpiredSettings).default('keep'),
  pollSeconds: z.number().default(20),
  bundleDays: z.number().default(7),
  askBeforeWriting: z.boolean().default(true),
});
export type WorkstationSettings = z.output<typeof shape>;

const settingsName = 'workstations';
const rulesName = 'compliance';

/** Throws when what is kept cannot be read: what workstations may do is not guessed. */
export async function readWorkstationSettings(
  settings: SettingsStore,
  organization: OrganizationId,
): Promise<WorkstationSettings> {
  return shape.parse((await settings.get(organization, settingsName)) ?? {});
}

export function writeWorkstationSettings(
  settings: SettingsStore,
  organization: OrganizationId,
  value: WorkstationSettings,
  at: number,
): Promise<void> {
  return settings.set(organization, settingsName, value, at);
}

export async function readComplianceRules(
  settings: SettingsStore,
  organization: OrganizationId,
): Promise<ComplianceRules> {
  const kept = await settings.get(organization, rulesName);
  return kept === undefined ? standardRules : complianceRules.parse(kept);
}

export function writeComplianceRules(
  settings: SettingsStore,
  organization: OrganizationId,
  rules: ComplianceRules,
  at: number,
): Promise<void> {
  return settings.set(organization, rulesName, rules, at);
}
