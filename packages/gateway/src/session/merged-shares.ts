// Each server's share of a list, for one conversation: from the board where it still holds, otherwise from the server, all
// servers side by side. Nobody waits long for a server that is slow; what it lists in the end is told of as a change.
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import type { ServerVersionId } from '@mcpvault/domain/ids';
import { Failure } from '@mcpvault/domain/failure';
import { apply } from '@mcpvault/domain/redaction/apply';
import { MalformedMessage, type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import type { Usable } from '../ports.ts';
import type { ModernHeaders } from '../upstream/link.ts';
import type { Conversation } from './conversation.ts';
import type { Core } from './core.ts';
import { listAll } from './internal-call.ts';
import type { Board, Flight, Shelved, Traits } from './list-shelf.ts';
import { authorizationContext } from './authorization-context.ts';
import type { MergedLinks } from './merged-links.ts';
import { type ListKind, type Share, shareOf } from './merged-lists.ts';
import { passingOn } from './passing-on.ts';
import { freshFor } from './fresh-for.ts';

/** A list waits this long for each server, and this long for one that let the last list wait in vain. Milliseconds. */
const listPatience = { first: 5_000, again: 250 };
/** A server gets this long for each page before it counts as failed. Milliseconds. */
const pagePatience = 10_000;

type Part = Share | Failure;

export class MergedShares {
  readonly #core: Core;
  readonly #conversation: Conversation;
  readonly #links: MergedLinks;
  /** Servers that said in this conversation that a list had changed: from then on it has lists of its own. */
  readonly #apart = new Set<ServerVersionId>();
  readonly #begun = new Set<Promise<unknown>>();
  /** What tells of the client: see `authorizationContext`. */
  opening: Message | null = null;

  /** Ends telling the client of changes; null while it has listed nothing. */
  #unwatch: (() => void) | null = null;

  constructor(core: Core, conversation: Conversation, links: MergedLinks) {
    this.#core = core;
    this.#conversation = conversation;
    this.#links = links;
  }

  close(): void {
    this.#unwatch?.();
    this.#unwatch = null;
  }

  /** One part for each of `usable`, at once where all are at hand. */
  all(
    kind: ListKind,
    usable: readonly Usable[],
    message: Message,
    modern: ModernHeaders | null,
  ): readonly Part[] | Promise<readonly Part[]> {
    if (modern === null) this.#unwatch ??= this.#core.lists.watch((server, of) => this.#changedElsewhere(server, of));
    const parts = usable.map((each) => this.#part(kind, each, message, modern));
    return parts.every((part): part is Part => !(part instanceof Promise))
      ? parts
      : Promise.all(parts.map(async (part) => part));
  }

  /** What a server listed last, however long ago; null when nothing is known. */
  latest(kind: ListKind, usable: Usable): Share | null {
    const board = this.#boardOf(usable.server.version);
    const shelved = board.find(usable.server.version, kind);
    const part = shelved === null ? null : this.#made(board, shelved, kind, usable);
    return part instanceof Failure ? null : part;
  }

  /** A server's share that fits: the latest, or else a new one, whether that fits or not. Rejects with a `Failure`. */
  async having(
    kind: ListKind,
    usable: Usable,
    fits: (share: Share) => boolean,
    message: Message,
    modern: ModernHeaders | null,
  ): Promise<Share> {
    const latest = this.latest(kind, usable);
    if (latest !== null && fits(latest)) return latest;
    const part = await this.#part(kind, usable, message, modern);
    if (part instanceof Failure) throw part;
    return part;
  }

  /** The server said that one of its lists has changed. */
  changed({ server }: Usable, method: string): void {
    const capability = /^notifications\/(tools|prompts|resources)\/list_changed$/.exec(method)?.[1];
    if (capability === undefined) return;
    this.#core.lists.changed(server, capability);
    // Sessions of its own may differ from each other.
    if (this.#conversation.era === 'legacy') this.#apart.add(server.version);
  }

  /** All of a list in one piece, kept for the next time. `assemble` puts it together. */
  whole(kind: ListKind, shares: readonly Share[], assemble: () => Buffer): Buffer {
    const board = this.#core.lists.board(authorizationContext(this.#conversation, this.opening));
    const known = board.assembled(kind, shares);
    if (known !== null) return known.bytes;
    const bytes = assemble();
    if (shares.length > 1) board.keep(kind, { shares, bytes });
    return bytes;
  }

  /** What this conversation began, and is not to be cut off when the conversation is over. */
  track(work: Promise<unknown>): void {
    const begun = work.catch(() => undefined).finally(() => this.#begun.delete(begun));
    this.#begun.add(begun);
  }

  /** Calls back once nothing is under way any more that this conversation began: at once where nothing is. */
  whenSettled(then: () => void): void {
    if (this.#begun.size === 0) return then();
    void Promise.allSettled(this.#begun).then(then);
  }

  /** What a server said of itself; null when nobody greeted it yet. */
  traits({ server }: Usable): Traits | null {
    return this.#boardOf(server.version).traits.get(server.version) ?? null;
  }

  /** Whether the server let an opening wait in vain. */
  isSilent({ server }: Usable): boolean {
    return this.#boardOf(server.version).silent.has(server.version);
  }

  noteSilent({ server }: Usable): void {
    this.#boardOf(server.version).silent.add(server.version);
  }

  learnTraits({ server }: Usable, traits: Traits): void {
    this.#boardOf(server.version).traits.set(server.version, traits);
  }

  #part(kind: ListKind, usable: Usable, message: Message, modern: ModernHeaders | null): Part | Promise<Part> {
    const { version } = usable.server;
    const board = this.#boardOf(version);
    const shelved = board.find(version, kind);
    if (shelved !== null && this.#core.lists.isFresh(shelved, version, kind)) {
      return this.#made(board, shelved, kind, usable);
    }
    return this.#awaited(board, kind, usable, message, modern);
  }

  async #awaited(
    board: Board,
    kind: ListKind,
    usable: Usable,
    message: Message,
    modern: ModernHeaders | null,
  ): Promise<Part> {
    const { name } = usable.server;
    for (;;) {
      const key = `${usable.server.version} ${kind.member}`;
      const joined = board.flights.get(key);
      const flight = joined ?? this.#depart(board, key, kind, usable, message, modern);
      try {
        const shelved = await this.#inTime(board, flight, kind, usable);
        return this.#made(board, shelved, kind, usable);
      } catch (error) {
        const failure = asFailure(error, name);
        // Whoever began it has left; that says nothing about the server.
        if (failure.code === 'cancelled' && joined !== undefined && !this.#conversation.ended) continue;
        return failure;
      }
    }
  }

  #depart(
    board: Board,
    key: string,
    kind: ListKind,
    usable: Usable,
    message: Message,
    modern: ModernHeaders | null,
  ): Flight {
    const { setbacks, health, host } = this.#core;
    const { server } = usable;
    const work = setbacks
      .attempt(server.version, () => this.#fetch(kind, usable, message, modern))
      .then(
        (shelved) => {
          health.answered(server.id);
          board.slow.delete(server.version);
          board.put(server.version, kind, shelved);
          return shelved;
        },
        (error: unknown) => {
          const failure = asFailure(error, server.name);
          if (failure.code.startsWith('upstream')) health.failed(server.id, failure.message);
          throw failure;
        },
      )
      .finally(() => board.flights.delete(key));
    const flight = { work, began: host.ambient.clock.now() };
    board.flights.set(key, flight);
    this.track(work);
    return flight;
  }

  async #fetch(kind: ListKind, usable: Usable, message: Message, modern: ModernHeaders | null): Promise<Shelved> {
    const { lists, host } = this.#core;
    const { server } = usable;
    const changes = lists.changes(server.version, kind);
    const { link, capabilities } = await this.#links.open(usable);
    const now = host.ambient.clock.now();
    const isOffered = capabilities === null || offers(capabilities, kind);
    const { meta } = message.marks;
    const call = {
      link,
      method: kind.method,
      modern,
      patience: pagePatience,
      server: server.name,
      passingOn: passingOn(this.#core, this.#conversation, usable),
    };
    const pages = isOffered
      ? await listAll(call, modern === null || meta === null ? null : message.textAt(meta)).catch(notOffered)
      : [];
    const until = now + freshFor(kind, pages, capabilities);
    return { pages: pages.map(({ raw }) => raw), until, changes, made: null };
  }

  /** Waits as long as a list may wait for one server. */
  async #inTime(board: Board, { work, began }: Flight, kind: ListKind, usable: Usable): Promise<Shelved> {
    const { server } = usable;
    const { connectTimeout } = this.#core.settings;
    const most = board.slow.has(server.version) ? listPatience.again : Math.min(listPatience.first, connectTimeout);
    const left = began + most - this.#core.host.ambient.clock.now();
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => {
        board.slow.add(server.version);
        void work.then(
          () => this.#tell(kind.capability),
          () => undefined,
        );
        reject(
          new Failure('upstream_timeout', `the server "${server.name}" did not answer in time; it is still waited for`),
        );
      },
      Math.max(0, left),
    );
    try {
      return await Promise.race([work, promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Another conversation heard it. A client whose list came from the board has no link on which it would hear it itself. */
  #changedElsewhere({ name, version }: ServerEntry, capability: string): void {
    if (this.#links.isOpen(version)) return;
    try {
      const usable = this.#core.host.catalog.byName(this.#conversation.caller, name);
      if (usable?.server.version === version) this.#tell(capability);
    } catch (error) {
      // Nobody knows now what this caller may use.
      if (!(error instanceof Failure)) throw error;
    }
  }

  /** The list that went out is not the whole any more. */
  #tell(capability: string): void {
    if (this.#conversation.ended || capability === 'tasks') return;
    const method = `notifications/${capability}/list_changed`;
    this.#conversation.say(Buffer.from(`{"jsonrpc":"2.0","method":"${method}"}`));
  }

  /** A list as this caller may see it. */
  #made(board: Board, shelved: Shelved, kind: ListKind, usable: Usable): Part {
    const { judge, host, settings } = this.#core;
    const { caller, address, client, endpoint } = this.#conversation;
    const { reach, server } = usable;
    const by = [host.policies(caller.organization), reach, server.name];
    const { made } = shelved;
    if (made !== null && !reach.changes && made.by.every((each, at) => each === by[at])) return made.share;
    const limits = { maxDepth: settings.maxDepth, check: 'structure' } as const;
    try {
      const pages = shelved.pages.map((raw) => {
        const page = parseMessage(raw, limits);
        const conversation = this.#conversation;
        const verdict = judge.result(page, requestFor(kind), {
          conversation,
          caller,
          address,
          client,
          endpoint,
          usable,
        });
        if (verdict.refusal !== null) throw new Failure(verdict.refusal.code, verdict.refusal.reason);
        return verdict.edits.length === 0 ? page : parseMessage(apply(page.raw, verdict.edits), limits);
      });
      const share = shareOf(kind, usable.server.name, pages);
      board.made(shelved, share, by);
      return share;
    } catch (error) {
      return asFailure(error, usable.server.name);
    }
  }

  #boardOf(version: ServerVersionId): Board {
    const context = authorizationContext(this.#conversation, this.opening);
    return this.#core.lists.board(this.#apart.has(version) ? `${context} ${this.#conversation.id}` : context);
  }
}

/** Whether a server that declared these has a list. */
function offers(capabilities: Readonly<Record<string, unknown>>, { capability }: ListKind): boolean {
  const declared = capabilities[capability];
  if (capability !== 'tasks') return declared !== undefined;
  return typeof declared === 'object' && declared !== null && 'list' in declared;
}

/** The request that a page answers, as far as the pipeline asks about it. */
function requestFor({ method }: ListKind): Message {
  const raw = Buffer.from(`{"jsonrpc":"2.0","id":"mcpvault","method":"${method}"}`);
  return parseMessage(raw, { maxDepth: 2, check: 'structure' });
}

function asFailure(error: unknown, server: string): Failure {
  if (error instanceof Failure) return error;
  if (!(error instanceof MalformedMessage)) throw error;
  return new Failure('upstream_invalid', `the server "${server}" sent a list that cannot be read: ${error.message}`);
}

/** A server that does not know a list has nothing on it. */
function notOffered(error: unknown): Message[] {
  if (error instanceof Failure && error.details?.['rpc'] === -32601) return [];
  throw error;
}
