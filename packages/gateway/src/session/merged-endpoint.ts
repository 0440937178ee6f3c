// Every server the caller may use behind one URL. Names carry their server's prefix; a server that fails costs its own
// entries only, and is named as unavailable with its reason.
import { Failure } from '@mcpvault/domain/failure';
import type { ServerId } from '@mcpvault/domain/ids';
import { MalformedMessage, memberAt, type Message } from '@mcpvault/protocol/jsonrpc/message';
import { latestLegacy, latestModern, legacyRevisions } from '@mcpvault/protocol/mcp/revision';
import { failureError, rpcError, statusOf } from '../downstream/rpc-error.ts';
import type { Link, ModernHeaders } from '../upstream/link.ts';
import { type CallEndpoint, type CallPlan, ClientCall } from './client-call.ts';
import type { Conversation } from './conversation.ts';
import type { Core } from './core.ts';
import type { Endpoint } from './endpoint.ts';
import { answerPing, patienceFor, resultTo } from './local-answers.ts';
import { MergedDirectory } from './merged-directory.ts';
import { type MergedLink, MergedLinks } from './merged-links.ts';
import { type ListKind, listKinds } from './merged-lists.ts';
import { MergedSubscription } from './merged-subscription.ts';
import { refusedEnvelope } from './modern-envelope.ts';
import type { Outlet } from './outlet.ts';
import { splice, tellServer } from './server-message.ts';

const serverInfo = { name: 'mcpvault', title: 'MCPVault', version: '0.1.0' };
const capabilities = {
  tools: { listChanged: true },
  prompts: { listChanged: true },
  resources: { listChanged: true, subscribe: true },
  completions: {},
  logging: {},
};
/** What modern results carry: nobody but this caller may keep them, and not for long. */
const modernMarks = {
  resultType: 'complete',
  ttlMs: 0,
  cacheScope: 'private',
  _meta: { 'io.modelcontextprotocol/serverInfo': serverInfo },
} as const;

export class MergedEndpoint implements Endpoint, CallEndpoint {
  readonly #core: Core;
  readonly #conversation: Conversation;
  readonly #links: MergedLinks;
  readonly #directory: MergedDirectory;

  constructor(core: Core, conversation: Conversation) {
    this.#core = core;
    this.#conversation = conversation;
    this.#links = new MergedLinks(core, conversation);
    this.#directory = new MergedDirectory(core, conversation, this.#links);
  }

