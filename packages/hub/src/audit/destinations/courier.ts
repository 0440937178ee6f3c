// Carries audit events to the destinations of all organizations: from where each was left, in order, at least once. The place
// moves only when the receiver has what lies before it, and lies in the database, so that it outlives the hub; several hubs
// share the work.
import type { Ambient } from '@mcpvault/domain/ambient';
import { type AuditEvent, eventOf } from '@mcpvault/domain/audit/formats/audit-event';
import { isWanted } from '@mcpvault/domain/audit/formats/event-filter';
import type { Log } from '@mcpvault/gateway/ports';
import type { Destination } from '@mcpvault/store/audit/destinations-store';
import type { Stores } from '@mcpvault/store/stores';
import type { AuditLog } from '../audit-log.ts';
import { type Receiver, undelivered } from './receiver.ts';

export interface Courier {
  start(): void;
  /** Waits for what is under way. */
  stop(): Promise<void>;
  /** Sends one event that says it is a test. Rejects with `Undelivered`. */
  test(destination: Destination, by: string): Promise<void>;
}

export interface CourierDeps {
  readonly stores: Pick<Stores, 'auditLog' | 'destinations'>;
  readonly auditLog: Pick<AuditLog, 'read'>;
  /** Throws an `Undelivered` or a `Failure` where it cannot be made. */
  receiverOf(destination: Destination): Receiver;
  readonly ambient: Ambient;
  /** Names this running hub among others. */
  readonly hub: string;
  readonly log: Log;
}

const lookEveryMs = 1_000;
const holdMs = 30_000;
const atOnce = 8;
const entriesAtOnce = 500;
const firstWait = 1_000;
const longestWait = 300_000;

export function createCourier({ stores, auditLog, receiverOf, ambient, hub, log }: CourierDeps): Courier {
  const { clock } = ambient;
  const underway = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | null = null;
  let looking = false;
  let stopping = false;

  async function look(): Promise<void> {
    if (looking || stopping) return;
    looking = true;
    try {
      while (underway.size < atOnce) {
        const held = await stores.destinations.hold(hub, clock.now(), clock.now() + holdMs);
        if (held === null) return;
        const work = carry(held).catch((error: unknown) => log.warn({ cause: String(error) }, 'audit events wait'));
        underway.add(work);
        void work.finally(() => underway.delete(work));
      }
    } catch (error) {
      log.warn({ cause: String(error) }, 'audit events wait for the database');
    } finally {
      looking = false;
    }
  }

  /** All there is, page by page; then lets go. */
  async function carry(destination: Destination): Promise<void> {
    const { id, organization } = destination;
    try {
      const receiver = receiverOf(destination);
      for (let next = destination.next; !stopping; ) {
        const { size } = (await stores.auditLog.head(organization)).frontier;
        if (next >= size) break;
        const after = await carryPage(destination, receiver, next, Math.min(size, next + entriesAtOnce));
        if (after === null) return;
        next = after;
      }
      await stores.destinations.release(hub, id, clock.now());
    } catch (error) {
      const { message, fix, waitMs, isFinal } = undelivered(error);
      const at = clock.now();
      const dueAt = at + (waitMs ?? waitAfter(destination.failures));
      await stores.destinations.failed(hub, id, { at, failure: message, fix, dueAt, disable: isFinal });
      log.warn({ destination: id, why: message }, 'audit events were not taken, and wait');
    }
  }

  /** Where to go on; null when the destination is no longer held. */
  async function carryPage(
    destination: Destination,
    receiver: Receiver,
    from: number,
    to: number,
  ): Promise<number | null> {
    const { organization, filter } = destination;
    const { items, next } = await auditLog.read(organization, from, to, entriesAtOnce, filter.calls !== 'none');
    let waiting: AuditEvent[] = [];
    let sent = 0;
    for (const line of items) {
      const event = eventOf(line);
      if (event === null || !isWanted(event, filter)) continue;
      if (waiting.length === receiver.atOnce) {
        await receiver.send(waiting);
        sent += waiting.length;
        waiting = [];
        // Not the place: what was sent of this page is sent again when the rest of it fails.
        if (!(await noted(from, 0))) return null;
      }
      waiting.push(event);
    }
    if (waiting.length > 0) await receiver.send(waiting);
    const after = next ?? to;
    return (await noted(after, sent + waiting.length)) ? after : null;

    function noted(place: number, events: number): Promise<boolean> {
      const at = clock.now();
      return stores.destinations.delivered(hub, destination, { next: place, events, at, heldUntil: at + holdMs });
    }
  }

  /** Milliseconds; longer each time, and never the same for two, so that not all come back at once. */
  function waitAfter(failures: number): number {
    const wait = Math.min(longestWait, firstWait * 2 ** Math.min(failures, 20));
    const [chance = 0] = ambient.random.bytes(1);
    return Math.round(wait * (0.75 + chance / 512));
  }

  return {
    start() {
      timer = setInterval(() => void look(), lookEveryMs).unref();
    },

    async stop() {
      stopping = true;
      if (timer !== null) clearInterval(timer);
      await Promise.all(underway);
    },

    async test(destination, by) {
      try {
        await receiverOf(destination).send([testEvent(destination, by)]);
      } catch (error) {
        throw undelivered(error);
      }
    },
  };

  function testEvent({ organization, id }: Destination, by: string): AuditEvent {
    const at = clock.now();
    const said = { id: ambient.ids.next('aud'), organization, at, actor: by, action: 'audit.test', subject: id };
    const line = {
      type: 'entry',
      sequence: 0,
      ...said,
      outcome: 'done',
      detail: { test: true },
      chain: '0'.repeat(64),
    } as const;
    return {
      ...eventOfTest(line),
      place: 'test',
    };
  }
}

function eventOfTest(line: Parameters<typeof eventOf>[0]): AuditEvent {
  const event = eventOf(line);
  if (event === null) throw new Error('a test is an event');
  return event;
}
