// Every server the caller may use behind one URL. Names, URIs and task ids say whose they are; a server that fails, hangs
// or lies costs its own entries only, and is named as unavailable with its reason.
import { splitMergedTaskId } from '@mcpvault/domain/catalog/merged-uri';
import { Failure } from '@mcpvault/domain/failure';
import type { ServerId } from '@mcpvault/domain/ids';
import type { Edit } from '@mcpvault/domain/redaction/edit';
import { MalformedMessage, memberAt, type Message } from '@mcpvault/protocol/jsonrpc/message';
import { latestLegacy, latestModern, legacyRevisions } from '@mcpvault/protocol/mcp/revision';
import { failureError, rpcError, statusOf } from '../downstream/rpc-error.ts';
import type { Usable } from '../ports.ts';
import type { Link, ModernHeaders } from '../upstream/link.ts';
import { type CallEndpoint, type CallPlan, ClientCall } from './client-call.ts';
import type { Conversation } from './conversation.ts';
import type { Core } from './core.ts';
import type { Endpoint } from './endpoint.ts';
import { answerPing, patienceFor, resultAround, resultTo } from './local-answers.ts';
import { MergedDirectory, plainUriOf } from './merged-directory.ts';
import { MergedLinks } from './merged-links.ts';
import { type ListKind, listKinds, toolsKind } from './merged-lists.ts';
import { pageOf, wholeOf } from './merged-page.ts';
import { MergedShares } from './merged-shares.ts';
import { MergedSubscription } from './merged-subscription.ts';
import { mergedCapabilities, mergedInstructions } from './merged-traits.ts';
import { inMergedWords } from './merged-words.ts';
import { refusedEnvelope } from './modern-envelope.ts';
import type { Outlet } from './outlet.ts';
import { splice, tellServer } from './server-message.ts';
import { callOf, ToolFinder } from './tool-finder.ts';
import { whoIs } from './who-is.ts';

const serverInfo = { name: 'mcpvault', title: 'MCPVault', version: '0.1.0' };
const resultType = 'complete';
/** What modern results carry: nobody but this caller may keep them, and not for long. */
const modernMarks = {
  resultType,
  ttlMs: 0,
  cacheScope: 'private',
  _meta: { 'io.modelcontextprotocol/serverInfo': serverInfo },
} as const;

export class MergedEndpoint implements Endpoint, CallEndpoint {
  readonly #core: Core;
  readonly #conversation: Conversation;
  readonly #links: MergedLinks;
  readonly #shares: MergedShares;
  readonly #directory: MergedDirectory;
  /** null where tools are listed one by one. */
  readonly #finder: ToolFinder | null;
  /** Resources that the client subscribed to without saying whose they are: server and URI. */
  readonly #plain = new Set<string>();

