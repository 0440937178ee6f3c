// What is behind a merged endpoint: the lists of all servers as one, and which server a name or URI of it means. A server
// that fails or hangs costs its own entries only.
import { hasDigest, prefixOf, splitMergedName } from '@mcpvault/domain/catalog/naming';
import { Failure } from '@mcpvault/domain/failure';
import { apply } from '@mcpvault/domain/redaction/apply';
import type { Edit } from '@mcpvault/domain/redaction/edit';
import { MalformedMessage, memberAt, type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import type { Usable } from '../ports.ts';
import type { ModernHeaders } from '../upstream/link.ts';
import type { Conversation } from './conversation.ts';
import type { Core } from './core.ts';
import { listAll } from './internal-call.ts';
import type { MergedLinks } from './merged-links.ts';
import { elementsOf, type ListElement, type ListKind, listKinds, matchesTemplate } from './merged-lists.ts';
import { passingOn } from './passing-on.ts';
import { splice } from './server-message.ts';
import { urisIn } from './uris-in.ts';

/** A server gets this long for its part of a list before the others are shown without it. Milliseconds. */
const partPatience = 10_000;
/** Of URIs that a conversation remembers the owner of. */
const mostUris = 20_000;
/** Of names with a digest that a conversation remembers. */
const mostNames = 20_000;

export interface MergedList {
  /** JSON texts. */
  readonly elements: readonly string[];
  readonly unavailable: readonly { readonly server: string; readonly reason: string }[];
}

/** Which server a request means, and what must change in it besides its target's name. */
export interface Located {
  readonly usable: Usable;
  readonly bareName: string | null;
  readonly routing: readonly Edit[] | null;
}

interface Part {
  readonly usable: Usable;
  readonly elements: readonly ListElement[];
  readonly failure: Failure | null;
}

export class MergedDirectory {
  readonly #core: Core;
  readonly #conversation: Conversation;
  readonly #links: MergedLinks;
  /** What names with a digest stand for. */
  readonly #digests = new Map<string, { readonly server: string; readonly key: string }>();
  /** URIs and templates seen, and whose they are. */
  readonly #uris = new Map<string, string>();
  readonly #templates = new Map<string, string>();
  /** A modern message has a directory to itself, and asks once for all of the URIs that it names. */
  #lookedForUris: Promise<void> | null = null;

  constructor(core: Core, conversation: Conversation, links: MergedLinks) {
    this.#core = core;
    this.#conversation = conversation;
    this.#links = links;
  }

  usable(): readonly Usable[] {
    return this.#core.host.catalog.usable(this.#conversation.caller);
  }

  async list(kind: ListKind, message: Message, modern: ModernHeaders | null): Promise<MergedList> {
    const parts = await this.#parts(kind, message, modern);
    const seen = new Map<string, string>();
    for (const { elements } of parts)
      for (const { shown, text } of elements) if (!seen.has(shown)) seen.set(shown, text);
    const unavailable = parts.flatMap(({ usable, failure }) =>
      failure === null ? [] : [{ server: usable.server.name, reason: failure.message }],
    );
    return { elements: [...seen.values()], unavailable };
  }

  /** null when the request means nothing that this caller may use. */
  async locate(message: Message, modern: ModernHeaders | null): Promise<Located | null> {
    if (message.method === 'completion/complete') return this.#reference(message, modern);
    const { target } = message;
    if (target === null) return null;
    if (message.method?.startsWith('resources/') === true) {
      const usable = await this.ownerOf(target, message, modern);
      return usable === null ? null : { usable, bareName: null, routing: null };
    }
    const named = await this.#byName(target, message.method === 'prompts/get' ? 'prompts' : 'tools', message, modern);
    return named === null ? null : { ...named, routing: null };
  }

  /** The server that a resource belongs to. Asks all of them for their resources when nobody knows. */
  async ownerOf(uri: string, message: Message, modern: ModernHeaders | null): Promise<Usable | null> {
    const known = this.#knownOwner(uri);
    if (known !== null) return known;
    const look = () => this.#lookForUris(message, modern);
    await (modern === null ? look() : (this.#lookedForUris ??= look()));
    const usable = this.usable();
    const [only] = usable;
    return this.#knownOwner(uri) ?? (usable.length === 1 && only !== undefined ? only : null);
  }

  async #lookForUris(message: Message, modern: ModernHeaders | null): Promise<void> {
    const withUris = listKinds.filter(({ capability }) => capability === 'resources');
    await Promise.all(withUris.map((kind) => this.#parts(kind, message, modern)));
  }

  /** Notes whose the resources are that an answer speaks of: not every resource is listed. */
  learn({ server }: Usable, answer: Message): void {
    try {
      for (const uri of urisIn(answer)) this.#own(this.#uris, uri, server.name);
    } catch (error) {
      // An answer that is no JSON inside speaks of nothing.
      if (!(error instanceof MalformedMessage)) throw error;
    }
  }

  /** Of two servers with the same URI the first by name has it, in the list as in what follows from it. */
  async #parts(kind: ListKind, message: Message, modern: ModernHeaders | null): Promise<readonly Part[]> {
    const parts = await Promise.all(this.usable().map((usable) => this.#part(kind, message, usable, modern)));
    for (const { usable, elements } of parts) this.#note(kind, usable.server.name, elements);
    return parts;
  }

  async #part(kind: ListKind, message: Message, usable: Usable, modern: ModernHeaders | null): Promise<Part> {
    const { server } = usable;
    try {
      const elements = await this.#core.setbacks.attempt(server.version, () =>
        inTime(this.#elements(kind, message, usable, modern), server.name),
      );
      this.#core.health.answered(server.id);
      return { usable, elements, failure: null };
    } catch (error) {
      const failure = asFailure(error, server.name);
      if (failure.code.startsWith('upstream')) this.#core.health.failed(server.id, failure.message);
      return { usable, elements: [], failure };
    }
  }

  async #elements(
    kind: ListKind,
    message: Message,
    usable: Usable,
    modern: ModernHeaders | null,
  ): Promise<ListElement[]> {
    const { server } = usable;
    if (modern !== null && !(await this.#core.speaksModern(server))) {
      const text = `${server.name} speaks a revision before 2026-07-28 only; clients reach it with initialize`;
      throw new Failure('unsupported_pairing', text);
    }
    const { link, capabilities } = await this.#links.open(usable);
    if (capabilities !== null && capabilities[kind.capability] === undefined) return [];
    const call = {
      link,
      method: kind.method,
      modern,
      patience: partPatience,
      server: server.name,
      passingOn: passingOn(this.#core, this.#conversation, usable),
    };
    const { meta } = message.marks;
    const pages = await listAll(call, modern === null || meta === null ? null : message.textAt(meta)).catch(notOffered);
    return pages.flatMap((page) => elementsOf(kind, server.name, this.#judged(kind, page, usable)));
  }

  /** A page as this caller may see it. */
  #judged(kind: ListKind, page: Message, usable: Usable): Message {
    const { caller, endpoint } = this.#conversation;
    const verdict = this.#core.judge.result(page, requestFor(kind), { caller, endpoint, usable });
    if (verdict.refusal !== null) throw new Failure(verdict.refusal.code, verdict.refusal.reason);
    if (verdict.edits.length === 0) return page;
    return parseMessage(apply(page.raw, verdict.edits), { maxDepth: this.#core.settings.maxDepth, check: 'structure' });
  }

  #note(kind: ListKind, server: string, elements: readonly ListElement[]): void {
    for (const { key, shown } of elements) {
      if (kind.key !== 'name') this.#own(kind.key === 'uri' ? this.#uris : this.#templates, key, server);
      else if (hasDigest(shown) && this.#digests.size < mostNames) this.#digests.set(shown, { server, key });
    }
  }

  #own(owners: Map<string, string>, key: string, server: string): void {
    if (!owners.has(key) && owners.size < mostUris) owners.set(key, server);
  }

  async #byName(
    name: string,
    list: 'tools' | 'prompts',
    message: Message,
    modern: ModernHeaders | null,
  ): Promise<{ readonly usable: Usable; readonly bareName: string } | null> {
    const split = splitMergedName(name);
    const usable = split && this.usable().find((each) => prefixOf(each.server.name) === split.prefix);
    if (split === null || usable == null) return null;
    if (!hasDigest(name)) return { usable, bareName: split.rest };
    const kind = listKinds.find((each) => each.capability === list);
    if (!this.#digests.has(name) && kind !== undefined) {
      const { elements } = await this.#part(kind, message, usable, modern);
      this.#note(kind, usable.server.name, elements);
    }
    const known = this.#digests.get(name);
    return known?.server === usable.server.name ? { usable, bareName: known.key } : null;
  }

  async #reference(message: Message, modern: ModernHeaders | null): Promise<Located | null> {
    const ref = message.params === null ? null : memberAt(message.text, message.params, 'ref');
    if (ref === null) return null;
    const name = memberAt(message.text, ref, 'name');
    if (name !== null) {
      const located = await this.#byName(String(message.valueAt(name)), 'prompts', message, modern);
      if (located === null) return null;
      const routing = [splice(name, JSON.stringify(located.bareName))];
      return { usable: located.usable, bareName: null, routing };
    }
    const uri = memberAt(message.text, ref, 'uri');
    const usable = uri === null ? null : await this.ownerOf(String(message.valueAt(uri)), message, modern);
    return usable === null ? null : { usable, bareName: null, routing: null };
  }

  #knownOwner(uri: string): Usable | null {
    const server = this.#uris.get(uri) ?? this.#templates.get(uri) ?? this.#byTemplate(uri);
    return this.usable().find((each) => each.server.name === server) ?? null;
  }

  #byTemplate(uri: string): string | null {
    for (const [template, server] of this.#templates) if (matchesTemplate(template, uri)) return server;
    return null;
  }
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

async function inTime<T>(work: Promise<T>, server: string): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const seconds = partPatience / 1000;
    reject(new Failure('upstream_timeout', `the server "${server}" did not answer within ${seconds} seconds`));
  }, partPatience);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
