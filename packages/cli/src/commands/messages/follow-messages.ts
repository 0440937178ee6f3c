// Recorded messages as they come: from the live feed while it holds, by asking again where it does not, and each only once.
import { CommandFailure } from '../../command-failure.ts';
import type { HubConnection } from '../../connection/hub-connection.ts';
import type { Invocation } from '../../invocation.ts';
import { pageSize } from '../all-pages.ts';
import { matches, type MessageFilter } from './message-filter.ts';
import type { Message } from './message-text.ts';

/** Milliseconds between two questions while there is no live feed. */
const askEvery = 2000;
/** What came in between two looks, beyond which the oldest are left out. */
const mostPages = 25;
const remembered = 20_000;

/** The newest `limit` messages, oldest first. */
export async function recentMessages(hub: HubConnection, filter: MessageFilter, limit: number): Promise<Message[]> {
  const found: Message[] = [];
  let cursor: string | undefined;
  while (found.length < limit) {
    const page = await hub.call('listMessages', { ...filter, cursor, limit: Math.min(pageSize, limit - found.length) });
    found.push(...page.items);
    if (page.next === null) break;
    cursor = page.next;
  }
  return found.toReversed();
}

/** First the newest `limit`, then what comes, until Ctrl-C. */
export async function* followMessages(
  run: Invocation,
  hub: HubConnection,
  filter: MessageFilter,
  limit: number,
): AsyncGenerator<Message> {
  const seen = createSeen();
  const first = (await hub.call('listMessages', { ...filter, limit: pageSize })).items.toReversed();
  const shown = limit > pageSize ? await recentMessages(hub, filter, limit) : first.slice(first.length - limit);
  seen.unseen([...first, ...shown]);
  yield* shown;

  const { interrupted, clock } = run.io;
  const { liveEvents } = await import('../../connection/live-events.ts');
  const away = createAway(run, hub.hub);
  while (!interrupted.aborted) {
    try {
      for await (const event of liveEvents(run.io, hub)) {
        if (event.type === 'messages') yield* seen.unseen(event.items.filter((message) => matches(message, filter)));
        else if (event.type !== 'changed') yield* seen.unseen(await missed(hub, filter, seen));
        away.over();
      }
      if (interrupted.aborted) return;
      await clock.sleep(askEvery, interrupted);
      yield* seen.unseen(await missed(hub, filter, seen));
      away.over();
    } catch (error) {
      if (!(error instanceof CommandFailure) || !mayPass(error)) throw error;
      away.begins(error);
      await clock.sleep(askEvery, interrupted);
    }
  }
}

/** What was recorded since the last look, oldest first: page by page until one holds something known. */
async function missed(hub: HubConnection, filter: MessageFilter, seen: Seen): Promise<Message[]> {
  const found: Message[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const page = await hub.call('listMessages', { ...filter, cursor, limit: pageSize });
    found.push(...page.items);
    if (page.next === null || page.items.some((message) => seen.has(message))) break;
    cursor = page.next;
  }
  return found.toReversed();
}

interface Seen {
  has(message: Message): boolean;
  /** Those not seen before, which from now on are. */
  unseen(messages: readonly Message[]): Message[];
}

function createSeen(): Seen {
  const ids = new Set<string>();
  return {
    has: ({ id }) => ids.has(id),
    unseen: (messages) =>
      messages.filter(({ id }) => {
        if (ids.has(id)) return false;
        ids.add(id);
        for (const oldest of ids) {
          if (ids.size <= remembered) break;
          ids.delete(oldest);
        }
        return true;
      }),
  };
}

/** A hub that restarts comes back; a sign-in that ended does not. */
function mayPass(failure: CommandFailure): boolean {
  return failure.exit === 'unreachable' || failure.exit === 'general';
}

/** Says once that the hub is away, and once that it is back. */
function createAway(run: Invocation, hub: string) {
  let isAway = false;
  return {
    begins: (failure: CommandFailure) => {
      if (!isAway) run.out.note(`${failure.message} Trying again until it is back.`);
      isAway = true;
    },
    over: () => {
      if (isAway) run.out.note(`${hub} is back.`);
      isAway = false;
    },
  };
}
