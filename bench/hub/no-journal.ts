import type { createJournal as createReal, Journal } from '@mcpvault/gateway/recording/journal';

/** The journal's interface with nothing behind it. As with the real one, `done` is called in a later turn, all together. */
export const createJournal: typeof createReal = (): Journal => {
  let waiting: ((error: Error | null) => void)[] = [];
  const turn = (): void => {
    const now = waiting;
    waiting = [];
    for (const done of now) done(null);
  };
  return {
    recorder: {
      accepts: () => true,
      append(_draft, _request, _response, done) {
        if (waiting.length === 0) setImmediate(turn);
        waiting.push(done);
      },
    },
    start: async () => {},
    flush: async () => {},
    close: async () => {},
    state: () => ({ bytes: 0, pendingBlocks: 0, lost: 0, failing: null }),
    takeLost: () => new Map(),
    journals: () => ['none'],
    read: async () => [],
    acknowledge: () => {},
    onWritten: () => {},
    setAside: async () => '',
    lastWritten: () => 0,
    backlog: () => ({ blocks: 0, oldestAt: null }),
  };
};
