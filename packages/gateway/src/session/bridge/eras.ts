// Which eras servers speak, as far as anybody asked them or an admin said so. A verdict has a date: a server may have
// learned the other era since, and nothing would show it.
import type { Clock } from '@mcpvault/domain/ambient';
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import type { ServerVersionId } from '@mcpvault/domain/ids';
import type { Era } from '@mcpvault/protocol/mcp/revision';

export interface Eras {
  /** Whether the server speaks the modern era; asked of the server itself where nobody knows. Rejects with a `Failure`. */
  speaksModern(server: ServerEntry): boolean | Promise<boolean>;
  /** Whether it speaks the legacy era; null where nobody knows, since only trying shows it. */
  speaksLegacy(server: ServerEntry): boolean | null;
  learn(server: ServerEntry, era: Era, speaks: boolean): void;
  /** What is known of it turned out wrong: it is asked again. */
  doubt(server: ServerEntry): void;
}

/** Asks a server whether it speaks the modern era. Rejects with a `Failure` when it could not be asked. */
export type AskModern = (server: ServerEntry) => Promise<boolean>;

interface Verdict {
  readonly speaks: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Milliseconds after which a verdict is not trusted any more. A yes shows by itself when it is over, a no never does. */
const lasts = { yes: 86_400_000, no: 600_000 };

export function createEras(clock: Clock, ask: AskModern): Eras {
  const verdicts: Readonly<Record<Era, Map<ServerVersionId, Verdict>>> = { legacy: new Map(), modern: new Map() };
  const asking = new Map<ServerVersionId, Promise<boolean>>();

  function known(server: ServerEntry, era: Era): boolean | null {
    // The transport of 2024 knows one era only.
    const { type, era: declared = type === 'sse' ? 'legacy' : 'auto' } = server.transport;
    if (declared !== 'auto') return declared === era;
    const verdict = verdicts[era].get(server.version);
    if (verdict === undefined) return null;
    return verdict.at + (verdict.speaks ? lasts.yes : lasts.no) > clock.now() ? verdict.speaks : null;
  }

  const eras: Eras = {
    speaksModern(server) {
      const verdict = known(server, 'modern');
      if (verdict !== null) return verdict;
      let answer = asking.get(server.version);
      if (answer === undefined) {
        answer = ask(server)
          .then((speaks) => {
            eras.learn(server, 'modern', speaks);
            return speaks;
          })
          .finally(() => asking.delete(server.version));
        asking.set(server.version, answer);
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