  /** `searching`: clients find tools by searching, instead of listing all of them. */
  constructor(core: Core, conversation: Conversation, searching: boolean) {
    this.#core = core;
    this.#conversation = conversation;
    this.#links = new MergedLinks(
      core,
      conversation,
      (usable, message) => this.#heard(usable, message),
      (usable, traits) => this.#shares.learnTraits(usable, traits),
    );
    this.#shares = new MergedShares(core, conversation, this.#links);
    this.#directory = new MergedDirectory(core, conversation, this.#shares);
    this.#finder = searching ? new ToolFinder(core.toolIndexes) : null;
  }

  request(message: Message, outlet: Outlet, modern: ModernHeaders | null): void {
    if (modern !== null || message.method === 'initialize') this.#shares.opening = message;
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
    this.#shares.close();
    this.#links.close();
  }

  async linkFor({ usable }: CallPlan): Promise<Link> {
    if (usable === null) throw new Error('a call without a server was let through');
    return (await this.#links.open(usable)).link;
  }

  ended({ modern, usable }: CallPlan, _answer: Message | null, failure: Failure | null): void {
    if (failure?.code === 'session_not_found' && usable !== null) this.#links.drop(usable.server.id);
    if (modern !== null) this.#closeSoon();
  }

  reworded({ usable, message }: CallPlan, said: Message): readonly Edit[] {
    if (usable === null) return [];
    if (said.method !== null) return this.#heard(usable, said);
    return inMergedWords(said, { server: usable.server.name, plainUri: plainUriOf(message) });
  }

  /** What a server says besides answers. */
  #heard(usable: Usable, message: Message, plainUri: string | null = null): readonly Edit[] {
    const { server } = usable;
    const { method, target } = message;
    if (method?.endsWith('/list_changed') === true) this.#shares.changed(usable, method);
    const isPlain = method === 'notifications/resources/updated' && this.#plain.has(`${server.id} ${target}`);
    return inMergedWords(message, { server: server.name, plainUri: isPlain ? target : plainUri });
  }

  /** What was begun for a list goes on, so that the next one has it. */
  #closeSoon(): void {
    this.#shares.whenSettled(() => this.close());
  }

  #legacy(message: Message, outlet: Outlet): Promise<void> | null {
    const kind = listKinds.find((each) => each.method === message.method);
    if (kind !== undefined) return this.#list(kind, message, outlet, null);
    switch (message.method) {
      case 'ping':
        answerPing(message, outlet);
        return null;
      case 'initialize':
        return this.#initialize(message, outlet);
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
      case 'tasks/get':
      case 'tasks/result':
      case 'tasks/cancel':
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
    const kind = listKinds.find((each) => each.method === message.method && each.capability !== 'tasks');
    if (kind !== undefined) return this.#list(kind, message, outlet, headers);
    switch (message.method) {
      case 'server/discover':
        return this.#discover(message, outlet, headers);
      case 'subscriptions/listen':
        return this.#counted(() => this.#subscribe(message, outlet, headers));
      case 'tools/call':
      case 'prompts/get':
      case 'resources/read':
      case 'completion/complete':
      case 'tasks/get':
      case 'tasks/update':
      case 'tasks/cancel':
        return this.#route(message, outlet, headers);
      default:
        this.#unknown(message, outlet, 404);
        return null;
    }
  }

  async #initialize(message: Message, outlet: Outlet): Promise<void> {
    this.#links.greeting = message;
    const span = message.params === null ? null : memberAt(message.text, message.params, 'protocolVersion');
    const asked = span === null ? null : message.scalarAt(span);
    const wanted = legacyRevisions.find((revision) => revision === asked);
    const protocolVersion = wanted ?? latestLegacy;
    this.#conversation.protocol = protocolVersion;
    this.#write(message, outlet, JSON.stringify({ protocolVersion, ...(await this.#self(message, null)), serverInfo }));
  }

  async #discover(message: Message, outlet: Outlet, modern: ModernHeaders): Promise<void> {
    const self = await this.#self(message, modern);
    this.#write(message, outlet, JSON.stringify({ supportedVersions: [latestModern], ...self, ...modernMarks }));
  }

  /** What the endpoint can do and says of itself, as far as its servers answer in time. */
  async #self(message: Message, modern: ModernHeaders | null): Promise<{ capabilities: object; instructions: string }> {
    const about = { core: this.#core, conversation: this.#conversation, links: this.#links, shares: this.#shares };
    const known = await this.#counted(() => whoIs(about, this.#directory.usable(), message, modern));
    return {
      capabilities: mergedCapabilities(known, this.#conversation.era),
      instructions: mergedInstructions(known, this.#finder !== null),
    };
  }

  async #list(kind: ListKind, message: Message, outlet: Outlet, modern: ModernHeaders | null): Promise<void> {
    if (this.#finder !== null && kind.method === 'tools/list') {
      return this.#writeList(kind, this.#finder.tools, {}, message, outlet, modern);
    }
    const { shares, unavailable } = await this.#counted(() => this.#directory.list(kind, message, modern));
    const meta = unavailable.length === 0 ? {} : { 'io.mcpvault/unavailable': unavailable };
    const cursor = cursorIn(message);
    const most = this.#core.settings.maxMessageBytes;
    const assembled = cursor === null ? this.#shares.whole(kind, shares, () => wholeOf(shares)) : null;
    if (assembled !== null && assembled.length <= most) {
      return this.#writeList(kind, assembled, { _meta: meta }, message, outlet, modern);
    }
    const { bytes, nextCursor } = pageOf(shares, cursor, most);
    const rest = { ...(nextCursor !== null && { nextCursor }), _meta: meta };
    this.#writeList(kind, bytes, rest, message, outlet, modern);
  }

  #writeList(
    kind: ListKind,
    elements: Buffer,
    own: { readonly nextCursor?: string; readonly _meta?: object },
    message: Message,
    outlet: Outlet,
    modern: ModernHeaders | null,
  ): void {
    const marks = modern === null ? {} : modernMarks;
    const rest = JSON.stringify({
      ...marks,
      ...own,
      _meta: { ...(modern === null ? {} : modernMarks._meta), ...own._meta },
    });
    this.#deliver(message, outlet, resultAround(message, `{"${kind.member}":[`, elements, `],${rest.slice(1)}`));
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

  async #route(asked: Message, outlet: Outlet, modern: ModernHeaders | null): Promise<void> {
    if (this.#finder !== null && asked.method === 'tools/call') {
      if (asked.target === 'search_tools') return this.#search(this.#finder, asked, outlet, modern);
      if (asked.target === 'call_tool') asked = callOf(asked, this.#core.settings.maxDepth);
    }
    await this.#send(asked, outlet, modern);
  }

  async #send(message: Message, outlet: Outlet, modern: ModernHeaders | null): Promise<void> {
    const located = await this.#counted(() => this.#directory.locate(message, modern));
    if (located !== null) this.#notePlain(message, located.usable);
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

  async #search(finder: ToolFinder, message: Message, outlet: Outlet, modern: ModernHeaders | null): Promise<void> {
    const { shares, unavailable } = await this.#counted(() => this.#directory.list(toolsKind, message, modern));
    const found = finder.search(message, shares, unavailable);
    this.#write(
      message,
      outlet,
      JSON.stringify(modern === null ? found : { ...found, resultType, _meta: modernMarks._meta }),
    );
  }

  #notePlain(message: Message, { server }: Usable): void {
    const plain = plainUriOf(message);
    if (plain === null) return;
    if (message.method === 'resources/subscribe' && this.#plain.size < mostPlain)
      this.#plain.add(`${server.id} ${plain}`);
    if (message.method === 'resources/unsubscribe') this.#plain.delete(`${server.id} ${plain}`);
  }

  /** It stays under way, and goes on being counted, when this is done. */
  async #subscribe(message: Message, outlet: Outlet, modern: ModernHeaders): Promise<void> {
    const hear = (usable: Usable, said: Message, plain: string | null): readonly Edit[] =>
      this.#heard(usable, said, plain);
    const links = this.#directory.usable().map((usable) => this.#links.open(usable));
    for (const link of links) link.catch(() => undefined);
    const subscription = new MergedSubscription(this.#core, this.#conversation, message, modern, outlet, hear);
    const meaning = {
      uri: async (uri: string) => {
        const owner = await this.#directory.ownerOf(uri, message, modern).catch(() => null);
        return { own: owner?.uri ?? uri, server: owner?.usable.server.id ?? null };
      },
      task: (task: string) => {
        const split = splitMergedTaskId(task);
        const usable = split && this.#core.host.catalog.byName(this.#conversation.caller, split.server);
        return { own: split?.task ?? task, server: usable?.server.id ?? null };
      },
    };
    await subscription.begin(links, meaning, () => this.close());
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

  #write(message: Message, outlet: Outlet, result: string): void {
    this.#deliver(message, outlet, resultTo(message, result));
  }

  /** An answer of the endpoint itself: recorded like any other. */
  #deliver(message: Message, outlet: Outlet, answer: Buffer): void {
    const { era, caller } = this.#conversation;
    if (era === 'modern') this.#closeSoon();
    this.#core.scribe.writeLocal(this.#conversation, message, { answer, failure: null }, (error) => {
      if (error === null || this.#core.host.recorder.accepts(caller.organization)) return outlet.answer(answer, 200);
      const code = 'record_unavailable';
      const text = 'the answer was held back because it could not be recorded';
      outlet.answer(rpcError(message, code, text), statusOf(code));
    });
  }

  #failed(error: unknown, message: Message, outlet: Outlet): void {
    if (this.#conversation.era === 'modern') this.#closeSoon();
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

/** Of plain URIs that a conversation may subscribe to; more are shown as their server's. */
const mostPlain = 1_000;

function cursorIn(message: Message): string | null {
  const span = message.params === null ? null : memberAt(message.text, message.params, 'cursor');
  const cursor = span === null ? null : message.scalarAt(span);
  if (cursor === null || typeof cursor === 'string') return cursor;
  throw new Failure('invalid_params', 'a cursor is a string');
}

/** What a client sent that cannot be walked; null for anything else, which is a bug. */
function malformed(error: unknown): Failure | null {
  return error instanceof MalformedMessage ? new Failure('invalid_request', error.message) : null;
}
