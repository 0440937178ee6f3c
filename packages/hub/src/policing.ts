// What the message path asks about policies besides the policies: the catalogue's word on tools and teams, keys, and what is
// shut away. What a policy shuts away holds at once, and is written down behind the message.
import { createHmac } from 'node:crypto';
import type { Ambient } from '@mcpvault/domain/ambient';
import type { OrganizationId } from '@mcpvault/domain/ids';
import type { ApprovalPort, EffectAbout, Log, PolicingPort, QuarantineWish } from '@mcpvault/gateway/ports';
import type { Quarantine } from '@mcpvault/store/quarantines-store';
import type { Stores } from '@mcpvault/store/stores';
import type { Catalog } from './catalog/catalog-snapshot.ts';

export interface PolicingDeps {
  readonly catalog: Pick<Catalog, 'tool' | 'teamName' | 'quarantines'>;
  /** From which each organization's own key is derived. */
  readonly masterKey: Uint8Array;
  readonly ambient: Ambient;
  readonly log: Log;
  /** A transaction within this organization. */
  within<Result>(organization: OrganizationId, work: (stores: Stores) => Promise<Result>): Promise<Result>;
  /** Has everybody read the organization again. */
  changed(organization: OrganizationId): Promise<void>;
  /** Who is asked about what policies hold. */
  readonly approvals: ApprovalPort;
}

export function createPolicing(deps: PolicingDeps): PolicingPort {
  const { catalog, masterKey, ambient, log } = deps;
  const keys = new Map<OrganizationId, Uint8Array>();
  /** Until the catalogue has read them. */
  const fresh = new Map<OrganizationId, Quarantine[]>();

  async function writeDown(quarantine: Quarantine): Promise<void> {
    const { organization, id, policy, member, createdAt, what, server, tool } = quarantine;
    await deps.within(organization, async (stores) => {
      await stores.quarantines.create(quarantine);
      await stores.audit.append({
        id: ambient.ids.next('aud'),
        organization,
        at: createdAt,
        actor: policy,
        action: 'quarantines.begin',
        subject: id,
        outcome: 'done',
        detail: { what, server, tool, member, policy },
      });
    });
    await deps.changed(organization);
    fresh.set(
      organization,
      (fresh.get(organization) ?? []).filter((one) => one !== quarantine),
    );
  }

  function isShut(quarantine: Quarantine, about: Pick<EffectAbout, 'server' | 'tool' | 'conversation'>): boolean {
    if (quarantine.until !== null && quarantine.until <= ambient.clock.now()) return false;
    if (quarantine.what === 'session') return quarantine.conversation === about.conversation;
    return about.tool !== null && quarantine.server === about.server && quarantine.tool === about.tool;
  }

  return {
    tool: (server, name) => catalog.tool(server, name),
    teamNames: ({ organization, teams }) => teams.map((team) => catalog.teamName(organization, team) ?? team),
    key(organization) {
      const known = keys.get(organization);
      if (known !== undefined) return known;
      const made = createHmac('sha256', masterKey).update(`policy ${organization}`).digest();
      keys.set(organization, made);
      return made;
    },
    hasQuarantines: (organization) =>
      catalog.quarantines(organization).length > 0 || (fresh.get(organization)?.length ?? 0) > 0,
    quarantined(about) {
      const all = [...catalog.quarantines(about.organization), ...(fresh.get(about.organization) ?? noQuarantines)];
      const found = all.find((one) => isShut(one, about));
      if (found === undefined) return null;
      const what = found.what === 'tool' ? `The tool "${found.tool}"` : 'This conversation';
      const until = found.until === null ? 'until an admin lifts it' : `until ${new Date(found.until).toISOString()}`;
      return `${what} is quarantined ${until}: ${found.reason}`;
    },
    quarantine({ organization, member, server, tool, conversation }: EffectAbout, wish: QuarantineWish) {
      const now = ambient.clock.now();
      if (wish.what === 'tool' && (tool === null || server === null)) return;
      const quarantine: Quarantine = {
        id: ambient.ids.next('qua'),
        organization,
        what: wish.what,
        server,
        tool: wish.what === 'tool' ? tool : null,
        conversation: wish.what === 'session' ? conversation : null,
        member,
        policy: wish.policy,
        reason: wish.reason,
        createdAt: now,
        until: wish.minutes === null ? null : now + wish.minutes * 60_000,
        liftedAt: null,
      };
      fresh.set(organization, [...(fresh.get(organization) ?? []), quarantine]);
      writeDown(quarantine).catch((error: unknown) =>
        log.error({ cause: String(error) }, 'a quarantine holds on this hub only: it could not be written down'),
      );
    },
    alerted: ({ organization }, { policy, severity, title }) =>
      log.info({ organization, policy, severity, title }, 'a policy raised an alert'),
    approvals: deps.approvals,
  };
}

const noQuarantines: readonly Quarantine[] = [];
