// Looks now and then at what is wrong, and keeps the inbox true to it: what is wrong for a while is raised, what is over ends by
// itself. Every hub looks; the same trouble is the same alert whoever sees it.
import type { Clock, Ids } from '@mcpvault/domain/ambient';
import type { RaisedAlert } from '@mcpvault/domain/alerts/alert';
import type { OrganizationId } from '@mcpvault/domain/ids';
import type { Log } from '@mcpvault/gateway/ports';
import type { JournalState } from '@mcpvault/gateway/recording/journal';
import { troublesOf } from '@mcpvault/store/alerts/troubles-view';
import type { HubNode, HubTrouble } from '@mcpvault/store/hub-nodes-store';
import type { Stores } from '@mcpvault/store/stores';
import type { Change } from '../changes.ts';
import { endsSoon, whatIsWrong } from './what-is-wrong.ts';

export interface Watch {
  start(): void;
  /** Says that this hub stops in order. */
  stop(): Promise<void>;
  /** Looks now; for tests, and for whoever wants to know at once. */
  look(): Promise<void>;
}

export interface WatchDeps {
  readonly stores: Pick<Stores, 'organizations' | 'alerts' | 'hubNodes' | 'executor'>;
  readonly journal: { state(): JournalState };
  /** Bytes that the journal may hold. */
  readonly journalBytes: number;
  readonly hub: Pick<HubNode, 'id' | 'name'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  tell(changed: readonly Change[]): Promise<void>;
}

const lookEveryMs = 10_000;
/** What is wrong for less long is not worth waking somebody: a server that was restarted. */
const ripeAfterMs = 20_000;
const forgetHubsAfter = 86_400_000;

export function createWatch({ stores, journal, journalBytes, hub, clock, ids, log, tell }: WatchDeps): Watch {
  const startedAt = clock.now();
  const since = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let under = Promise.resolve();

  async function lookOnce(): Promise<void> {
    const now = clock.now();
    await stores.hubNodes.beat({ ...hub, startedAt, seenAt: now, troubles: ownTroubles() });
    await stores.hubNodes.forget(now - forgetHubsAfter);
    const hubs = await stores.hubNodes.all();
    const seen = new Set<string>();
    for (const { id } of await stores.organizations.all()) await settle(id, hubs, now, seen);
    for (const key of since.keys()) if (!seen.has(key)) since.delete(key);
  }

  async function settle(organization: OrganizationId, hubs: readonly HubNode[], now: number, seen: Set<string>) {
    const troubles = await troublesOf(stores.executor, organization, { now, soon: now + endsSoon });
    const wrong = whatIsWrong({ organization, troubles, hubs, now });
    const ripe = wrong.filter((one) => isRipe(one, now, seen));
    if (!(await stores.alerts.settle(organization, { wrong, ripe }, now, ids))) return;
    await tell([{ organization, area: 'alerts', id: null }]);
  }

  function isRipe({ organization, likeness }: RaisedAlert, now: number, seen: Set<string>): boolean {
    const key = `${organization} ${likeness}`;
    seen.add(key);
    const first = since.get(key) ?? now;
    since.set(key, first);
    return now - first >= ripeAfterMs;
  }

  function ownTroubles(): readonly HubTrouble[] {
    const { bytes, failing, lost } = journal.state();
    const fix = 'Look at the disk of its data folder, and at the database.';
    if (failing !== null) {
      return [{ code: 'journal', severity: 'critical', title: 'Calls cannot be written down', text: failing, fix }];
    }
    if (bytes < journalBytes * 0.8) return [];
    const full = `It holds more than 80 % of what it may${lost > 0 ? ', and messages were lost' : ''}.`;
    return [{ code: 'journal', severity: 'high', title: 'The journal is nearly full', text: full, fix }];
  }

  function look(): Promise<void> {
    under = under
      .then(lookOnce)
      .catch((error: unknown) => log.warn({ cause: String(error) }, 'nobody looked for trouble just now'));
    return under;
  }

  return {
    look,
    start() {
      void look();
      timer = setInterval(() => void look(), lookEveryMs).unref();
    },
    async stop() {
      clearInterval(timer);
      await under;
      await stores.hubNodes.leave(hub.id).catch(() => {});
    },
  };
}
