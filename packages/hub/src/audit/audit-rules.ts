// Whether an organization's calls may pass when they cannot be written down. Known in memory, since the message path asks for
// every call.
import type { OrganizationId } from '@mcpvault/domain/ids';
import type { Stores } from '@mcpvault/store/stores';
import type { SettingsStore } from '@mcpvault/store/settings-store';
import { z } from 'zod';
import type { ChangeSubscriber } from '../changes.ts';

/** `required`: calls are refused while they cannot be written; `best-effort`: they pass, and what was lost is counted. */
export const auditModes = ['required', 'best-effort'] as const;
export type AuditMode = (typeof auditModes)[number];

const shape = z.object({ mode: z.enum(auditModes) });
const name = 'audit';

/** null: the organization did not choose. Throws when what is kept cannot be read. */
export async function readAuditMode(settings: SettingsStore, organization: OrganizationId): Promise<AuditMode | null> {
  const kept = await settings.get(organization, name);
  return kept === undefined ? null : shape.parse(kept).mode;
}

export async function writeAuditMode(
  settings: SettingsStore,
  organization: OrganizationId,
  mode: AuditMode | null,
  at: number,
): Promise<void> {
  if (mode === null) await settings.remove(organization, name);
  else await settings.set(organization, name, { mode }, at);
}

export interface AuditRules extends ChangeSubscriber {
  /** Reads what all organizations chose. */
  load(): Promise<void>;
  modeOf(organization: OrganizationId): AuditMode;
  /** Of organizations that did not choose. */
  readonly usual: AuditMode;
}

export function createAuditRules(stores: Pick<Stores, 'settings' | 'organizations'>, usual: AuditMode): AuditRules {
  const chosen = new Map<OrganizationId, AuditMode>();

  async function read(organization: OrganizationId): Promise<void> {
    try {
      const mode = await readAuditMode(stores.settings, organization);
      if (mode === null) chosen.delete(organization);
      else chosen.set(organization, mode);
    } catch {
      // In doubt nothing passes unrecorded.
      chosen.set(organization, 'required');
    }
  }

  async function load(): Promise<void> {
    for (const { id } of await stores.organizations.all()) await read(id);
  }

  return {
    load,
    usual,
    modeOf: (organization) => chosen.get(organization) ?? usual,
    async changed(changes) {
      const concerned = changes.filter(({ area }) => area === 'organization').map(({ organization }) => organization);
      for (const organization of new Set(concerned)) await read(organization);
    },
    missed: load,
  };
}