  request(message: Message, outlet: Outlet, modern: ModernHeaders | null): void {
    const work = modern === null ? this.#legacy(message, outlet) : this.#modern(message, outlet, modern);
    work?.catch((error: unknown) => this.#failed(error, message, outlet));
  }

  notification(message: Message, taken: () => void): Failure | null {
    if (message.method === 'notifications/initialized') {
      taken();
      return null;
    }
    if (message.method === 'notifications/progress') return this.#progress(message, taken);
    // A grant may have been taken back since.
    const usable = new Set(this.#directory.usable().map(({ server }) => server.version));
    const opened = this.#links.opened().filter((each) => usable.has(each.usable.server.version));
    let left = opened.length;
    let refused: Failure | null = null;
    const one = (): void => {
      if (--left === 0) taken();
    };
    for (const { link, usable } of opened) {
      refused = tellServer(this.#core, this.#conversation, usable, message, link, one) ?? refused;
      if (refused !== null) return refused;
    }
    if (opened.length === 0) taken();
    return null;
  }

  listen(ready: () => void): void {
    this.#links.listen();
    ready();
  }

  drop(server: ServerId): void {
    this.#links.drop(server);
  }

  close(): void {
    this.#links.close();
  }

  async linkFor({ usable }: CallPlan): Promise<Link> {
    if (usable === null) throw new Error('a call without a server was let through');
    return (await this.#links.open(usable)).link;
  }

  ended({ modern, usable }: CallPlan, answer: Message | null, failure: Failure | null): void {
    if (answer?.kind === 'result' && usable !== null && modern === null) this.#directory.learn(usable, answer);
    if (failure?.code === 'session_not_found' && usable !== null) this.#links.drop(usable.server.id);
    if (modern !== null) this.close();
  }

  #legacy(message: Message, outlet: Outlet): Promise<void> | null {
    const kind = listKinds.find((each) => each.method === message.method);
    if (kind !== undefined) return this.#list(kind, message, outlet, null);
    switch (message.method) {
      case 'ping':
        answerPing(message, outlet);
        return null;
      case 'initialize':
        this.#initialize(message, outlet);
        return null;
      case 'logging/setLevel':
        this.#links.setLevel(message);
        this.#write(message, outlet, '{}');
        return null;
      case 'tools/call':
      case 'prompts/get':
      case 'resources/read':
      case 'resources/subscribe':
      case 'resources/unsubscribe':
      case 'completion/complete':
        return this.#route(message, outlet, null);
      default:
        this.#unknown(message, outlet, 200);
        return null;
    }
  }

  #modern(message: Message, outlet: Outlet, headers: ModernHeaders): Promise<void> | null {
    const refused = refusedEnvelope(message, headers.version);
    if (refused !== null) {
      outlet.answer(refused.answer, refused.status);
      return null;
    }
    const kind = listKinds.find((each) => each.method === message.method);
    if (kind !== undefined) return this.#list(kind, message, outlet, headers);
    switch (message.method) {
      case 'server/discover':
        return this.#discover(message, outlet);
      case 'subscriptions/listen':
        return this.#subscribe(message, outlet, headers);
      case 'tools/call':
      case 'prompts/get':
      case 'resources/read':
      case 'completion/complete':
        return this.#route(message, outlet, headers);
      default:
        this.#unknown(message, outlet, 404);
        return null;
    }
  }

  #initialize(message: Message, outlet: Outlet): void {
    this.#links.greeting = message;
    const span = message.params === null ? null : memberAt(message.text, message.params, 'protocolVersion');
    const asked = span === null ? null : message.scalarAt(span);
    const wanted = legacyRevisions.find((revision) => revision === asked);
    const protocolVersion = wanted ?? latestLegacy;
    this.#conversation.protocol = protocolVersion;
    const result = { protocolVersion, capabilities, serverInfo, instructions: this.#instructions() };
    this.#write(message, outlet, JSON.stringify(result));
  }

  /** A client that asks first is sent the other way when that is the only way to all of its servers. */
  async #discover(message: Message, outlet: Outlet): Promise<void> {
    const speaks = this.#directory.usable().map(async ({ server }) => ({
      server,
      modern: await Promise.resolve(this.#core.speaksModern(server)).catch(() => true),
    }));
    const deaf = (await this.#counted(() => Promise.all(speaks)))
      .filter(({ modern }) => !modern)
      .map(({ server }) => server.name);
    if (deaf.length > 0) {
      const text = `${deaf.join(', ')} speak a revision before 2026-07-28 only; begin with initialize`;
      throw new Failure('unsupported_pairing', text);
    }
    const instructions = this.#instructions();
    const result = { supportedVersions: [latestModern], capabilities, instructions, ...modernMarks };
    this.#write(message, outlet, JSON.stringify(result));
  }

