// Tells the other hubs on this database that something changed. What is announced in a transaction is heard when it
// commits, and not at all when it does not. Payloads are hints of what to read again, never the thing itself.
import { type Executor } from './schema.ts';
import { sql } from 'kysely';
import type { Database } from './connect.ts';
import type { Log } from './log.ts';

export interface ChangeListener {
  /** One announcement of any hub, this one's own included. */
  heard(payload: string): void;
  /** Announcements may have been missed: read everything again. */
  missed(): void;
}

export interface ChangeFeed {
  stop(): Promise<void>;
}

const channel = 'mcpvault_changes';
const retryMs = 1000;

/** `payload` must stay below 8,000 bytes. */
export async function announce(executor: Executor, payload: string): Promise<void> {
  await sql`select pg_notify(${channel}, ${payload})`.execute(executor);
}

/** Holds one connection of the pool until it is stopped, and takes another one whenever that breaks. */
export function listenForChanges(database: Database, listener: ChangeListener, log: Log): ChangeFeed {
  let stopped = false;
  let hangUp: () => void = () => {};
  const ended = listen();

  async function listen(): Promise<void> {
    for (let first = true; !stopped; first = false) {
      try {
        await hold(() => {
          if (!first) listener.missed();
        });
      } catch (error) {
        if (!stopped) log.warn({ cause: messageOf(error) }, 'changes by other hubs cannot be heard; trying again');
      }
      if (!stopped) await pause();
    }
  }

  async function hold(listening: () => void): Promise<void> {
    const client = await database.pool.connect();
    const broken = new Promise<void>((resolve) => {
      hangUp = resolve;
      client.once('error', () => resolve());
      client.once('end', () => resolve());
    });
    client.on('notification', ({ payload }) => listener.heard(payload ?? ''));
    try {
      await client.query(`listen ${channel}`);
      listening();
      if (!stopped) await broken;
    } finally {
      // Not given back: it still listens.
      client.release(true);
    }
  }

  function pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, retryMs);
      hangUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  return {
    async stop() {
      stopped = true;
      hangUp();
      await ended;
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
