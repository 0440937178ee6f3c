// What is behind a merged endpoint: the lists of all servers as one, and which server a name, a URI or a task of it means.
// A server that fails, hangs or lies costs its own entries only: whose a thing is, its name says, and no list.
import { mergedUri, splitMergedTaskId, splitMergedUri } from '@mcpvault/domain/catalog/merged-uri';
import { hasDigest, prefixOf, splitMergedName } from '@mcpvault/domain/catalog/naming';
import { renamed } from '@mcpvault/domain/catalog/rename';
import { Failure } from '@mcpvault/domain/failure';
import type { Edit } from '@mcpvault/domain/redaction/edit';
import { memberAt, type Message } from '@mcpvault/protocol/jsonrpc/message';
import type { Usable } from '../ports.ts';
import type { ModernHeaders } from '../upstream/link.ts';
import type { Conversation } from './conversation.ts';
import type { Core } from './core.ts';
import {
  type ListKind,
  matchesTemplate,
  promptsKind,
  resourcesKind,
  type Share,
  templatesKind,
  toolsKind,
} from './merged-lists.ts';
import type { MergedShares } from './merged-shares.ts';
import { inServersWords } from './merged-words.ts';

/** Which server a request means, and what must change in it besides its target's name. */
export interface Located {
  readonly usable: Usable;
  readonly bareName: string | null;
  readonly routing: readonly Edit[] | null;
}

/** What all servers together list. */
export interface Listed {
  /** By server, in the order of their names. */
  readonly shares: readonly Share[];
  readonly unavailable: readonly Unavailable[];
}

export interface Unavailable {
  readonly server: string;
  /** For people. */
  readonly reason: string;
}

const reason = 'the name that the server itself uses';

export class MergedDirectory {
  readonly #core: Core;
  readonly #conversation: Conversation;
  readonly #shares: MergedShares;
  /** The servers of this caller by the prefix of their names, and what they were found in. */
  #byPrefix: { readonly of: readonly Usable[]; readonly index: ReadonlyMap<string, Usable> } | null = null;

  constructor(core: Core, conversation: Conversation, shares: MergedShares) {
    this.#core = core;
    this.#conversation = conversation;
    this.#shares = shares;
  }

  usable(): readonly Usable[] {
    return this.#core.host.catalog.usable(this.#conversation.caller);
  }

  async list(kind: ListKind, message: Message, modern: ModernHeaders | null): Promise<Listed> {
    const usable = this.usable();
    const parts = this.#shares.all(kind, usable, message, modern);
    const settled = parts instanceof Promise ? await parts : parts;
    const shares: Share[] = [];
    const unavailable: Unavailable[] = [];
    for (const [at, part] of settled.entries()) {
      if (part instanceof Failure) unavailable.push({ server: usable[at]?.server.name ?? '', reason: part.message });
      else if (part.size > 0) shares.push(part);
    }
    return { shares, unavailable };
  }

  /** null when the request means nothing that this caller may use. */
  async locate(message: Message, modern: ModernHeaders | null): Promise<Located | null> {
    const { target, method } = message;
    if (method === 'completion/complete') return this.#reference(message, modern);
    if (target === null || method === null) return null;
    if (method.startsWith('resources/')) return this.#resource(target, message, modern);
    if (method.startsWith('tasks/')) {
      const split = splitMergedTaskId(target);
      const usable = split === null ? null : this.#named(split.server);
      return split === null || usable === null ? null : { usable, bareName: split.task, routing: null };
    }
    const kind = method === 'prompts/get' ? promptsKind : toolsKind;
    const named = await this.#byName(target, kind, message, modern);
    if (named === null) return null;
    const words = inServersWords(message, named.usable.server.name);
    return { ...named, routing: words.length === 0 ? null : words };
  }

  /**
   * The server that a resource belongs to, and what it calls it. A URI that does not say whose it is belongs to the one
   * server that lists it, or a template of it; where several do, the caller has to say which one is meant.
   */
  async ownerOf(
    uri: string,
    message: Message,
    modern: ModernHeaders | null,
  ): Promise<{ readonly usable: Usable; readonly uri: string } | null> {
    const split = splitMergedUri(uri);
    if (split !== null) {
      const usable = this.#named(split.server);
      return usable === null ? null : { usable, uri: split.uri };
    }
    const usable = this.usable();
    const [only] = usable;
    if (usable.length === 1 && only !== undefined) return { usable: only, uri };
    const claimed = await this.#claims(uri, usable, message, modern);
    const [first, second] = claimed;
    if (first === undefined) return null;
    if (second === undefined) return { usable: first, uri };
    const names = claimed.slice(0, 5).map(({ server }) => mergedUri(server.name, uri).slice(0, 300));
    throw new Failure(
      'invalid_params',
      `several servers have this resource; say which one is meant: ${names.join(', ')}`,
    );
  }

