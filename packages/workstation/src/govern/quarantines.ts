// What policies have shut away on this computer. It holds at once, and in every bridge that is started later: it is written
// down behind the message that led to it.
import type { Clock } from '@mcpvault/domain/ambient';
import type { EffectAbout, Log, QuarantineWish } from '@mcpvault/gateway/ports';
import { readJson, writeJson } from '../state/json-file.ts';

export interface Quarantine {
  readonly what: 'tool' | 'session';
  readonly server: string | null;
  readonly tool: string | null;
  /** Of a session; those of bridges that have ended mean nothing any more. */
  readonly conversation: string | null;
  readonly policy: string;
  readonly reason: string;
  /** Milliseconds since the epoch; `until` null: until somebody lifts it. */
  readonly since: number;
  readonly until: number | null;
}

export interface Quarantines {
  /** For people; null where nothing is shut away. */
  why(about: Pick<EffectAbout, 'server' | 'tool' | 'conversation'>): string | null;
  begin(about: EffectAbout, wish: QuarantineWish): void;
  /** Reads again what other bridges, or the person, have written. */
  reload(): Promise<void>;
}

export interface QuarantinesDeps {
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
}

export function createQuarantines({ path, clock, log }: QuarantinesDeps): Quarantines {
  let all: readonly Quarantine[] = [];
  let writing: Promise<void> = Promise.resolve();

  async function reload(): Promise<void> {
    all = await readQuarantines(path);
  }

  const holds = ({ until }: Quarantine): boolean => until === null || until > clock.now();

  return {
    reload: () => writing.then(reload),
    why({ server, tool, conversation }) {
      if (all.length === 0) return null;
      const found = all.find(
        (one) =>
          holds(one) &&
          (one.what === 'session'
            ? one.conversation === conversation
            : tool !== null && one.server === server && one.tool === tool),
      );
      if (found === undefined) return null;
      const what = found.what === 'tool' ? `The tool "${found.tool ?? ''}"` : 'This conversation';
      return `${what} is quarantined on this computer: ${found.reason}`;
    },
    begin({ server, tool, conversation }, { what: wanted, policy, reason, minutes }) {
      const now = clock.now();
      // On a member’s own computer, tokens and members are known by their conversation only.
      const what = wanted === 'tool' ? 'tool' : 'session';
      const quarantine: Quarantine = {
        ...{ what, policy, reason, server, tool: what === 'tool' ? tool : null },
        conversation: what === 'session' ? conversation : null,
        since: now,
        until: minutes === null ? null : now + minutes * 60_000,
      };
      all = [...all, quarantine];
      writing = writing
        .then(async () => writeJson(path, [...(await readQuarantines(path)).filter(holds), quarantine]))
        .catch((error: unknown) => log.error({ cause: String(error) }, 'a quarantine could not be written down'));
    },
  };
}

/** Those that are written down, also such as have ended. */
export async function readQuarantines(path: string): Promise<readonly Quarantine[]> {
  const read = await readJson(path);
  return Array.isArray(read) ? (read as readonly Quarantine[]) : [];
}
