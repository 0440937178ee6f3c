// What the hub has of workstations, put together: where they ask, what they have to follow, and who waits for them.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Ambient } from '@mcpvault/domain/ambient';
import type { OrganizationId } from '@mcpvault/domain/ids';
import type { MessageRecord } from '@mcpvault/domain/record/message-record';
import type { Sealer } from '@mcpvault/domain/record/recorded-batch';
import type { Log } from '@mcpvault/gateway/ports';
import type { AuditSigner } from '@mcpvault/store/audit/audit-signer';
import { announce } from '@mcpvault/store/change-feed';
import type { Database } from '@mcpvault/store/connect';
import type { MessageLine } from '@mcpvault/store/messages-view';
import type { Stores } from '@mcpvault/store/stores';
import type { IdentityCache } from '../auth/identity-cache.ts';
import type { Catalog } from '../catalog/catalog-snapshot.ts';
import type { Changes, ChangeSubscriber } from '../changes.ts';
import { createBundles } from './bundles.ts';
import { createDesk, type KnownVisit } from './desk.ts';
import { createLinkAnswers } from './link-answers.ts';
import { createLinkFace } from './link-face.ts';
import { createTakeOutcome } from './take-outcome.ts';
import { createTakeRecords } from './take-records.ts';
import { createTakeReport } from './take-report.ts';
import { createWaiting, type Waiting } from './waiting.ts';

export interface Workstations extends ChangeSubscriber {
  face(request: IncomingMessage, response: ServerResponse, path: string): void;
  readonly waiting: Pick<Waiting, 'until'>;
  start(): void;
  /** Answers whoever waits. */
  stop(): void;
}

export interface WorkstationsDeps {
  readonly database: Database;
  readonly stores: Stores;
  readonly identities: Pick<IdentityCache, 'identity'>;
  readonly catalog: Pick<Catalog, 'granted' | 'servers' | 'teamName'>;
  readonly signer: Pick<AuditSigner, 'since' | 'published'>;
  readonly sealer: Sealer;
  readonly changes: Changes;
  readonly ambient: Ambient;
  readonly log: Log;
  readonly proxies: number;
  /** There are new alerts in the inbox. */
  alerted(organization: OrganizationId): void;
  recorded(records: readonly MessageRecord[], workstation: MessageLine['workstation']): void;
}

const expireEvery = 30_000;

export function createWorkstations(deps: WorkstationsDeps): Workstations {
  const { database, stores, changes, ambient, log } = deps;
  const bundles = createBundles(deps);
  const waiting = createWaiting();
  const desk = createDesk({ ...deps, bundles });
  const answers = createLinkAnswers({
    ...{ database, stores, desk, bundles, waiting, changes, ambient },
    takeReport: createTakeReport(deps),
    takeOutcome: createTakeOutcome(deps),
    takeRecords: createTakeRecords({
      ...deps,
      recorded: (records, { workstation }) => void tellRecorded(records, workstation),
    }),
  });
  let timer: NodeJS.Timeout | undefined;

  /** The live list names the workstation; that it could not be told loses nothing. */
  async function tellRecorded(records: readonly MessageRecord[], { id, organization }: KnownVisit['workstation']) {
    const name = (await stores.workstations.byId(organization, id).catch(() => null))?.name ?? id;
    deps.recorded(records, { id, name });
  }

  async function expire(): Promise<void> {
    try {
      const expired = await stores.agentJobs.expire(ambient.clock.now());
      if (expired.length === 0) return;
      const told = expired.map(({ id, organization }) => ({ organization, area: 'agent-jobs', id }) as const);
      await announce(database.kysely, changes.announcement(told));
      await changes.publish(told);
    } catch (error) {
      log.warn({ cause: String(error) }, 'jobs that nobody took in time could not be ended; trying again');
    }
  }

  return {
    face: createLinkFace({ ...deps, answers, desk, ids: ambient.ids }),
    waiting,
    changed(told) {
      // First what is asked for, then whoever asks again.
      void bundles.changed(told);
      void waiting.changed(told);
    },
    missed() {
      void bundles.missed();
      void waiting.missed();
    },
    start() {
      timer = setInterval(() => void expire(), expireEvery);
      timer.unref();
    },
    stop() {
      clearInterval(timer);
      waiting.stop();
    },
  };
}
