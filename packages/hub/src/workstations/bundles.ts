// What each workstation has to follow, as one signed text. A bundle is made when it is asked for; its version grows only when
// what it says differs, so that asking costs little and repeating nothing.
import { createHash } from 'node:crypto';
import type { Ambient } from '@mcpvault/domain/ambient';
import type { PublicKey, Signer } from '@mcpvault/domain/audit/checkpoint';
import type { Caller } from '@mcpvault/domain/identity/caller';
import type { OrganizationId, WorkstationId } from '@mcpvault/domain/ids';
import type { Policy } from '@mcpvault/domain/policy/policy';
import { signBundle } from '@mcpvault/domain/workstation/signed-bundle';
import { linkVersion } from '@mcpvault/protocol/hub-link/link';
import type { Bundle, SignedBundle } from '@mcpvault/protocol/hub-link/policy-bundle';
import type { Member } from '@mcpvault/store/members-store';
import type { Stores } from '@mcpvault/store/stores';
import type { KnownWorkstation } from '@mcpvault/store/workstations/workstations-store';
import type { Catalog } from '../catalog/catalog-snapshot.ts';
import type { Change, ChangeSubscriber } from '../changes.ts';
import { readComplianceRules, readWorkstationSettings } from './workstation-settings.ts';

export interface Bundles extends ChangeSubscriber {
  /** The version that holds now for this workstation. */
  version(workstation: Asking): Promise<number>;
  make(
    workstation: Asking,
  ): Promise<{ readonly version: number; readonly etag: string; sign(): Promise<SignedBundle> }>;
  /** That may sign bundles now. */
  keys(): Promise<readonly PublicKey[]>;
  /** Whether what changed may be part of that workstation's bundle. */
  concerns(workstation: Asking, change: Change): boolean;
}

export type Asking = Pick<KnownWorkstation, 'id' | 'organization'> & { readonly member: Member };

export interface BundlesDeps {
  readonly stores: Pick<Stores, 'workstations' | 'policies' | 'settings'>;
  readonly catalog: Pick<Catalog, 'granted' | 'servers' | 'teamName'>;
  readonly signer: {
    /** The key in use first, then those that were replaced after that moment. */
    since(moment: number): Promise<readonly Signer[]>;
    published(): Promise<readonly (PublicKey & { readonly until: number | null })[]>;
  };
  readonly ambient: Ambient;
}

type Said = Omit<Bundle, 'version' | 'madeAt' | 'expiresAt' | 'keys'>;

interface Settled {
  readonly generation: number;
  readonly said: Said;
  readonly days: number;
  readonly version: number;
}

const day = 86_400_000;
/** A bundle is made anew with the same version twice a day, so that it never runs out while the hub is there. */
const renewedEvery = day / 2;
const formerKeysFor = 30 * day;
const settledAtMost = 10_000;

