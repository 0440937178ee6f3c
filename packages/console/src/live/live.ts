// The live feed: one WebSocket to the hub, kept up with growing pauses between attempts. The access token goes in the
// first frame, never into the address. What arrives is handed on; nothing is kept here.
import { type LiveEvent, liveEvent } from '@mcpvault/contract/live';

export type LiveState = 'off' | 'connecting' | 'live' | 'waiting';

export interface LivePorts {
  /** `wss://…/api/v1/live` */
  readonly url: string;
  /** `refused`: the token that the hub would not take, if that is why one is asked for. null: nobody is signed in. */
  readonly accessToken: (refused: string | null) => Promise<string | null>;
  readonly open: (url: string) => Pick<WebSocket, 'send' | 'close' | 'addEventListener'>;
  readonly after: (milliseconds: number, task: () => void) => () => void;
  /** 0 to 1; spreads the attempts of many consoles after a restart of the hub. */
  readonly random: () => number;
}

export interface Live {
  start(): void;
  stop(): void;
  /** Shows the hub the next token before the one that the feed began with expires. */
  greet(accessToken: string): void;
  /** Tries at once instead of waiting: the network came back, or the reader asked. */
  retry(): void;
  state(): LiveState;
  onState(listener: () => void): () => void;
  onEvent(listener: (event: LiveEvent) => void): () => void;
}

const firstPause = 500;
const longestPause = 30_000;
/** The hub closes with this when it does not take the token, or no longer. */
const tokenRefused = 4401;

export function createLive(ports: LivePorts): Live {
  let state: LiveState = 'off';
  let socket: ReturnType<LivePorts['open']> | null = null;
  let failures = 0;
  let refused: string | null = null;
  let cancelWait: () => void = () => undefined;
  const stateListeners = new Set<() => void>();
  const eventListeners = new Set<(event: LiveEvent) => void>();

  function become(next: LiveState): void {
    if (state === next) return;
    state = next;
    for (const listener of stateListeners) listener();
  }

  async function connect(): Promise<void> {
    cancelWait();
    become('connecting');
    const accessToken = await ports.accessToken(refused).catch(() => undefined);
    refused = null;
    if (state !== 'connecting') return;
    if (accessToken === null) return become('off');
    if (accessToken === undefined) return wait();
    const mine = ports.open(ports.url);
    socket = mine;
    const current = () => socket === mine;
    mine.addEventListener('open', () => greet(mine, accessToken));
    mine.addEventListener('message', (message) => {
      if (current()) receive((message as MessageEvent<unknown>).data);
    });
    mine.addEventListener('close', (event) => {
      if (!current()) return;
      socket = null;
      if ((event as CloseEvent).code === tokenRefused) refused = accessToken;
      wait();
    });
  }

  function greet(to: Pick<WebSocket, 'send'>, accessToken: string): void {
    to.send(JSON.stringify({ type: 'hello', accessToken }));
  }

  function receive(data: unknown): void {
    const parsed = typeof data === 'string' ? liveEvent.safeParse(jsonOf(data)) : null;
    if (!parsed?.success) return;
    if (parsed.data.type === 'welcome') {
      failures = 0;
      become('live');
    }
    for (const listener of eventListeners) listener(parsed.data);
  }

  function wait(): void {
    become('waiting');
    const pause = Math.min(longestPause, firstPause * 2 ** failures) * (0.5 + ports.random() / 2);
    failures += 1;
    cancelWait = ports.after(pause, () => void connect());
  }

  function drop(): void {
    cancelWait();
    const old = socket;
    socket = null;
    old?.close();
  }

  return {
    start() {
      if (state === 'off') void connect();
    },
    stop() {
      drop();
      failures = 0;
      become('off');
    },
    greet(accessToken) {
      if (state === 'live' && socket) greet(socket, accessToken);
    },
    retry() {
      if (state !== 'waiting') return;
      drop();
      void connect();
    },
    state: () => state,
    onState(listener) {
      stateListeners.add(listener);
      return () => stateListeners.delete(listener);
    },
    onEvent(listener) {
      eventListeners.add(listener);
      return () => eventListeners.delete(listener);
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
