// Carries notifications over the routes of all organizations: hands out what was told, then sends what is due, at least once.
// What was delivered lies in the database, so that it outlives the hub; several hubs share the work, and one at a time is at a
// route. A receiver that is away or slow keeps nobody else waiting.
import type { Ambient } from '@mcpvault/domain/ambient';
import type { Notification } from '@mcpvault/domain/alerts/notification';
import { quietUntil } from '@mcpvault/domain/alerts/route';
import type { Log } from '@mcpvault/gateway/ports';
import type { AlertRoute, DueDelivery } from '@mcpvault/store/alerts/routes-store';
import type { Stores } from '@mcpvault/store/stores';
import { undelivered } from '../../audit/destinations/receiver.ts';
import type { Carrier } from './carrier.ts';
import { dueOn, isNeedless } from './choose-route.ts';

export interface Dispatcher {
  start(): void;
  /** Waits for what is under way. */
  stop(): Promise<void>;
  /** Sends one notification that says it is a test. Rejects with `Undelivered`. */
  test(route: AlertRoute, by: string): Promise<void>;
}

export interface DispatcherDeps {
  readonly stores: Pick<Stores, 'alertRoutes'>;
  /** Throws an `Undelivered` or a `Failure` where it cannot be made. */
  carrierOf(route: AlertRoute): Carrier;
  readonly ambient: Ambient;
  /** Names this running hub among others. */
  readonly hub: string;
  readonly log: Log;
}

const lookEveryMs = 1_000;
/** Longer than any sending takes. */
const holdMs = 60_000;
const atOnce = 8;
const handedOutAtOnce = 200;
const firstWait = 2_000;
const longestWait = 300_000;
/** What a receiver refuses so often, it will refuse always: the next one has its turn. */
const triesAtMost = 5;

export function createDispatcher({ stores, carrierOf, ambient, hub, log }: DispatcherDeps): Dispatcher {
  const { clock, ids } = ambient;
  const { alertRoutes } = stores;
  const underway = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | null = null;
  let looking: Promise<void> | null = null;
  let stopping = false;

  async function look(): Promise<void> {
    try {
      while (!stopping && (await alertRoutes.handOut(dueOn, ids, handedOutAtOnce)) === handedOutAtOnce);
      while (!stopping && underway.size < atOnce) {
        const held = await alertRoutes.hold(hub, clock.now(), clock.now() + holdMs);
        if (held === null) return;
        const work = carry(held).catch((error: unknown) => log.warn({ cause: String(error) }, 'notifications wait'));
        underway.add(work);
        void work.finally(() => underway.delete(work));
      }
    } catch (error) {
      log.warn({ cause: String(error) }, 'notifications wait for the database');
    }
  }

  /** All that is due on it; then lets go. */
  async function carry(route: AlertRoute): Promise<void> {
    let current: readonly DueDelivery[] = [];
    try {
      const carrier = carrierOf(route);
      let pause = 0;
      while (!stopping && pause === 0) {
        const found = await nextOf(route, carrier.atOnce);
        if (found === null) break;
        current = found;
        if (current.length === 0) continue;
        await carrier.send(current.map(({ told }) => told));
        const at = clock.now();
        if (!(await alertRoutes.delivered(hub, route, idsOf(current), at, at + holdMs))) return;
        current = [];
        pause = carrier.pauseMs;
      }
      await alertRoutes.release(hub, route.id, clock.now() + pause);
    } catch (error) {
      await failed(route, current, error);
    }
  }

  /** Empty where all that was looked at need not be sent now; null where nothing is due any more. */
  async function nextOf(route: AlertRoute, most: number): Promise<readonly DueDelivery[] | null> {
    const now = clock.now();
    const due = await alertRoutes.due(route.id, now, most);
    if (due.length === 0) return null;
    const wanted: DueDelivery[] = [];
    for (const one of due) {
      const needless = isNeedless(route, one, now);
      const quiet = quietUntil(route.quiet, one.told.severity, now);
      if (needless !== null) await alertRoutes.drop([one.id], now, needless);
      else if (quiet !== null) await alertRoutes.postpone([one.id], quiet, 'it waits for quiet hours to end');
      else wanted.push(one);
    }
    // One that was refused goes by itself, so that it takes no other with it.
    const refused = wanted.find(({ tries }) => tries > 0);
    return refused === undefined ? wanted : [refused];
  }

  async function failed(route: AlertRoute, current: readonly DueDelivery[], error: unknown): Promise<void> {
    const { message, fix, waitMs, isFinal, isContent } = undelivered(error);
    const at = clock.now();
    if (current.length > 0) await alertRoutes.tried(idsOf(current), message);
    const hopeless = isContent ? current.filter(({ tries }) => tries + 1 >= triesAtMost) : [];
    if (hopeless.length > 0 && current.length === 1) await alertRoutes.drop(idsOf(hopeless), at, message);
    const dueAt = at + (waitMs ?? waitAfter(route.failures));
    await alertRoutes.failed(hub, route.id, { at, failure: message, fix, dueAt, disable: isFinal });
    log.warn({ route: route.id, why: message }, 'notifications were not taken, and wait');
  }

  /** Milliseconds; longer each time, and never the same for two, so that not all come back at once. */
  function waitAfter(failures: number): number {
    const wait = Math.min(longestWait, firstWait * 2 ** Math.min(failures, 20));
    const [chance = 0] = ambient.random.bytes(1);
    return Math.round(wait * (0.75 + chance / 512));
  }

  return {
    start() {
      timer = setInterval(() => {
        looking ??= look().finally(() => {
          looking = null;
        });
      }, lookEveryMs).unref();
    },
    async stop() {
      stopping = true;
      if (timer !== null) clearInterval(timer);
      await looking;
      await Promise.all(underway);
    },
    async test(route, by) {
      try {
        await carrierOf(route).send([testOf(route, by)]);
      } catch (error) {
        throw undelivered(error);
      }
    },
  };

  function testOf({ organization, name }: AlertRoute, by: string): Notification {
    return {
      ...{ id: ids.next('ntf'), organization, type: 'test', at: clock.now(), severity: 'info' },
      title: `This is a test of the route ${name}`,
      text: 'Nothing happened. What is sent over this route looks like this.',
      ...{ policy: null, server: null, alert: null, people: [], link: '/alerts', data: { test: true, by } },
    };
  }
}

function idsOf(deliveries: readonly DueDelivery[]) {
  return deliveries.map(({ id }) => id);
}
