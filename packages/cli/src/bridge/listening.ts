// The stream on which a legacy server speaks unasked, held open for as long as the session lives.
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import type { ClientOutput } from './client-output.ts';
import { BridgeFailure } from './bridge-failure.ts';
import type { HubSide } from './hub-side.ts';
import type { LegacySession } from './legacy-session.ts';

export interface ListeningDeps {
  readonly hub: HubSide;
  readonly output: ClientOutput;
  note(text: string): void;
  heard(message: Message): void;
}

const longestWait = 30_000;
/** Milliseconds before a stream that the hub has ended is opened again, unless it asked for another time. */
const usualWait = 500;

/** Ends when `signal` aborts, or when the hub offers no such stream. */
export async function listen(deps: ListeningDeps, session: LegacySession, signal: AbortSignal): Promise<void> {
  const { hub, output, note } = deps;
  const backOff = hub.backOff(Number.POSITIVE_INFINITY, longestWait);
  let generation = -1;
  let lastEventId: string | null = null;
  while (!signal.aborted) {
    try {
      await session.ready();
      if (generation !== session.generation) lastEventId = null;
      generation = session.generation;
      const resumed: Record<string, string> = lastEventId === null ? {} : { 'last-event-id': lastEventId };
      const headers = { accept: 'text/event-stream', ...resumed, ...session.headers() };
      const answer = await hub.send({ method: 'GET', headers, signal, isSafe: true, backOff });
      if (answer.status === 404) {
        answer.body.resume();
        await session.lost(generation);
        continue;
      }
      if (answer.status === 400 && lastEventId !== null) {
        // Nothing is kept of what was missed.
        answer.body.resume();
        lastEventId = null;
        continue;
      }
      if (answer.status !== 200 || answer.type !== 'text/event-stream') {
        answer.body.resume();
        return;
      }
      backOff.reset();
      const end = await hub.stream(
        answer,
        (message) => take(deps, message),
        () => output.room(),
      );
      lastEventId = end.lastEventId ?? lastEventId;
      await backOff.wait(signal, end.retry ?? usualWait);
    } catch (error) {
      if (signal.aborted) return;
      note(error instanceof BridgeFailure ? error.message : String(error));
      await backOff.wait(signal, longestWait);
    }
  }
}

function take({ heard, output }: ListeningDeps, message: Message): void {
  if (message.kind !== 'request' && message.kind !== 'notification') return;
  heard(message);
  output.write(message.raw);
}
