// The hub's live feed, as a stream of events.
import { type LiveEvent, liveEvent } from '@mcpvault/contract/live';
import { apiRoot } from '@mcpvault/contract/route';
import type { Io } from '../io.ts';
import type { HubConnection } from './hub-connection.ts';

/** Ends when the connection does, whoever ended it, and on Ctrl-C; whether it ever came about is told by `welcome`. */
export async function* liveEvents(io: Io, hub: HubConnection): AsyncGenerator<LiveEvent> {
  const accessToken = await hub.bearer();
  const socket = io.openSocket(`${hub.hub.replace(/^http/, 'ws')}${apiRoot}/live`);
  const waiting: LiveEvent[] = [];
  let over = io.interrupted.aborted;
  let wake = (): void => undefined;
  const end = (): void => {
    over = true;
    wake();
  };
  socket.addEventListener('open', () => socket.send(JSON.stringify({ type: 'hello', accessToken })));
  socket.addEventListener('message', ({ data }) => {
    const event = readEvent(data);
    if (event !== undefined) waiting.push(event);
    wake();
  });
  socket.addEventListener('close', end);
  socket.addEventListener('error', end);
  io.interrupted.addEventListener('abort', end);
  try {
    for (;;) {
      const event = waiting.shift();
      if (event !== undefined) yield event;
      else if (over) return;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    io.interrupted.removeEventListener('abort', end);
    socket.close();
  }
}

/** undefined for what this version does not know. */
function readEvent(data: unknown): LiveEvent | undefined {
  try {
    return typeof data === 'string' ? liveEvent.safeParse(JSON.parse(data)).data : undefined;
  } catch {
    return undefined;
  }
}
