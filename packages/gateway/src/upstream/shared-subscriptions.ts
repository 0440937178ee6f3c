import type { StdioLink } from './stdio-link.ts';
import type { StdioMux } from './stdio-mux.ts';

/** Which process tells of which resource, on behalf of all conversations that want to hear of it. */
export class SharedSubscriptions {
  readonly #links: ReadonlySet<StdioLink>;
  readonly #tellers = new Map<string, StdioMux>();

  constructor(links: ReadonlySet<StdioLink>) {
    this.#links = links;
  }

  tellerOf(uri: string): StdioMux | null {
    return this.#tellers.get(uri) ?? null;
  }

  told(uri: string, by: StdioMux): void {
    this.#tellers.set(uri, by);
  }

  /** This conversation no longer wants it. The process that need not tell of it any more, if nobody else wants it. */
  unwanted(uri: string, link: StdioLink): StdioMux | null {
    for (const each of this.#links) if (each !== link && each.subscriptions?.has(uri) === true) return null;
    const teller = this.tellerOf(uri);
    this.#tellers.delete(uri);
    return teller;
  }

  /** The process has ended. */
  forget(teller: StdioMux): void {
    for (const [uri, by] of this.#tellers) if (by === teller) this.#tellers.delete(uri);
  }

  isTeller(mux: StdioMux): boolean {
    for (const by of this.#tellers.values()) if (by === mux) return true;
    return false;
  }

  /** What conversations want to hear of, and no process tells. */
  untold(): ReadonlySet<string> {
    const untold = new Set<string>();
    for (const { subscriptions } of this.#links) {
      for (const uri of subscriptions ?? []) if (!this.#tellers.has(uri)) untold.add(uri);
    }
    return untold;
  }

  /** Conversations that wait for news in vain. */
  deaf(): readonly StdioLink[] {
    const untold = this.untold();
    return [...this.#links].filter(({ subscriptions }) => [...(subscriptions ?? [])].some((uri) => untold.has(uri)));
  }
}
