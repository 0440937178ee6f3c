// What changed, said once it is committed: to this hub's own caches and live pages at once, and to other hubs on the same
// database through it. An operation answers only after this hub's caches know.
import type { OrganizationId } from '@mcpvault/domain/ids';

export type ChangeArea =
  | 'organization'
  | 'members'
  | 'roles'
  | 'teams'
  | 'sign-ins'
  | 'tokens'
  | 'impersonations'
  | 'connected-clients'
  | 'servers'
  | 'connections'
  | 'grants'
  | 'policies'
  | 'approvals'
  | 'alerts'
  | 'limits'
  | 'workstations'
  | 'agent-jobs';

export interface Change {
  readonly organization: OrganizationId;
  readonly area: ChangeArea;
  /** What changed in that area; null: anything may have. */
  readonly id: string | null;
}

export interface ChangeSubscriber {
  /** Rejecting is a bug: whoever cannot follow says so in its own answers. */
  changed(changes: readonly Change[]): void | Promise<void>;
  /** Changes of other hubs may have been missed: everything held is doubtful. */
  missed(): void | Promise<void>;
}

export interface Changes {
  subscribe(subscriber: ChangeSubscriber): () => void;
  /** Resolves when every subscriber of this hub has followed. */
  publish(changes: readonly Change[]): Promise<void>;
  /** What to announce in the transaction, for other hubs. */
  announcement(changes: readonly Change[]): string;
  /** An announcement of any hub; this one's own are skipped. */
  heard(announcement: string): void;
  missed(): void;
}

const areas: ReadonlySet<string> = new Set<ChangeArea>([
  'organization',
  'members',
  'roles',
  'teams',
  'sign-ins',
  'tokens',
  'impersonations',
  'connected-clients',
  'servers',
  'connections',
  'grants',
  'policies',
  'approvals',
  'alerts',
  'limits',
  'workstations',
  'agent-jobs',
]);

/** `hub` names this running hub among others. */
export function createChanges(hub: string): Changes {
  const subscribers = new Set<ChangeSubscriber>();

  async function publish(changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return;
    await Promise.all([...subscribers].map(async (subscriber) => subscriber.changed(changes)));
  }

  function missed(): void {
    for (const subscriber of subscribers) void subscriber.missed();
  }

  return {
    subscribe(subscriber) {
      subscribers.add(subscriber);
      return () => subscribers.delete(subscriber);
    },
    publish,
    announcement: (changes) => JSON.stringify({ hub, changes }),
    heard(announcement) {
      const said = readAnnouncement(announcement);
      if (said === null) return missed();
      if (said.hub === hub) return;
      void publish(said.changes.filter((change) => areas.has(change.area)));
    },
    missed,
  };
}

/** null for what is none: whoever may write to the database can announce anything. */
function readAnnouncement(text: string): { readonly hub: unknown; readonly changes: readonly Change[] } | null {
  try {
    const said: unknown = JSON.parse(text);
    if (typeof said !== 'object' || said === null || !('hub' in said) || !('changes' in said)) return null;
    const { hub, changes } = said;
    const whole = Array.isArray(changes) && changes.every((change) => typeof change === 'object' && change !== null);
    return whole ? { hub, changes } : null;
  } catch {
    return null;
  }
}
