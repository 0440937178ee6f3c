// Which servers speak the modern era, as far as anybody asked them.
import type { Clock } from '@mcpvault/domain/ambient';
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import type { ServerVersionId } from '@mcpvault/domain/ids';

/** Milliseconds after which a no is asked again: it would never show by itself that the server has learned it since. */
const noLasts = 600_000;

export class ModernSpeakers {
  readonly #clock: Clock;
  readonly #ask: (server: ServerEntry) => Promise<boolean>;
  readonly #known = new Map<ServerVersionId, { readonly speaks: boolean; readonly at: number }>();
  readonly #asking = new Map<ServerVersionId, Promise<boolean>>();

  /** `ask` asks the server itself; it rejects with a `Failure` when the server could not be reached. */
  constructor(clock: Clock, ask: (server: ServerEntry) => Promise<boolean>) {
    this.#clock = clock;
    this.#ask = ask;
  }

  speaks(server: ServerEntry): boolean | Promise<boolean> {
    const known = this.#known.get(server.version);
    if (known !== undefined && (known.speaks || known.at + noLasts > this.#clock.now())) return known.speaks;
    let asking = this.#asking.get(server.version);
    if (asking === undefined) {
      asking = this.#ask(server)
        .then((speaks) => this.learn(server, speaks))
        .finally(() => this.#asking.delete(server.version));
      this.#asking.set(server.version, asking);
    }
    return asking;
  }

  learn({ version }: ServerEntry, speaks: boolean): boolean {
    this.#known.set(version, { speaks, at: this.#clock.now() });
    return speaks;
  }
}
