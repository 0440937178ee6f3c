// Reads the record behind the messages, learns what is usual for each caller, and tells of what does not fit. No message waits
// for it, and it takes a small part of the hub's time only: under load it falls behind and catches up later. Of several hubs one
// reads at a time. Lists of tools that went over the wire are looked at for definitions that nobody saw before.
import { fingerprintOf } from '@mcpvault/domain/catalog/fingerprint';
import { newCallerBaseline, observe } from '@mcpvault/domain/anomaly/caller-baseline';
import type { Anomaly } from '@mcpvault/domain/anomaly/observation';
import type { Clock } from '@mcpvault/domain/ambient';
import type { MemberId, OrganizationId, ServerId } from '@mcpvault/domain/ids';
import type { MessageRecord } from '@mcpvault/domain/record/message-record';
import type { Sealer } from '@mcpvault/domain/record/recorded-batch';
import type { Log } from '@mcpvault/gateway/ports';
import type { ReplayPage, ReplayView } from '@mcpvault/store/replay-view';
import type { Stores } from '@mcpvault/store/stores';
import type { Catalog } from '../catalog/catalog-snapshot.ts';
import { observationOf } from './observation-of.ts';

export interface Learner {
  start(): void;
  stop(): Promise<void>;
  /** Reads what there is now; for tests. */
  look(): Promise<void>;
}

export interface LearnerDeps {
  readonly stores: Pick<Stores, 'organizations'>;
  transaction<Result>(work: (stores: Stores) => Promise<Result>): Promise<Result>;
  readonly replay: Pick<ReplayView, 'page'>;
  readonly sealer: Pick<Sealer, 'open'>;
  readonly catalog: Pick<Catalog, 'tool'>;
  key(organization: OrganizationId): Uint8Array;
  readonly clock: Clock;
  readonly log: Log;
  /** Within the transaction in which it was found. */
  raise(stores: Stores, record: MessageRecord, anomaly: Anomaly): Promise<void>;
  /** Afterwards. */
  raised(organization: OrganizationId): Promise<void>;
  /** A server told a client of definitions that it was not seen to give before. */
  saidOtherwise(organization: OrganizationId, server: ServerId): void;
}

interface Read {
  /** Whether there may be more. */
  readonly isMore: boolean;
  readonly told: number;
}

const lookEveryMs = 5_000;
/** Hubs write down what they carried within this time. */
const settledAfterMs = 3_000;
/** How far back is read where nothing was read yet. */
const beginsBackMs = 30 * 86_400_000;
const pageSize = 500;
/** It rests this many times as long as it worked. */
const restFactor = 20;
const shortestRestMs = 50;
const longestRestMs = 2_000;

export function createLearner(deps: LearnerDeps): Learner {
  const { stores, transaction, replay, sealer, catalog, clock, log } = deps;
  let timer: NodeJS.Timeout | undefined;
  let under = Promise.resolve();
  let stopped = false;

  async function readPage(organization: OrganizationId): Promise<Read> {
    return transaction(async (own) => {
      const until = clock.now() - settledAfterMs;
      const position = await own.baselines.lockPosition(organization);
      const after = position ?? { at: until - beginsBackMs, id: 'msg_' as const };
      const page = await replay.page(organization, { from: after.at, to: until }, after, pageSize, new Set());
      const last = page.messages.at(-1)?.record;
      if (last === undefined) return { isMore: false, told: 0 };
      const told = await learnFrom(own, organization, page);
      await own.baselines.setPosition(organization, { at: last.at, id: last.id });
      return { isMore: page.messages.length === pageSize, told };
    });
  }

  async function learnFrom(own: Stores, organization: OrganizationId, page: ReplayPage): Promise<number> {
    let told = 0;
    const opened = openAll(organization, page.blocks);
    const members = [...new Set(page.messages.map(({ record }) => record.member))];
    const known = await own.baselines.of(organization, members);
    const learned = new Map<MemberId, ReturnType<typeof newCallerBaseline>>();
    const key = deps.key(organization);
    for (const [index, { record, block }] of page.messages.entries()) {
      if (index % 20 === 0) await new Promise(setImmediate);
      const plain = opened.get(block) ?? null;
      if (record.method === 'tools/list') await lookAtList(own, record, partOf(plain, record.response));
      const tool = record.server === null || record.target === null ? null : catalog.tool(record.server, record.target);
      const seen = observationOf(record, partOf(plain, record.request), { tool, key });
      if (seen === null) continue;
      const baseline = learned.get(record.member) ?? known.get(record.member) ?? newCallerBaseline();
      learned.set(record.member, baseline);
      const anomaly = observe(baseline, seen);
      if (anomaly === null) continue;
      await deps.raise(own, record, anomaly);
      told++;
    }
    await own.baselines.keep(organization, learned, clock.now());
    return told;
  }

  function openAll(organization: OrganizationId, blocks: ReplayPage['blocks']): ReadonlyMap<string, Buffer> {
    const opened = new Map<string, Buffer>();
    for (const [id, { key, sealed }] of blocks) {
      try {
        opened.set(id, sealer.open(organization, id, key, sealed));
      } catch (error) {
        log.warn(
          { block: id, cause: String(error) },
          'recorded originals could not be opened; nothing is learned of them',
        );
      }
    }
    return opened;
  }

  async function lookAtList(own: Stores, { organization, server, outcome }: MessageRecord, answer: Buffer | null) {
    if (server === null || outcome !== 'answered' || answer === null) return;
    const fingerprints = toolsIn(answer).map(fingerprintOf);
    if (await own.toolDefinitions.allSeen(organization, server, fingerprints)) return;
    deps.saidOtherwise(organization, server);
  }

  async function lookOnce(): Promise<void> {
    for (const { id } of await stores.organizations.all()) {
      for (let isMore = true; isMore && !stopped; ) {
        const began = clock.now();
        const read = await readPage(id);
        isMore = read.isMore;
        if (read.told > 0) await deps.raised(id);
        const rest = Math.min(longestRestMs, Math.max(shortestRestMs, (clock.now() - began) * restFactor));
        if (isMore && !stopped) await new Promise((resolve) => setTimeout(resolve, rest));
      }
    }
  }

  function look(): Promise<void> {
    under = under.then(lookOnce).catch((error: unknown) => {
      if (!stopped) log.warn({ cause: String(error) }, 'what is usual was not learned; trying again later');
    });
    return under;
  }

  function start(): void {
    timer = setTimeout(() => void lookAgain(), lookEveryMs);
    timer.unref();
  }

  async function lookAgain(): Promise<void> {
    await look();
    if (!stopped) start();
  }

  return {
    start,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await under;
    },
    look,
  };
}

function partOf(plain: Buffer | null, place: MessageRecord['request']): Buffer | null {
  return plain === null || place === null ? null : plain.subarray(place.offset, place.offset + place.length);
}

function toolsIn(answer: Buffer): readonly unknown[] {
  try {
    const { result } = JSON.parse(answer.toString('utf8')) as { result?: { tools?: unknown } };
    return Array.isArray(result?.tools) ? (result.tools as unknown[]) : [];
  } catch {
    return [];
  }
}