  #instructions(): string {
    const names = this.#directory.usable().map((usable) => usable.server.name);
    if (names.length === 0) return 'No servers are granted to you yet. Ask an admin of MCPVault for a grant.';
    return `Tools and prompts of several servers, each named <server>__<name>. Servers: ${names.join(', ')}.`;
  }

  async #list(kind: ListKind, message: Message, outlet: Outlet, modern: ModernHeaders | null): Promise<void> {
    const { elements, unavailable } = await this.#counted(() => this.#directory.list(kind, message, modern));
    const own = modern === null ? {} : modernMarks;
    const missing = unavailable.length === 0 ? {} : { 'io.mcpvault/unavailable': unavailable };
    const rest = JSON.stringify({ ...own, _meta: { ...(modern === null ? {} : modernMarks._meta), ...missing } });
    this.#write(message, outlet, `{"${kind.member}":[${elements.join(',')}],${rest.slice(1)}`);
  }

  /** Work of our own counts as a call under way, too. */
  async #counted<T>(work: () => Promise<T>): Promise<T> {
    const { judge } = this.#core;
    const { owner } = this.#conversation;
    if (judge.isFull(owner)) throw new Failure('busy', 'as many of your calls as may be are under way; try again');
    judge.enter(owner);
    try {
      return await work();
    } finally {
      judge.leave(owner);
    }
  }

  async #route(message: Message, outlet: Outlet, modern: ModernHeaders | null): Promise<void> {
    const located = await this.#counted(() => this.#directory.locate(message, modern));
    if (located !== null && modern !== null && !(await this.#core.speaksModern(located.usable.server))) {
      const text = `${located.usable.server.name} speaks a revision before 2026-07-28 only; begin with initialize`;
      throw new Failure('unsupported_pairing', text);
    }
    new ClientCall({
      core: this.#core,
      conversation: this.#conversation,
      usable: located?.usable ?? null,
      message,
      bareName: located?.bareName ?? null,
      modern,
      outlet,
      patience: patienceFor(message, this.#core.settings),
      routing: located?.routing ?? null,
      endpoint: this,
    }).begin();
  }

  #subscribe(message: Message, outlet: Outlet, modern: ModernHeaders): Promise<void> {
    return this.#counted(() => this.#subscribed(message, outlet, modern));
  }

  /** It stays under way, and goes on being counted, when this is done. */
  async #subscribed(message: Message, outlet: Outlet, modern: ModernHeaders): Promise<void> {
    const owner = (uri: string) => this.#directory.ownerOf(uri, message, modern);
    const opened: MergedLink[] = [];
    for (const usable of this.#directory.usable()) {
      // One that cannot be reached has nothing to say either.
      const speaks = await Promise.resolve(this.#core.speaksModern(usable.server)).catch(() => false);
      if (speaks) opened.push(await this.#links.open(usable));
    }
    const subscription = new MergedSubscription(this.#core, this.#conversation, message, modern, outlet);
    await subscription.begin(opened, owner, () => this.close());
  }

  #progress(message: Message, taken: () => void): Failure | null {
    const { progressToken } = message.marks;
    const token = progressToken === null ? null : message.scalarAt(progressToken);
    const asked = typeof token === 'string' ? this.#conversation.question(token) : null;
    const own = asked?.request.marks.progressToken ?? null;
    if (asked === null || own === null || progressToken === null) {
      taken();
      return null;
    }
    const edits = [splice(progressToken, asked.request.textAt(own))];
    return tellServer(this.#core, this.#conversation, asked.usable, message, asked.link, taken, edits);
  }

  #unknown(message: Message, outlet: Outlet, status: number): void {
    const text = `the merged endpoint does not know the method ${(message.method ?? '').slice(0, 100)}`;
    this.#refuse(new Failure('method_not_found', text), message, outlet, status);
  }

  /** An answer of the endpoint itself: recorded like any other. */
  #write(message: Message, outlet: Outlet, result: string): void {
    const answer = resultTo(message, result);
    const { era, caller } = this.#conversation;
    if (era === 'modern') this.close();
    this.#core.scribe.writeLocal(this.#conversation, message, { answer, failure: null }, (error) => {
      if (error === null || this.#core.host.recorder.accepts(caller.organization)) return outlet.answer(answer, 200);
      const code = 'record_unavailable';
      const text = 'the answer was held back because it could not be recorded';
      outlet.answer(rpcError(message, code, text), statusOf(code));
    });
  }

  #failed(error: unknown, message: Message, outlet: Outlet): void {
    if (this.#conversation.era === 'modern') this.close();
    const failure = error instanceof Failure ? error : malformed(error);
    if (failure !== null) return this.#refuse(failure, message, outlet, statusOf(failure.code));
    this.#core.host.log.error({ err: error }, 'a merged request failed for a reason that is a bug');
    const bug = new Failure('internal', 'something went wrong inside MCPVault');
    this.#refuse(bug, message, outlet, statusOf(bug.code));
  }

  /** A failure is recorded as an answer is. */
  #refuse(failure: Failure, message: Message, outlet: Outlet, status: number): void {
    const answer = failureError(message, failure);
    this.#core.scribe.writeLocal(this.#conversation, message, { answer, failure }, () => outlet.answer(answer, status));
  }
}

/** What a client sent that cannot be walked; null for anything else, which is a bug. */
function malformed(error: unknown): Failure | null {
  return error instanceof MalformedMessage ? new Failure('invalid_request', error.message) : null;
}
