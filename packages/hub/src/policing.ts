// What the message path asks about policies besides the policies: the catalogue's word on tools and teams, keys, and what is
// shut away. What a policy shuts away holds at once, and is written down behind the message.
import { createHmac } from 'node:crypto';
import type { Ambient } from '@mcpvault/domain/ambient';
import type { RaisedAlert } from '@mcpvault/domain/alerts/alert';
import { permits } from '@mcpvault/domain/identity/permission';
import type { OrganizationId } from '@mcpvault/domain/ids';
import type {
  ApprovalPort,
  EffectAbout,
  Log,
  PolicingPort,
  QuarantineQuestion,
  QuarantineWish,
} from '@mcpvault/gateway/ports';
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
    const { organization, id, policy, member, createdAt, what, server, tool, credential } = quarantine;
    await deps.within(organization, async (stores) => {
      await stores.quarantines.create(quarantine);
      await stores.audit.append({
        id: ambient.ids.next('aud'),
        organization,
        at: createdAt,
        actor: policy ?? 'system',
        action: 'quarantines.begin',
        subject: id,
        outcome: 'done',
        detail: { what, server, tool, member, policy, ...(credential !== null && { credential }) },
      });
    });
    await deps.changed(organization);
    fresh.set(
      organization,
      (fresh.get(organization) ?? []).filter((one) => one !== quarantine),
    );
  }

  function holding(organization: OrganizationId): readonly Quarantine[] {
    return [...catalog.quarantines(organization), ...(fresh.get(organization) ?? noQuarantines)];
  }

  /** Why a policy does not suspend this caller; null where it does. */
  function whyNot({ organization, caller }: EffectAbout, now: number): string | null {
    // Whoever may lift it stays, so that nothing that callers do locks out those who could help.
    if (permits(caller, 'policies:write')) return 'whoever may lift suspensions is never suspended by a policy';
    const lately = holding(organization).filter(
      ({ what, policy, createdAt }) => isSuspension(what) && policy !== null && createdAt > now - hour,
    );
    return lately.length < suspensionsAtMost ? null : `policies suspended ${suspensionsAtMost} within an hour already`;
  }

  /** Somebody has to look: a policy wanted to, and did not. */
  function tellSpared({ organization, member, server, tool }: EffectAbout, wish: QuarantineWish, why: string): void {
    const title = `A policy would have suspended a ${wish.what}, and did not`;
    const raised: RaisedAlert = {
      ...{ organization, kind: 'operational', layer: 'hub', severity: 'high', title, at: ambient.clock.now() },
      ...{ likeness: `spared ${wish.policy} ${wish.what} ${why}`, policy: null, server, tool, member, message: null },
      snapshot: {
        ...{ policy: null, findings: {}, detectors: [], places: [], edits: [], message: null },
        ...{ text: `${wish.reason} It was not done: ${why}.`, fix: 'Look at who calls, and suspend them by hand.' },
      },
    };
    deps
      .within(organization, (stores) => stores.alerts.raise([raised], ambient.ids))
      .catch((error: unknown) =>
        log.warn({ cause: String(error), organization, why }, 'nobody was told that a policy did not suspend'),
      );
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
      const now = ambient.clock.now();
      const found = holding(about.organization).find((one) => isShut(one, about, now));
      return found === undefined ? null : whyShut(found);
    },
    quarantine(about: EffectAbout, wish: QuarantineWish) {
      const { organization, server, tool, conversation, caller } = about;
      const now = ambient.clock.now();
      const credential = caller.token ?? caller.letIn?.id ?? null;
      // Without a token of its own, it is the conversation that can be suspended alone.
      const what = wish.what === 'token' && credential === null ? 'session' : wish.what;
      if (what === 'tool' && (tool === null || server === null)) return;
      const quarantine: Quarantine = {
        ...{ id: ambient.ids.next('qua'), organization, what, server, member: caller.member },
        tool: what === 'tool' ? tool : null,
        conversation: what === 'session' ? conversation : null,
        credential: what === 'token' ? credential : null,
        ...{ policy: wish.policy, reason: wish.reason, createdAt: now, liftedAt: null },
        until: wish.minutes === null ? null : now + wish.minutes * 60_000,
      };
      // Many messages at once are one suspension.
      if (holding(organization).some((one) => isSame(one, quarantine) && isShut(one, about, now))) return;
      const spared = isSuspension(what) ? whyNot(about, now) : null;
      if (spared !== null) return tellSpared(about, wish, spared);
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
const hour = 3_600_000;
/** By policies, within an hour: whatever goes wrong with one, most people go on working. */
const suspensionsAtMost = 20;

function isSuspension(what: Quarantine['what']): boolean {
  return what === 'token' || what === 'member';
}

function isShut(quarantine: Quarantine, about: QuarantineQuestion, now: number): boolean {
  if (quarantine.until !== null && quarantine.until <= now) return false;
  switch (quarantine.what) {
    case 'session':
      return quarantine.conversation === about.conversation;
    case 'tool':
      return about.tool !== null && quarantine.server === about.server && quarantine.tool === about.tool;
    case 'token':
      return quarantine.credential === (about.caller.token ?? about.caller.letIn?.id ?? null);
    case 'member':
      return quarantine.member === about.caller.member;
  }
}

function isSame(one: Quarantine, other: Quarantine): boolean {
  return one.what === other.what && one.policy === other.policy && (one.until !== null) === (other.until !== null);
}

function whyShut({ what, tool, until, reason }: Quarantine): string {
  const names = { tool: `The tool "${tool}" is quarantined`, session: 'This conversation is quarantined' };
  const said = { ...names, token: 'This token is suspended', member: 'What you may use is suspended' }[what];
  const end = until === null ? 'until an admin lifts it' : `until ${new Date(until).toISOString()}`;
  return `${said} ${end}: ${reason}`;
}
