// The links of one merged conversation: opened when first needed, each greeted in the client's name, each failing alone.
import { Failure } from '@mcpvault/domain/failure';
import type { ServerId, ServerVersionId } from '@mcpvault/domain/ids';
import type { Edit } from '@mcpvault/domain/redaction/edit';
import { memberAt, type Message } from '@mcpvault/protocol/jsonrpc/message';
import { latestLegacy } from '@mcpvault/protocol/mcp/revision';
import type { Usable } from '../ports.ts';
import type { Link, Listener } from '../upstream/link.ts';
import type { Conversation } from './conversation.ts';
import type { Core } from './core.ts';
import { callServer, deafSink } from './internal-call.ts';
import type { Traits } from './list-shelf.ts';
import { passingOn } from './passing-on.ts';
import { relayToClient, tellOwn } from './server-message.ts';
import { traitsIn } from './traits-in.ts';

export interface MergedLink {
  readonly usable: Usable;
  readonly link: Link;
  /** What the server declared; null for modern servers, which are simply asked. */
  readonly capabilities: Readonly<Record<string, unknown>> | null;
}

/** Hears what a server says besides answers, and tells what must be changed in it before the client gets it. */
export type Hear = (usable: Usable, message: Message) => readonly Edit[];

const initialized = Buffer.from('{"jsonrpc":"2.0","method":"notifications/initialized"}');

export class MergedLinks {
  readonly #core: Core;
  readonly #conversation: Conversation;
  readonly #hear: Hear;
  readonly #learn: (usable: Usable, traits: Traits) => void;
  readonly #opening = new Map<ServerVersionId, Promise<MergedLink>>();
  readonly #open = new Map<ServerVersionId, MergedLink>();
  #closed = false;
  /** The client's own `initialize`, whose name and capabilities are passed on; null in the modern era. */
  greeting: Message | null = null;
  /** The client's latest `logging/setLevel`, for servers that are opened later. */
  #level: Message | null = null;

  /** `learn` takes what each server says of itself when it is greeted. */
  constructor(core: Core, conversation: Conversation, hear: Hear, learn: (usable: Usable, traits: Traits) => void) {
    this.#core = core;
    this.#conversation = conversation;
    this.#hear = hear;
    this.#learn = learn;
  }

  /** Rejects with a `Failure`. */
  open(usable: Usable): Promise<MergedLink> {
    const { version } = usable.server;
    let link = this.#opening.get(version);
    if (link === undefined) {
      link = this.#connect(usable);
      this.#opening.set(version, link);
      link.catch(() => this.#opening.delete(version));
    }
    return link;
  }

  opened(): readonly MergedLink[] {
    return [...this.#open.values()];
  }

  /** Whether what the server says unasked is heard here. */
  isOpen(version: ServerVersionId): boolean {
    return this.#open.has(version);
  }

  listen(): void {
    for (const { link } of this.#open.values()) link.listen();
  }

  setLevel(message: Message): void {
    this.#level = message;
    for (const merged of this.#open.values()) this.#passLevel(merged, message);
  }

  drop(server: ServerId): void {
    for (const [version, { usable, link }] of this.#open) {
      if (usable.server.id !== server) continue;
      this.lost(version);
      link.close();
    }
  }

  /** The link of a version is of no use any more; the next call opens another. */
  lost(version: ServerVersionId): void {
    this.#opening.delete(version);
    this.#open.delete(version);
  }

  close(): void {
    this.#closed = true;
    for (const { link } of this.#open.values()) link.close();
    this.#open.clear();
    this.#opening.clear();
  }

  async #connect(usable: Usable): Promise<MergedLink> {
    const { caller, id, era, isListening } = this.#conversation;
    const listener = new MergedListener(this.#core, this.#conversation, this, usable, this.#hear);
    const link = await this.#core.bridge.open(usable.server, { caller, conversation: id, era }, listener);
    listener.link = link;
    try {
      const capabilities = era === 'modern' ? null : await this.#greet(usable, link);
      if (this.#closed) throw new Failure('cancelled', 'the session has ended');
      const opened: MergedLink = { usable, link, capabilities };
      this.#open.set(usable.server.version, opened);
      if (isListening) link.listen();
      if (this.#level !== null) this.#passLevel(opened, this.#level);
      return opened;
    } catch (error) {
      link.close();
      throw error;
    }
  }

  async #greet(usable: Usable, link: Link): Promise<Readonly<Record<string, unknown>>> {
    const protocol = JSON.stringify(this.#conversation.protocol ?? latestLegacy);
    const capabilities = this.#greeted('capabilities') ?? '{}';
    const clientInfo = this.#greeted('clientInfo') ?? '{"name":"mcpvault","version":"0.1.0"}';
    const answer = await callServer({
      link,
      method: 'initialize',
      params: `{"protocolVersion":${protocol},"capabilities":${capabilities},"clientInfo":${clientInfo}}`,
      passingOn: passingOn(this.#core, this.#conversation, usable),
      modern: null,
      patience: this.#core.settings.connectTimeout,
      server: usable.server.name,
    });
    await new Promise<void>((resolve) => tellOwn(link, initialized, resolve));
    const traits = traitsIn(this.#core, this.#conversation, usable, answer);
    this.#learn(usable, traits);
    return traits.capabilities;
  }

  /** What the client said of itself, as it wrote it. */
  #greeted(name: string): string | null {
    const { greeting } = this;
    const span = greeting === null || greeting.params === null ? null : memberAt(greeting.text, greeting.params, name);
    return greeting === null || span === null ? null : greeting.textAt(span);
  }

  #passLevel({ usable, link, capabilities }: MergedLink, message: Message): void {
    if (capabilities?.['logging'] === undefined) return;
    try {
      const edits = passingOn(this.#core, this.#conversation, usable)(message);
      link.call({ message, edits }, null, deafSink);
    } catch (error) {
      // A server that may not hear it keeps its own level.
      if (!(error instanceof Failure)) throw error;
    }
  }
}

/** Hears what one server of a merged conversation says unasked. */
class MergedListener implements Listener {
  readonly #core: Core;
  readonly #conversation: Conversation;
  readonly #links: MergedLinks;
  readonly #usable: Usable;
  readonly #hear: Hear;
  link: Link | null = null;

  constructor(core: Core, conversation: Conversation, links: MergedLinks, usable: Usable, hear: Hear) {
    this.#core = core;
    this.#conversation = conversation;
    this.#links = links;
    this.#usable = usable;
    this.#hear = hear;
  }

  unsolicited(message: Message): void {
    const conversation = this.#conversation;
    const usable = this.#core.host.catalog.byName(conversation.caller, this.#usable.server.name);
    if (usable === null || this.link === null) return;
    const reworded = (said: Message): readonly Edit[] => this.#hear(usable, said);
    const about = { core: this.#core, conversation, usable, reworded };
    relayToClient(about, this.link, message, (data) => conversation.say(data));
  }

  lost(): void {
    this.#links.lost(this.#usable.server.version);
  }
}