export function createBundles({ stores, catalog, signer, ambient }: BundlesDeps): Bundles {
  const settled = new Map<WorkstationId, Settled>();
  const generations = new Map<OrganizationId, number>();
  let missed = 0;

  const generationOf = (organization: OrganizationId) => (generations.get(organization) ?? 0) + missed;

  async function settle(workstation: Asking): Promise<Settled> {
    // Looked at first: what changes while it is read makes it old again.
    const generation = generationOf(workstation.organization);
    const known = settled.get(workstation.id);
    if (known?.generation === generation) return known;
    const { said, days } = await say(workstation);
    const digest = createHash('sha256')
      .update(JSON.stringify([said, days]))
      .digest('hex');
    const version = await stores.workstations.settleBundle(workstation.id, digest);
    const now: Settled = { generation, said, days, version };
    if (settled.size >= settledAtMost) settled.clear();
    settled.set(workstation.id, now);
    return now;
  }

  async function say({ id, organization, member }: Asking): Promise<{ readonly said: Said; readonly days: number }> {
    const {
      bundleDays,
      askBeforeWriting: _,
      ...settings
    } = await readWorkstationSettings(stores.settings, organization);
    const teams = member.reach.map((team) => ({ id: team, name: catalog.teamName(organization, team) ?? team }));
    const caller = callerOf(member);
    const granted = new Set(catalog.granted(caller));
    const said: Said = {
      link: linkVersion,
      workstation: id,
      organization,
      member: { id: member.id, email: member.email, role: member.role, teams: teams.toSorted(byId) },
      settings,
      policies: (await policiesOf(organization)).filter((policy) => mayConcern(policy, id, caller)).map(written),
      compliance: await readComplianceRules(stores.settings, organization),
      hosted: catalog
        .servers(organization)
        .filter(({ entry }) => entry.enabled && granted.has(entry.id))
        .map(({ entry }) => ({ id: entry.id, name: entry.name, description: '' }))
        .toSorted(byId),
    };
    return { said, days: bundleDays };
  }

  async function policiesOf(organization: OrganizationId): Promise<readonly Policy[]> {
    const all: Policy[] = [];
    for (let cursor: string | null = null; ; ) {
      const page: Awaited<ReturnType<typeof stores.policies.list>> = await stores.policies.list(organization, {
        limit: 200,
        cursor,
      });
      all.push(...page.items);
      if (page.next === null) return all;
      cursor = page.next;
    }
  }

  async function keys(): Promise<readonly PublicKey[]> {
    const published = await signer.published();
    return published.filter(({ until }) => until === null).map(({ id, publicKey }) => ({ id, publicKey }));
  }

  return {
    keys,
    async version(workstation) {
      return (await settle(workstation)).version;
    },
    async make(workstation) {
      const { said, version, days } = await settle(workstation);
      const now = ambient.clock.now();
      const turn = Math.floor(now / renewedEvery);
      return {
        version,
        etag: `"${version}-${turn}"`,
        async sign() {
          const expiresAt = now + days * day;
          const content: Bundle = { ...said, version, madeAt: now, expiresAt, keys: [...(await keys())] };
          return signBundle(content, await signer.since(now - formerKeysFor));
        },
      };
    },
    concerns({ id, organization, member }, change) {
      if (change.organization !== organization) return false;
      if (change.area === 'workstations') return change.id === null || change.id === id;
      if (change.area === 'members') return change.id === null || change.id === member.id;
      return change.area === 'policies';
    },
    changed(changes) {
      for (const { organization, area, id } of changes) {
        // What a single workstation said or did changes no bundle.
        if (!parts.has(area) || (area === 'workstations' && id !== null)) continue;
        generations.set(organization, (generations.get(organization) ?? 0) + 1);
      }
    },
    missed() {
      missed += 1;
    },
  };
}

const parts: ReadonlySet<Change['area']> = new Set<Change['area']>([
  ...(['organization', 'members', 'roles', 'teams', 'servers', 'grants', 'policies', 'workstations'] as const),
]);

function callerOf({ organization, id, email, role, permissions, reach }: Member): Caller {
  return { organization, member: id, email, role, permissions, teams: reach, token: null };
}

/** Whether it may look at a message of this workstation: what it says of servers and tools shows there. */
function mayConcern({ mode, scope }: Policy, id: WorkstationId, { role, teams }: Caller): boolean {
  if (mode === 'draft') return false;
  const { workstations, roles, teams: wanted } = scope;
  if (workstations !== null && !workstations.includes(id)) return false;
  if (roles !== null && !roles.includes(role)) return false;
  return wanted === null || wanted.some((team) => teams.includes(team));
}

/** Without what only its makers need, and without what the store adds. */
function written(policy: Policy): Bundle['policies'][number] {
  const { id, name, reason, severity, mode, percentage, directions, scope, detectors, threshold } = policy;
  const { condition, actions, version } = policy;
  return {
    ...{ id, name, reason, severity, mode, percentage, directions, scope, detectors, threshold },
    ...{ condition, actions, version },
  };
}

function byId(one: { readonly id: string }, other: { readonly id: string }): number {
  return one.id < other.id ? -1 : 1;
}
