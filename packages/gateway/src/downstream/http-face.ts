// The face that clients see: Streamable HTTP, in both eras. Guards the door, finds or opens the conversation, and hands
// the message to its endpoint.
import { Failure, failures } from '@mcpvault/domain/failure';
import type { Caller } from '@mcpvault/domain/identity/caller';
import { type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import { isBatch, splitBatch } from '@mcpvault/protocol/jsonrpc/split-batch';
import { eraOf, legacyRevisions } from '@mcpvault/protocol/mcp/revision';
import { createAdmission } from '../session/admission.ts';
import { limits } from '../session/bridge/limits.ts';
import type { Core } from '../session/core.ts';
import { takeAnswer } from '../session/server-message.ts';
import type { Session, Sessions } from '../session/sessions.ts';
import { addressOf } from './address-of.ts';
import { BatchReply } from './batch-reply.ts';
import { bearerOf, guardHostAndOrigin } from './guards.ts';
import type { HttpRequest } from './http-request.ts';
import { eraOfRequest, readModernHeaders } from './modern-headers.ts';
import type { OpenStreams } from './open-streams.ts';
import type { Reply } from './reply.ts';
import { challengeOf, failureOf, pathOfEndpoint, stoppingFailure, unauthenticatedFailure } from './refusals.ts';
import { failureError } from './rpc-error.ts';
import { callerAt, scopeFailure } from './scope.ts';

export interface HttpFaceDeps {
  readonly core: Core;
  readonly sessions: Sessions;
  readonly streams: OpenStreams;
  /** False once the hub is stopping. */
  open(): boolean;
}

/** `endpoint` is a server's name, or null for the merged endpoint. Never throws. */
export type HttpFace = (request: HttpRequest, reply: Reply, endpoint: string | null) => void;

/** One HTTP request on its way in. */
interface Visit {
  readonly request: HttpRequest;
  readonly reply: Reply;
  readonly endpoint: string | null;
  readonly caller: Caller;
  readonly credential: string;
}

export function createHttpFace({ core, sessions, streams, open }: HttpFaceDeps): HttpFace {
  const { host, settings } = core;
  const { conversationFor, endpointFor } = createAdmission(core);

  function handle(request: HttpRequest, reply: Reply, endpoint: string | null): void {
    const guarded = guardHostAndOrigin(request, settings);
    if (guarded !== null) return refuse(reply, guarded);
    if (!open()) {
      reply.header('retry-after', '5');
      return refuse(reply, stoppingFailure());
    }
    const credential = bearerOf(request);
    if (credential === null) return unlet(request, reply, endpoint, unauthenticatedFailure());
    const enter = (found: Caller | null): void =>
      guardedBy(reply, () => {
        const caller = callerAt(found, endpoint);
        if (caller === null) unlet(request, reply, endpoint, unauthenticatedFailure());
        else route({ request, reply, endpoint, caller, credential });
      });
    guardedBy(reply, () => {
      const caller = host.identity.identify(credential);
      if (caller instanceof Promise) caller.then(enter, (error: unknown) => bug(reply, error));
      else enter(caller);
    });
  }

  function route(visit: Visit): void {
    const { request, reply } = visit;
    switch (request.method) {
      case 'POST':
        return post(visit);
      case 'GET':
        return listen(visit);
      case 'DELETE':
        return end(visit);
      default:
        reply.header('allow', 'POST, GET, DELETE');
        return refuse(reply, new Failure('method_not_allowed', 'an MCP endpoint takes POST, GET and DELETE'));
    }
  }

  function post(visit: Visit): void {
    const { request, reply } = visit;
    const type = request.headers['content-type'];
    if (type === undefined || !/^application\/json\s*(;|$)/i.test(type)) {
      return refuse(reply, new Failure('unsupported_media_type', 'send content-type: application/json'));
    }
    const { accept } = request.headers;
    if (accept !== undefined && !/application\/(json|\*)|\*\/\*/i.test(accept)) {
      return refuse(reply, new Failure('not_acceptable', 'accept application/json and text/event-stream'));
    }
    const { member } = visit.caller;
    let held = 0;
    const hasRoom = (bytes: number): boolean => {
      if (!core.held.hasRoom(member, bytes - held)) return false;
      core.held.give(member, held);
      core.held.take(member, bytes);
      held = bytes;
      return true;
    };
    request.readBody(settings.maxMessageBytes, hasRoom, (failure, body) => {
      if (failure === null) guardedBy(reply, () => receive(visit, body));
      // From here on a call holds what it needs itself.
      core.held.give(member, held);
      if (failure === null) return;
      if (failure.code === 'too_large' || failure.code === 'busy') reply.header('connection', 'close');
      refuse(reply, failure);
    });
  }

  function receive(visit: Visit, body: Buffer): void {
    const { request, reply, endpoint: name, caller } = visit;
    if (isBatch(body)) return receiveBatch(visit, body);
    const message = parseMessage(body, { maxDepth: settings.maxDepth, check: 'strict' });
    const unfit = scopeFailure(caller, message);
    if (unfit !== null) return unlet(request, reply, name, unfit, message);
    if (eraOfRequest(message, request.headers) === 'modern') return receiveModern(visit, message);
    if (message.kind === 'request' && message.method === 'initialize') return initialize(visit, message);
    const session = sessionOf(request, name, caller);
    if (session instanceof Failure) return refuse(reply, session, message);
    const { conversation, endpoint } = session;
    switch (message.kind) {
      case 'request':
        return endpoint.request(message, conversation.outlet(reply), null);
      case 'notification': {
        const failure = notify(session, message, () => reply.empty(202));
        if (failure !== null) refuse(reply, failure, message);
        return;
      }
      default:
        return takeAnswer(core, conversation, message, () => reply.empty(202));
    }
  }

  /** Only 2025-03-26 has batches, and in it every server has to take them. */
  function receiveBatch({ request, reply, endpoint: name, caller }: Visit, body: Buffer): void {
    const session = sessionOf(request, name, caller);
    if (session instanceof Failure) return refuse(reply, session);
    const { conversation, endpoint } = session;
    if (conversation.protocol !== batchRevision) {
      const text = `send one message at a time: only ${batchRevision} has batches`;
      return refuse(reply, new Failure('invalid_request', text));
    }
    const messages = splitBatch(body, { maxDepth: settings.maxDepth, check: 'strict' }, limits.batch);
    if (messages.some(({ method }) => method === 'initialize')) {
      return refuse(reply, new Failure('invalid_request', 'initialize cannot be part of a batch'));
    }
    for (const message of messages) {
      const unfit = scopeFailure(caller, message);
      if (unfit !== null) return unlet(request, reply, name, unfit);
    }
    const requests = messages.filter(({ kind }) => kind === 'request').length;
    const batch = new BatchReply(reply, requests);
    let untaken = messages.length - requests;
    const taken = (): void => {
      if (--untaken === 0 && requests === 0) reply.empty(202);
    };
    for (const message of messages) {
      if (message.kind === 'request') endpoint.request(message, conversation.outlet(batch.part()), null);
      else if (message.kind !== 'notification') takeAnswer(core, conversation, message, taken);
      else if (notify(session, message, taken) !== null) taken();
    }
  }

  function notify({ conversation, endpoint }: Session, message: Message, taken: () => void): Failure | null {
    if (message.method !== 'notifications/cancelled') return endpoint.notification(message, taken);
    const { requestId } = message.marks;
    const id = requestId === null ? null : message.scalarAt(requestId);
    if (typeof id === 'string' || typeof id === 'number') conversation.calls.get(id)?.withdraw(message);
    taken();
    return null;
  }

  function initialize({ request, reply, endpoint: name, caller }: Visit, message: Message): void {
    const conversation = conversationFor('legacy', name, caller, message);
    conversation.address = addressOf(request.headers, request.remoteAddress, settings.proxies);
    const endpoint = endpointFor(conversation, name);
    const opened = sessions.open(conversation, endpoint);
    if (opened instanceof Failure) return refuse(reply, opened, message);
    reply.header('mcp-session-id', opened.id);
    endpoint.request(message, conversation.outlet(reply), null);
  }

  function receiveModern(visit: Visit, message: Message): void {
    const { request, reply, endpoint: name, caller, credential } = visit;
    if (message.kind === 'notification') return reply.empty(202);
    if (message.kind !== 'request') {
      const text = 'answers are not sent to the server in this revision';
      return refuse(reply, new Failure('invalid_request', text), message);
    }
    let headers: ReturnType<typeof readModernHeaders>;
    try {
      headers = readModernHeaders(message, request.headers);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return refuse(reply, error, message);
    }
    const conversation = conversationFor('modern', name, caller, message);
    conversation.address = addressOf(request.headers, request.remoteAddress, settings.proxies);
    conversation.protocol = headers.version.slice(0, 40);
    if (message.method === 'subscriptions/listen') streams.add({ credential, reply, conversation });
    endpointFor(conversation, name).request(message, conversation.outlet(reply), headers);
  }

  function listen({ request, reply, endpoint: name, caller, credential }: Visit): void {
    const version = request.headers['mcp-protocol-version'];
    if (typeof version === 'string' && eraOf(version) === 'modern') {
      reply.header('allow', 'POST');
      const text = 'this revision only posts; use subscriptions/listen';
      return refuse(reply, new Failure('method_not_allowed', text));
    }
    if (!reply.takesEvents) return refuse(reply, new Failure('not_acceptable', 'accept text/event-stream to listen'));
    const session = sessionOf(request, name, caller);
    if (session instanceof Failure) return refuse(reply, session);
    const last = request.headers['last-event-id'];
    session.endpoint.listen(() => {
      const failure = session.conversation.listen(reply, typeof last === 'string' ? last : null);
      if (failure !== null) return refuse(reply, failure);
      streams.add({ credential, reply, conversation: session.conversation });
      request.forgetHeaders();
    });
  }

  function end({ request, reply, endpoint: name, caller }: Visit): void {
    const session = sessionOf(request, name, caller);
    if (session instanceof Failure) return refuse(reply, session);
    session.conversation.end('the client ended the session');
    reply.empty(200);
  }

  function sessionOf(request: HttpRequest, endpoint: string | null, caller: Caller): Session | Failure {
    const id = request.headers['mcp-session-id'];
    if (typeof id !== 'string') {
      return new Failure('invalid_request', 'the Mcp-Session-Id header is missing; begin with initialize');
    }
    const session = sessions.find(id, caller, endpoint);
    if (session === null) {
      return new Failure('session_not_found', 'there is no such session; begin a new one with initialize');
    }
    session.conversation.address = addressOf(request.headers, request.remoteAddress, settings.proxies);
    const version = request.headers['mcp-protocol-version'];
    if (typeof version === 'string' && version !== session.conversation.protocol && !isLegacyRevision(version)) {
      const text = `MCP-Protocol-Version names a revision that is not spoken here; known are ${legacyRevisions.join(', ')}`;
      return new Failure('invalid_request', text);
    }
    return session;
  }

  function unlet(
    { headers }: HttpRequest,
    reply: Reply,
    endpoint: string | null,
    failure: Failure,
    message: Message | null = null,
  ): void {
    const path = pathOfEndpoint(endpoint);
    const challenge = challengeOf(failure, { identity: host.identity, host: headers.host, path });
    if (challenge !== null) reply.header('www-authenticate', challenge);
    refuse(reply, failure, message);
  }

  function refuse(reply: Reply, failure: Failure, message: Message | null = null): void {
    reply.answer(failureError(message, failure), failures[failure.code].status, null);
  }

  function guardedBy(reply: Reply, work: () => void): void {
    try {
      work();
    } catch (error) {
      bug(reply, error);
    }
  }

  function bug(reply: Reply, error: unknown): void {
    refuse(reply, failureOf(error, host.log));
  }

  return handle;
}

const batchRevision = '2025-03-26';

function isLegacyRevision(version: string): boolean {
  return legacyRevisions.some((revision) => revision === version);
}