  #resource(uri: string, message: Message, modern: ModernHeaders | null): Promise<Located | null> {
    return this.ownerOf(uri, message, modern).then(
      (owner) => owner && { usable: owner.usable, bareName: owner.uri === uri ? null : owner.uri, routing: null },
    );
  }

  /** The servers that say that a URI is theirs: those that said so lately, too, while they are away. */
  async #claims(
    uri: string,
    usable: readonly Usable[],
    message: Message,
    modern: ModernHeaders | null,
  ): Promise<readonly Usable[]> {
    const kinds = [resourcesKind, templatesKind];
    const found = await Promise.all(kinds.map(async (kind) => this.#shares.all(kind, usable, message, modern)));
    return usable.filter((each, at) =>
      found.some((parts, which) => {
        const part = parts[at];
        const kind = kinds[which] ?? resourcesKind;
        const share = part instanceof Failure ? this.#shares.latest(kind, each) : part;
        return share?.keys.some((key) => key === uri || (kind === templatesKind && matchesTemplate(key, uri))) === true;
      }),
    );
  }

  async #byName(
    name: string,
    kind: ListKind,
    message: Message,
    modern: ModernHeaders | null,
  ): Promise<{ readonly usable: Usable; readonly bareName: string } | null> {
    const split = splitMergedName(name);
    const usable = split === null ? undefined : this.#prefixes().get(split.prefix);
    if (split === null || usable === undefined) return null;
    if (hasDigest(name)) {
      const share = await this.#shares.having(kind, usable, (each) => each.placeOf(name) >= 0, message, modern);
      const at = share?.placeOf(name) ?? -1;
      const bareName = at < 0 ? undefined : share?.keys[at];
      return bareName === undefined ? null : { usable, bareName };
    }
    if (kind === toolsKind) await this.#refuseForPagesOnly(split.rest, usable, message, modern);
    return { usable, bareName: split.rest };
  }

  /** A tool for a server's own pages is called where there is nobody else: at the server's own endpoint. */
  async #refuseForPagesOnly(
    tool: string,
    usable: Usable,
    message: Message,
    modern: ModernHeaders | null,
  ): Promise<void> {
    const known = this.#shares.latest(toolsKind, usable);
    const share =
      known ?? (await this.#shares.having(toolsKind, usable, () => true, message, modern).catch(() => null));
    if (share?.kept.has(tool) !== true) return;
    const { name } = usable.server;
    throw new Failure('invalid_params', `${tool} is for the pages of ${name} only; use the endpoint of ${name} itself`);
  }

  async #reference(message: Message, modern: ModernHeaders | null): Promise<Located | null> {
    const ref = message.params === null ? null : memberAt(message.text, message.params, 'ref');
    if (ref === null) return null;
    const name = memberAt(message.text, ref, 'name');
    if (name !== null) {
      const located = await this.#byName(String(message.scalarAt(name)), promptsKind, message, modern);
      if (located === null) return null;
      return { usable: located.usable, bareName: null, routing: [renamed(message, name, located.bareName, reason)] };
    }
    const span = memberAt(message.text, ref, 'uri');
    const uri = span === null ? null : message.scalarAt(span);
    const owner = typeof uri === 'string' ? await this.ownerOf(uri, message, modern) : null;
    if (owner === null || span === null) return null;
    const routing = owner.uri === uri ? null : [renamed(message, span, owner.uri, reason)];
    return { usable: owner.usable, bareName: null, routing };
  }

  #named(server: string): Usable | null {
    return this.#core.host.catalog.byName(this.#conversation.caller, server);
  }

  #prefixes(): ReadonlyMap<string, Usable> {
    const of = this.usable();
    if (this.#byPrefix?.of !== of) {
      this.#byPrefix = { of, index: new Map(of.map((usable) => [prefixOf(usable.server.name), usable])) };
    }
    return this.#byPrefix.index;
  }
}

/** A URI that says whose it is not: the client gets it back like that. */
export function plainUriOf({ method, target }: Message): string | null {
  if (target === null || method?.startsWith('resources/') !== true) return null;
  return splitMergedUri(target) === null ? target : null;
}
