// What a client hears in the place of a server at which nobody is signed in: the tools as they were listed last, and for
// each use of one where to sign in; as a page to open where the client can open pages.
import type { Failure } from '@mcpvault/domain/failure';
import { apply } from '@mcpvault/domain/redaction/apply';
import { type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import { ObjectText } from '@mcpvault/protocol/jsonrpc/object-text';
import { type Era, latestLegacy, latestModern, metaKeys } from '@mcpvault/protocol/mcp/revision';
import type { Credential } from '../ports.ts';
import type { ModernHeaders, Outbound } from './link.ts';

/** Under which a modern client is asked to open the page, and answers. */
const ourKey = 'mcpvault-connect';
const urlRequired = -32042;
/** The first revision whose clients can be sent to a page. */
const firstWithPages = '2025-11-25';

const emptyLists: Readonly<Record<string, string>> = {
  'prompts/list': 'prompts',
  'resources/list': 'resources',
  'resources/templates/list': 'resourceTemplates',
};
const uses: ReadonlySet<string | null> = new Set(['tools/call', 'prompts/get', 'resources/read']);

export class StandIn {
  readonly #server: string;
  readonly #era: Era;
  readonly #credential: Pick<Credential, 'remembered'>;
  /** Of a legacy client, from its `initialize`. */
  #revision: string = latestLegacy;
  #opensPages = false;
  #asked = 0;

  constructor(server: string, era: Era, credential: Pick<Credential, 'remembered'>) {
    this.#server = server;
    this.#era = era;
    this.#credential = credential;
  }

  /** Notes what a legacy client says of itself. */
  hear(initialize: Message): void {
    const params = paramsOf(initialize);
    this.#revision = params.string('protocolVersion') ?? latestLegacy;
    this.#opensPages = this.#revision >= firstWithPages && opensPages(params.inner('capabilities'));
  }

  /** null where only `failure` can be said. */
  async answer(request: Message, modern: ModernHeaders | null, failure: Failure): Promise<Message | null> {
    const { method } = request;
    if (method === 'initialize') return this.#result(request, this.#greeting());
    if (method === 'server/discover') return this.#result(request, this.#discovered());
    if (method === 'ping' || method === 'logging/setLevel') return this.#result(request, {});
    if (method === 'tools/list') return this.#list(request, 'tools', await this.#credential.remembered());
    const empty = method === null ? undefined : emptyLists[method];
    if (empty !== undefined) return this.#list(request, empty, []);
    if (!uses.has(method)) return null;
    return modern === null ? this.#sendsAway(request, failure) : this.#asksToOpen(request, failure);
  }

  #greeting(): object {
    const capabilities = { tools: { listChanged: true } };
    return { protocolVersion: this.#revision, capabilities, serverInfo: { name: this.#server, version: '0' } };
  }

  #discovered(): object {
    return { supportedVersions: [latestModern], capabilities: { tools: {} }, ttlMs: 0, cacheScope: 'private' };
  }

  #list(request: Message, member: string, entries: readonly object[]): Message {
    const kept = this.#era === 'modern' ? { ttlMs: 0, cacheScope: 'private' } : {};
    return this.#result(request, { [member]: entries, ...kept });
  }

  #sendsAway(request: Message, { message, details }: Failure): Message | null {
    const url = details?.['url'];
    if (!this.#opensPages || typeof url !== 'string') return null;
    const elicitationId = `mcpvault-connect-${++this.#asked}`;
    const error = {
      code: urlRequired,
      message,
      data: { elicitations: [{ mode: 'url', elicitationId, url, message }] },
    };
    return read(`{"jsonrpc":"2.0","id":${idOf(request)},"error":${JSON.stringify(error)}}`);
  }

  /** Once: whoever comes back without having signed in is told so. */
  #asksToOpen(request: Message, { message, details }: Failure): Message | null {
    const params = paramsOf(request);
    const url = details?.['url'];
    const capabilities = params.inner('_meta').inner(metaKeys.clientCapabilities);
    const came = params.inner('inputResponses').has(ourKey);
    if (came || typeof url !== 'string' || !opensPages(capabilities)) return null;
    const asked = { method: 'elicitation/create', params: { mode: 'url', url, message } };
    return this.#result(request, { resultType: 'input_required', inputRequests: { [ourKey]: asked } });
  }

  #result(request: Message, result: object): Message {
    const whole = this.#era === 'modern' ? { resultType: 'complete', ...result } : result;
    return read(`{"jsonrpc":"2.0","id":${idOf(request)},"result":${JSON.stringify(whole)}}`);
  }
}

/** The answer to our own question is no business of the server's. */
export function withoutOurAnswer(request: Outbound): Outbound {
  if (!request.message.raw.includes(ourKey)) return request;
  const message = parse(apply(request.message.raw, request.edits));
  const params = paramsOf(message);
  const answers = params.inner('inputResponses');
  if (!answers.has(ourKey) || message.params === null) return request;
  answers.without(ourKey);
  params.set('inputResponses', answers.size === 0 ? null : answers.toString());
  const { start, end } = message.params;
  const { raw } = message;
  const whole = [raw.subarray(0, start), Buffer.from(params.toString()), raw.subarray(end)];
  return { message: parse(Buffer.concat(whole)), edits: [] };
}

export const saysInitialized: Outbound = {
  message: read('{"jsonrpc":"2.0","method":"notifications/initialized"}'),
  edits: [],
};

export function listChanged(): Message {
  return read('{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}');
}

function opensPages(capabilities: ObjectText): boolean {
  return capabilities.has('elicitation') && capabilities.inner('elicitation').has('url');
}

function paramsOf(message: Message): ObjectText {
  return ObjectText.of(message.params === null ? null : message.textAt(message.params));
}

function idOf(message: Message): string {
  return message.idSpan === null ? 'null' : message.textAt(message.idSpan);
}

function read(text: string): Message {
  return parse(Buffer.from(text));
}

function parse(raw: Buffer): Message {
  return parseMessage(raw, { maxDepth: 10_000, check: 'structure' });
}
