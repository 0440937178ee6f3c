// Which eras servers speak, as far as anybody asked them or an admin said so. A verdict has a date: a server may have
// learned the other era since, and nothing would show it.
import type { Clock } from '@mcpvault/domain/ambient';
import { authOf, type ServerEntry } from '@mcpvault/domain/catalog/server';
import type { ServerVersionId } from '@mcpvault/domain/ids';
import type { Era } from '@mcpvault/protocol/mcp/revision';
import type { Opener } from '../../upstream/links.ts';

export interface Eras {
  /**
   * Whether the server speaks the modern era; asked of the server itself, in this caller's name, where nobody knows.
   * Rejects with a `Failure`.
   */
  speaksModern(server: ServerEntry, caller: Opener['caller']): boolean | Promise<boolean>;
  /** Whether it speaks the legacy era; null where nobody knows, since only trying shows it. */
  speaksLegacy(server: ServerEntry): boolean | null;
  learn(server: ServerEntry, era: Era, speaks: boolean): void;
  /** What is known of it turned out wrong: it is asked again. */
  doubt(server: ServerEntry): void;
}

/** Asks a server whether it speaks the modern era. Rejects with a `Failure` when it could not be asked. */
export type AskModern = (server: ServerEntry, caller: Opener['caller']) => Promise<boolean>;

interface Verdict {
  readonly speaks: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Milliseconds after which a verdict is not trusted any more. A yes shows by itself when it is over, a no never does. */
const lasts = { yes: 86_400_000, no: 600_000 };

export function createEras(clock: Clock, ask: AskModern): Eras {
  const verdicts: Readonly<Record<Era, Map<ServerVersionId, Verdict>>> = { legacy: new Map(), modern: new Map() };
  const asking = new Map<string, Promise<boolean>>();

  function known(server: ServerEntry, era: Era): boolean | null {
    // The transport of 2024 knows one era only.
    const { type, era: declared = type === 'sse' ? 'legacy' : 'auto' } = server.transport;
    if (declared !== 'auto') return declared === era;
    const verdict = verdicts[era].get(server.version);
    if (verdict === undefined) return null;
    return verdict.at + (verdict.speaks ? lasts.yes : lasts.no) > clock.now() ? verdict.speaks : null;
  }

  const eras: Eras = {
    speaksModern(server, caller) {
      const verdict = known(server, 'modern');
      if (verdict !== null) return verdict;
      // Whether it can be asked depends on who is signed in there.
      const key = authOf(server)?.mode === 'per-member' ? `${server.version} ${caller.member}` : server.version;
      let answer = asking.get(key);
      if (answer === undefined) {
        answer = ask(server, caller)
          .then((speaks) => {
            eras.learn(server, 'modern', speaks);
            return speaks;
          })
          .finally(() => asking.delete(key));
        asking.set(key, answer);
      }
      return answer;
    },
    speaksLegacy: (server) => known(server, 'legacy'),
    learn: ({ version }, era, speaks) => void verdicts[era].set(version, { speaks, at: clock.now() }),
    doubt({ version }) {
      for (const era of Object.values(verdicts)) era.delete(version);
    },
  };
  return eras;
}
