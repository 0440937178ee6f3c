// Keeps what a legacy session's streams said, so that a client that lost its stream can ask for the rest.

import type { EventStore, JSONRPCMessage } from '@modelcontextprotocol/server';

interface LoggedEvent {
  readonly stream: string;
  readonly message: JSONRPCMessage;
}

/** An event id is the stream's id and the place in the log, joined by `_`. */
export function createEventLog(): EventStore {
  const events: LoggedEvent[] = [];
  return {
    async storeEvent(stream, message) {
      events.push({ stream, message });
      return `${stream}_${events.length - 1}`;
    },
    async getStreamIdForEventId(id) {
      return events[placeOf(id)]?.stream;
    },
    async replayEventsAfter(id, { send }) {
      const place = placeOf(id);
      const stream = events[place]?.stream;
      if (stream === undefined) throw new Error('This event is not in the log.');
      for (const [index, event] of events.entries()) {
        const isPriming = !('jsonrpc' in event.message);
        if (index > place && event.stream === stream && !isPriming) await send(`${stream}_${index}`, event.message);
      }
      return stream;
    },
  };
}

function placeOf(id: string): number {
  return Number(id.slice(id.lastIndexOf('_') + 1));
}
