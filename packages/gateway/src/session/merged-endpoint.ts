// Every server the caller may use behind one URL. Names carry their server's prefix; a server that fails costs its own
// entries only, and is named as unavailable with its reason.
import { prefixOf, splitMergedName } from '@mcpvault/domain/catalog/naming';
import { Failure } from '@mcpvault/domain/failure';
import { apply } from '@mcpvault/domain/redaction/apply';
import type { Edit } from '@mcpvault/domain/redaction/edit';
import { memberAt, type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import { latestLegacy, latestModern, legacyRevisions } from '@mcpvault/protocol/mcp/revision';
import { failureError, rpcError, statusOf } from '../downstream/rpc-error.ts';
import type { Usable } from '../ports.ts';
import type { ModernHeaders } from '../upstream/link.ts';
import { ClientCall } from './client-call.ts';
import type { Conversation, Outlet } from './conversation.ts';
import type { Core } from './core.ts';
import type { Endpoint } from './endpoint.ts';
import { listAll } from './internal-call.ts';
import { createMergedLinks, type MergedLink } from './merged-links.ts';
import { elementsOf, type ListKind, listKinds, matchesTemplate } from './merged-lists.ts';
import { tellServer } from './server-message.ts';
import { answerPing, patienceFor } from './single-endpoint.ts';

/** A server gets this long for its part of a list before the others are shown without it. Milliseconds. */
const partPatience = 10_000;
const capabilities = {
  tools: { listChanged: true },
  prompts: { listChanged: true },
  resources: { listChanged: true, subscribe: true },
  completions: {},
  logging: {},
};
const serverInfo = { name: 'mcpvault', title: 'MCPVault', version: '0.1.0' };

interface Part {
  readonly usable: Usable;
  readonly elements: ReturnType<typeof elementsOf>;
  readonly failure: Failure | null;
}

interface Located {
  readonly usable: Usable;
  readonly bareName: string | null;
  readonly routing?: readonly Edit[];
}

export function createMergedEndpoint(core: Core, conversation: Conversation): Endpoint {
  return new MergedEndpoint(core, conversation);
}

class MergedEndpoint implements Endpoint {
  readonly #core: Core;
  readonly #conversation: Conversation;
  readonly #links: ReturnType<typeof createMergedLinks>;
  #greeting: Message | null = null;
  /** Shortened names and resource URIs seen in lists, and whose they are. */
  readonly #owners = new Map<string, { readonly server: string; readonly key: string }>();
  readonly #templates = new Map<string, string>();

  constructor(core: Core, conversation: Conversation) {
    this.#core = core;
    this.#conversation = conversation;
    this.#links = createMergedLinks(core, conversation, () => this.#greeting);
  }

  request(message: Message, outlet: Outlet, modern: ModernHeaders | null): void {
    const kind = listKinds.find((each) => each.method === message.method);
    if (kind !== undefined) return this.#settle(this.#list(kind, message, outlet, modern), message, outlet);
    switch (message.method) {
      case 'ping':
        if (modern !== null) break;
        return answerPing(message, outlet);
      case 'initialize':
        return this.#initialize(message, outlet);
      case 'server/discover':
        if (modern === null) break;
        return this.#local(message, outlet, {
          supportedVersions: [latestModern],
          capabilities,
          instructions: this.#instructions(),
          ...modernMarks,
        });
      case 'logging/setLevel':
        if (modern !== null) break;
        return this.#settle(this.#setLevel(message, outlet), message, outlet);
      case 'tools/call':
      case 'prompts/get':
      case 'resources/read':
      case 'resources/subscribe':
      case 'resources/unsubscribe':
      case 'completion/complete':
        return this.#settle(this.#route(message, outlet, modern), message, outlet);
    }
    const failure = new Failure(
      'method_not_found',
      `the merged endpoint does not know the method ${(message.method ?? '').slice(0, 100)}`,
    );
    outlet.answer(failureError(message, failure), this.#conversation.era === 'modern' ? 404 : 200);
  }

  notification(message: Message): Failure | null {
    if (message.method === 'notifications/initialized') return null;
    for (const { link, usable } of this.#links.opened())
      tellServer(this.#core, this.#conversation, usable, message, () => link);
    return null;
  }

  listen(): void {
    for (const { link } of this.#links.opened()) link.listen();
  }

  close(): void {
    this.#links.close();
  }

  #initialize(message: Message, outlet: Outlet): void {
    this.#greeting = message;
    const params = message.json['params'] as { protocolVersion?: unknown } | undefined;
    const wanted = legacyRevisions.find((revision) => revision === params?.protocolVersion);
    this.#conversation.protocol = wanted ?? latestLegacy;
    const result = {
      protocolVersion: this.#conversation.protocol,
      capabilities,
      serverInfo,
      instructions: this.#instructions(),
    };
    this.#local(message, outlet, result);
  }

  #instructions(): string {
    const names = this.#usable().map((usable) => usable.server.name);
    if (names.length === 0) return 'No servers are granted to you yet. Ask an admin of MCPVault for a grant.';
    return `Tools and prompts of several servers, each named <server>__<name>. Servers: ${names.join(', ')}.`;
  }

  async #setLevel(message: Message, outlet: Outlet): Promise<void> {
    for (const { link, capabilities: declared } of this.#links.opened()) {
      if (declared?.['logging'] !== undefined) {
        link.call({ message, edits: [] }, null, {
          related() {},
          answer() {},
          fail() {},
          hasRoom: () => true,
          onRoom() {},
        });
      }
    }
    this.#local(message, outlet, {});
  }

  async #list(kind: ListKind, message: Message, outlet: Outlet, modern: ModernHeaders | null): Promise<void> {
    const parts = await Promise.all(this.#usable().map((usable) => this.#part(kind, message, usable, modern)));
    const seen = new Set<string>();
    const texts: string[] = [];
    for (const { usable, elements } of parts) {
      for (const element of elements) {
        if (seen.has(element.shown)) continue;
        seen.add(element.shown);
        texts.push(element.text);
        this.#owners.set(element.shown, { server: usable.server.name, key: element.key });
        if (kind.key === 'uriTemplate') this.#templates.set(element.key, usable.server.name);
      }
    }
    const unavailable = parts.flatMap(({ usable, failure }) =>
      failure === null ? [] : [{ server: usable.server.name, reason: failure.message }],
    );
    const meta: Record<string, unknown> = {};
    if (unavailable.length > 0) meta['io.mcpvault/unavailable'] = unavailable;
    const rest = JSON.stringify({
      ...(modern === null ? {} : modernMarks),
      _meta: { ...(modern === null ? {} : modernMarks._meta), ...meta },
    });
    this.#write(message, outlet, `{"${kind.member}":[${texts.join(',')}],${rest.slice(1)}`);
  }

  async #part(kind: ListKind, message: Message, usable: Usable, modern: ModernHeaders | null): Promise<Part> {
    try {
      const merged = await withPatience(this.#links.open(usable), usable.server.name);
      if (merged.capabilities !== null && merged.capabilities[kind.capability] === undefined) {
        return { usable, elements: [], failure: null };
      }
      const call = {
        link: merged.link,
        method: kind.method,
        modern,
        patience: partPatience,
        server: usable.server.name,
      };
      const pages = await listAll(call, modern === null ? null : metaText(message));
      return {
        usable,
        elements: pages.flatMap((page) => elementsOf(kind, usable.server.name, this.#judged(page, message, usable))),
        failure: null,
      };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.details?.['rpc'] === -32601) return { usable, elements: [], failure: null };
      this.#core.host.observed(usable.server.id, { ready: false, reason: error.message });
      return { usable, elements: [], failure: error };
    }
  }

  /** A page as this caller may see it. */
  #judged(page: Message, request: Message, usable: Usable): Message {
    const { caller, endpoint } = this.#conversation;
    const verdict = this.#core.judge.result(page, request, { caller, endpoint, usable });
    if (verdict.refusal !== null) throw new Failure(verdict.refusal.code, verdict.refusal.reason);
    if (verdict.edits.length === 0) return page;
    return parseMessage(apply(page.raw, verdict.edits), { maxDepth: this.#core.settings.maxDepth, check: 'structure' });
  }

  async #route(message: Message, outlet: Outlet, modern: ModernHeaders | null): Promise<void> {
    const located = await this.#locate(message, modern);
    const opened =
      located === null ? null : await this.#links.open(located.usable).catch((error: unknown) => asFailure(error));
    new ClientCall({
      core: this.#core,
      conversation: this.#conversation,
      usable: located?.usable ?? null,
      message,
      bareName: located?.bareName ?? null,
      modern,
      outlet,
      routing: located?.routing,
      link: () => {
        if (opened === null) throw new Failure('internal', 'a call without a server was let through');
        if (opened instanceof Failure) throw opened;
        return opened.link;
      },
      finished: modern === null ? undefined : () => this.close(),
      patience: patienceFor(message, this.#core),
    }).begin();
  }

  async #locate(message: Message, modern: ModernHeaders | null): Promise<Located | null> {
    if (message.method === 'completion/complete') return this.#locateReference(message, modern);
    const target = message.target;
    if (target === null) return null;
    if (message.method?.startsWith('resources/') === true) {
      const usable = await this.#ownerOf(target, message, modern);
      return usable === null ? null : { usable, bareName: null };
    }
    const kind = message.method === 'prompts/get' ? 'prompts/list' : 'tools/list';
    return this.#byName(target, kind, message, modern);
  }

  async #byName(name: string, list: string, message: Message, modern: ModernHeaders | null): Promise<Located | null> {
    const split = splitMergedName(name);
    const usable =
      split === null ? undefined : this.#usable().find((each) => prefixOf(each.server.name) === split.prefix);
    if (usable === undefined || split === null) return null;
    if (!/_[0-9a-f]{8}$/.test(name)) return { usable, bareName: split.rest };
    let known = this.#owners.get(name);
    if (known === undefined) {
      const kind = listKinds.find((each) => each.method === list);
      const part = kind === undefined ? null : await this.#part(kind, message, usable, modern);
      for (const element of part?.elements ?? [])
        this.#owners.set(element.shown, { server: usable.server.name, key: element.key });
      known = this.#owners.get(name);
    }
    return { usable, bareName: known?.server === usable.server.name ? known.key : split.rest };
  }

  async #locateReference(message: Message, modern: ModernHeaders | null): Promise<Located | null> {
    if (message.params === null) return null;
    const ref = memberAt(message.text, message.params, 'ref');
    if (ref === null) return null;
    const name = memberAt(message.text, ref, 'name');
    if (name !== null) {
      const located = await this.#byName(String(message.valueAt(name)), 'prompts/list', message, modern);
      if (located === null) return null;
      const replacement = JSON.stringify(located.bareName);
      const reason = `on ${located.usable.server.name} it is called that`;
      const edit: Edit = { ...name, replacement, layer: 'hub', policy: null, reason, detector: null };
      return { usable: located.usable, bareName: null, routing: [edit] };
    }
    const uri = memberAt(message.text, ref, 'uri');
    const usable = uri === null ? null : await this.#ownerOf(String(message.valueAt(uri)), message, modern);
    return usable === null ? null : { usable, bareName: null };
  }

  async #ownerOf(uri: string, message: Message, modern: ModernHeaders | null): Promise<Usable | null> {
    const find = (): Usable | null => {
      const server = this.#owners.get(uri)?.server ?? this.#templateOwner(uri);
      return this.#usable().find((each) => each.server.name === server) ?? null;
    };
    const known = find();
    if (known !== null) return known;
    for (const kind of listKinds) {
      if (kind.capability !== 'resources') continue;
      const parts = await Promise.all(this.#usable().map((usable) => this.#part(kind, message, usable, modern)));
      for (const { usable, elements } of parts) {
        for (const { key, shown } of elements) {
          if (!this.#owners.has(shown)) this.#owners.set(shown, { server: usable.server.name, key });
          if (kind.key === 'uriTemplate' && !this.#templates.has(key)) this.#templates.set(key, usable.server.name);
        }
      }
    }
    return find();
  }

  #templateOwner(uri: string): string | undefined {
    for (const [template, server] of this.#templates)
      if (template === uri || matchesTemplate(template, uri)) return server;
    return undefined;
  }

  #usable(): readonly Usable[] {
    return this.#core.host.catalog.usable(this.#conversation.caller);
  }

  #local(message: Message, outlet: Outlet, result: object): void {
    this.#write(message, outlet, JSON.stringify(result));
  }

  /** An answer of the endpoint itself: recorded like any other. */
  #write(message: Message, outlet: Outlet, result: string): void {
    const id = message.idSpan === null ? 'null' : message.textAt(message.idSpan);
    const answer = Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":${result}}`);
    if (this.#conversation.era === 'modern') this.close();
    this.#core.scribe.writeLocal(this.#conversation, message, answer, (error) => {
      if (error === null || this.#core.host.recorder.accepts(this.#conversation.caller.organization))
        return outlet.answer(answer, 200);
      const code = 'record_unavailable';
      outlet.answer(
        rpcError(message, code, 'the answer was held back because it could not be recorded'),
        statusOf(code),
      );
    });
  }

  #settle(work: Promise<void>, message: Message, outlet: Outlet): void {
    work.catch((error: unknown) => {
      if (!(error instanceof Failure))
        this.#core.host.log.error({ err: error }, 'a merged request failed for a reason that is a bug');
      const failure =
        error instanceof Failure ? error : new Failure('internal', 'something went wrong inside MCPVault');
      outlet.answer(failureError(message, failure), statusOf(failure.code));
    });
  }
}

/** What modern results carry: nobody but this caller may keep them, and not for long. */
const modernMarks = {
  resultType: 'complete',
  ttlMs: 0,
  cacheScope: 'private',
  _meta: { 'io.modelcontextprotocol/serverInfo': serverInfo },
} as const;

function metaText(message: Message): string | null {
  const { meta } = message.marks;
  return meta === null ? null : message.textAt(meta);
}

function asFailure(error: unknown): Failure {
  return error instanceof Failure
    ? error
    : new Failure('internal', 'the connection to the server failed for a reason that is a bug');
}

function withPatience(link: Promise<MergedLink>, server: string): Promise<MergedLink> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new Failure('upstream_timeout', `the server "${server}" was not ready within ${partPatience / 1000} seconds`),
        ),
      partPatience,
    );
  });
  return Promise.race([link, late]).finally(() => clearTimeout(timer));
}
