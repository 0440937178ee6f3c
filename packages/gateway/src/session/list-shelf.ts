// What servers listed lately, so that a list of many is put together from bytes at hand. Each authorization context has a
// board of its own: nothing that one caller's server said is ever shown to another. It promises nothing for longer than
// the server does, and forgets the boards that were not used for longest when all together hold too much.
import type { Clock } from '@mcpvault/domain/ambient';
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import type { ServerVersionId } from '@mcpvault/domain/ids';
import type { ListKind, Share } from './merged-lists.ts';

/** What a server said of itself when it was greeted. */
export interface Traits {
  readonly capabilities: Readonly<Record<string, unknown>>;
  /** As the caller may read it; null where it gave none. */
  readonly instructions: string | null;
}

/** One server's list on a board. */
export interface Shelved {
  /** The answers as they came. */
  readonly pages: readonly Buffer[];
  /** Milliseconds since the epoch. */
  readonly until: number;
  /** How often this list had changed when it was asked for. */
  readonly changes: number;
  /** As it was last made for the caller, and what it was made by. */
  made: { readonly share: Share; readonly by: readonly unknown[] } | null;
}

/** A list under way. */
export interface Flight {
  readonly work: Promise<Shelved>;
  /** Milliseconds since the epoch. */
  readonly began: number;
}

/** A list of all servers, in one piece. */
export interface Assembled {
  readonly shares: readonly Share[];
  readonly bytes: Buffer;
}

/** Milliseconds between two words to watchers of the same list. */
const quietFor = 1_000;
/** Bytes that each entry costs beside what was listed. */
const overhead = 500;

export class Board {
  readonly #shelf: ListShelf;
  readonly #lists = new Map<string, Shelved>();
  readonly flights = new Map<string, Flight>();
  readonly traits = new Map<ServerVersionId, Traits>();
  /** Servers that let a list wait in vain. */
  readonly slow = new Set<ServerVersionId>();
  /** Servers that let an opening wait in vain. */
  readonly silent = new Set<ServerVersionId>();
  readonly #assembled = new Map<string, Assembled>();
  bytes = 0;
  /** No longer on the shelf; whoever still uses it holds it alone. */
  forgotten = false;

  constructor(shelf: ListShelf) {
    this.#shelf = shelf;
  }

  /** The latest list of a server; null where there was none. See `isFresh`. */
  find(version: ServerVersionId, kind: ListKind): Shelved | null {
    return this.#lists.get(`${version} ${kind.member}`) ?? null;
  }

  put(version: ServerVersionId, kind: ListKind, shelved: Shelved): void {
    const key = `${version} ${kind.member}`;
    this.#hold(costOf(shelved) - costOf(this.#lists.get(key)));
    this.#lists.set(key, shelved);
  }

  /** Notes a share that was made of a list on this board. */
  made(shelved: Shelved, share: Share, by: readonly unknown[]): void {
    this.#hold(share.bytes.length - (shelved.made?.share.bytes.length ?? 0));
    shelved.made = { share, by };
  }

  /** The whole list if it was put together from these shares. */
  assembled(kind: ListKind, shares: readonly Share[]): Assembled | null {
    const known = this.#assembled.get(kind.member);
    if (known?.shares.length !== shares.length) return null;
    return known.shares.every((share, at) => share === shares[at]) ? known : null;
  }

  keep(kind: ListKind, assembled: Assembled): void {
    const before = this.#assembled.get(kind.member)?.bytes.length ?? 0;
    this.#assembled.set(kind.member, assembled);
    this.#hold(assembled.bytes.length - before);
  }

  #hold(bytes: number): void {
    this.bytes += bytes;
    this.#shelf.held(this, bytes);
  }
}

/** Told that a list of a server has changed, whoever heard it. */
export type Watcher = (server: ServerEntry, capability: string) => void;

export class ListShelf {
  readonly #clock: Clock;
  readonly #mostBytes: number;
  /** The one used last stands last. */
  readonly #boards = new Map<string, Board>();
  readonly #changes = new Map<string, number>();
  readonly #watchers = new Set<Watcher>();
  /** Lists whose change watchers heard of a moment ago, and whether they changed again since. */
  readonly #quiet = new Map<string, boolean>();
  #bytes = 0;

  constructor(clock: Clock, mostBytes: number) {
    this.#clock = clock;
    this.#mostBytes = mostBytes;
  }

  /** The board of an authorization context. To be asked for anew each time, since it may have been forgotten. */
  board(context: string): Board {
    const board = this.#boards.get(context) ?? new Board(this);
    this.#boards.delete(context);
    this.#boards.set(context, board);
    return board;
  }

  isFresh({ until, changes }: Shelved, version: ServerVersionId, kind: ListKind): boolean {
    return until > this.#clock.now() && changes === this.changes(version, kind);
  }

  /** How often a server said that this list of it had changed. */
  changes(version: ServerVersionId, { capability }: ListKind): number {
    return this.#changes.get(`${version} ${capability}`) ?? 0;
  }

  /** A server said that a list of it has changed: what is on any board of it is not to be shown again. */
  changed(server: ServerEntry, capability: string): void {
    const key = `${server.version} ${capability}`;
    this.#changes.set(key, (this.#changes.get(key) ?? 0) + 1);
    this.#tellWatchers(key, server, capability);
  }

  /** Tells of changes until the function that it returns is called. */
  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  /** At once, and again later where it was said again since: a server that says it without end does not keep all busy. */
  #tellWatchers(key: string, server: ServerEntry, capability: string): void {
    if (this.#quiet.has(key)) return void this.#quiet.set(key, true);
    this.#quiet.set(key, false);
    for (const watcher of this.#watchers) watcher(server, capability);
    setTimeout(() => {
      const again = this.#quiet.get(key) === true;
      this.#quiet.delete(key);
      if (again) this.#tellWatchers(key, server, capability);
    }, quietFor).unref();
  }

  held(board: Board, bytes: number): void {
    if (board.forgotten) return;
    this.#bytes += bytes;
    for (const [context, oldest] of this.#boards) {
      if (this.#bytes <= this.#mostBytes) return;
      this.#boards.delete(context);
      oldest.forgotten = true;
      this.#bytes -= oldest.bytes;
    }
  }

  /** Bytes held, all boards together. */
  get bytes(): number {
    return this.#bytes;
  }
}

function costOf(shelved: Shelved | undefined): number {
  if (shelved === undefined) return 0;
  const pages = shelved.pages.reduce((sum, { length }) => sum + length, 0);
  return overhead + pages + (shelved.made?.share.bytes.length ?? 0);
}
