// The face that clients see: Streamable HTTP, in both eras. Guards the door, finds or opens the conversation, and hands
// the message to its endpoint.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Failure } from '@mcpvault/domain/failure';
import type { Caller } from '@mcpvault/domain/identity/caller';
import { MalformedMessage, type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import { eraOf } from '@mcpvault/protocol/mcp/revision';
import { clientNameOf } from '../session/client-name.ts';
import { Conversation } from '../session/conversation.ts';
import type { Core } from '../session/core.ts';
import { createMergedEndpoint } from '../session/merged-endpoint.ts';
import type { Session, Sessions } from '../session/sessions.ts';
import { createSingleEndpoint } from '../session/single-endpoint.ts';
import { takeAnswer } from '../session/server-message.ts';
import type { Endpoint } from '../session/endpoint.ts';
import { bearerOf, guardHostAndOrigin } from './guards.ts';
import { eraOfRequest, readModernHeaders } from './modern-headers.ts';
import { readBody } from './read-body.ts';
import { Reply } from './reply.ts';
import { failureError, statusOf } from './rpc-error.ts';
import type { ModernEndpoints } from '../session/modern-endpoints.ts';

export interface HttpFaceDeps {
  readonly core: Core;
  readonly sessions: Sessions;
  readonly modern: ModernEndpoints;
  /** False once the hub is stopping. */
  open(): boolean;
}

export interface HttpFace {
  handle(request: IncomingMessage, response: ServerResponse, endpoint: string | null): void;
}

export function createHttpFace({ core, sessions, modern, open }: HttpFaceDeps): HttpFace {
  const { host, settings } = core;

  function handle(request: IncomingMessage, response: ServerResponse, endpoint: string | null): void {
    const reply = new Reply(response);
    const guarded = guardHostAndOrigin(request, settings);
    if (guarded !== null) return refuse(reply, guarded);
    if (!open()) {
      reply.header('retry-after', '5');
      return refuse(reply, new Failure('shutting_down', 'the hub is stopping; try again in a moment'));
    }
    const credential = bearerOf(request);
    if (credential === null) return unauthenticated(reply, request);
    const caller = host.identity.identify(credential);
    if (caller instanceof Promise) {
      caller.then(
        (known) => route(request, reply, endpoint, known),
        (error: unknown) => bug(reply, error),
      );
    } else route(request, reply, endpoint, caller);
  }

  function route(request: IncomingMessage, reply: Reply, endpoint: string | null, caller: Caller | null): void {
    if (caller === null) return unauthenticated(reply, request);
    switch (request.method) {
      case 'POST':
        return post(request, reply, endpoint, caller);
      case 'GET':
        return listen(request, reply, endpoint, caller);
      case 'DELETE':
        return end(request, reply, endpoint, caller);
      default:
        reply.header('allow', 'POST, GET, DELETE');
        return refuse(reply, new Failure('method_not_allowed', 'an MCP endpoint takes POST, GET and DELETE'));
    }
  }

  function post(request: IncomingMessage, reply: Reply, endpoint: string | null, caller: Caller): void {
    const type = request.headers['content-type'];
    if (type === undefined || !/^application\/json\s*(;|$)/i.test(type)) {
      request.resume();
      return refuse(reply, new Failure('unsupported_media_type', 'send content-type: application/json'));
    }
    const { accept } = request.headers;
    if (accept !== undefined && !/application\/(json|\*)|\*\/\*/i.test(accept)) {
      request.resume();
      return refuse(reply, new Failure('not_acceptable', 'accept application/json and text/event-stream'));
    }
    readBody(request, settings.maxMessageBytes, (failure, body) => {
      if (failure !== null) {
        if (failure.code === 'too_large') reply.header('connection', 'close');
        return refuse(reply, failure);
      }
      try {
        const message = parseMessage(body, { maxDepth: settings.maxDepth, check: 'strict' });
        receive(message, request, reply, endpoint, caller);
      } catch (error) {
        if (error instanceof MalformedMessage) refuse(reply, malformed(error));
        else if (error instanceof Failure) refuse(reply, error);
        else bug(reply, error);
      }
    });
  }

  function receive(
    message: Message,
    request: IncomingMessage,
    reply: Reply,
    endpoint: string | null,
    caller: Caller,
  ): void {
    if (eraOfRequest(message, request.headers) === 'modern')
      return receiveModern(message, request, reply, endpoint, caller);
    if (message.kind === 'request' && message.method === 'initialize')
      return initialize(message, reply, endpoint, caller);
    const session = sessionOf(request, endpoint, caller);
    if (session instanceof Failure) return refuse(reply, session, message);
    switch (message.kind) {
      case 'request':
        return session.endpoint.request(message, session.conversation.outlet(reply), null);
      case 'notification':
        return accept(reply, notify(session, message), message);
      default:
        takeAnswer(core, session.conversation, message);
        return reply.empty(202);
    }
  }

  function notify({ conversation, endpoint }: Session, message: Message): Failure | null {
    if (message.method === 'notifications/cancelled') {
      const { requestId } = message.marks;
      const id = requestId === null ? null : message.valueAt(requestId);
      const reason = message.json['params'] as { reason?: unknown } | undefined;
      if (typeof id === 'string' || typeof id === 'number') {
        conversation.calls
          .get(id)
          ?.cancel(typeof reason?.reason === 'string' ? reason.reason.slice(0, 500) : 'the client cancelled');
      }
      return null;
    }
    return endpoint.notification(message);
  }

  function accept(reply: Reply, failure: Failure | null, message: Message): void {
    if (failure === null) reply.empty(202);
    else refuse(reply, failure, message);
  }

  function initialize(message: Message, reply: Reply, name: string | null, caller: Caller): void {
    const conversation = conversationFor('legacy', name, caller);
    conversation.client = clientNameOf(message);
    const endpoint = endpointFor(conversation, name);
    const opened = sessions.open(conversation, endpoint);
    if (opened instanceof Failure) return refuse(reply, opened, message);
    reply.header('mcp-session-id', opened.id);
    endpoint.request(message, conversation.outlet(reply), null);
  }

  function receiveModern(
    message: Message,
    request: IncomingMessage,
    reply: Reply,
    name: string | null,
    caller: Caller,
  ): void {
    if (message.kind !== 'request') {
      if (message.kind === 'notification') return reply.empty(202);
      return refuse(
        reply,
        new Failure('invalid_request', 'answers are not sent to the server in this revision'),
        message,
      );
    }
    let headers: ReturnType<typeof readModernHeaders>;
    try {
      headers = readModernHeaders(message, request.headers);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return refuse(reply, error, message);
    }
    const conversation = conversationFor('modern', name, caller);
    conversation.client = clientNameOf(message);
    conversation.protocol = headers.version.slice(0, 40);
    modern.request(conversation, message, conversation.outlet(reply), headers);
  }

  function listen(request: IncomingMessage, reply: Reply, endpoint: string | null, caller: Caller): void {
    const version = request.headers['mcp-protocol-version'];
    if (typeof version === 'string' && eraOf(version) === 'modern') {
      reply.header('allow', 'POST');
      return refuse(reply, new Failure('method_not_allowed', 'this revision only posts; use subscriptions/listen'));
    }
    if (!(request.headers.accept ?? '').includes('text/event-stream')) {
      return refuse(reply, new Failure('not_acceptable', 'accept text/event-stream to listen'));
    }
    const session = sessionOf(request, endpoint, caller);
    if (session instanceof Failure) return refuse(reply, session);
    const last = request.headers['last-event-id'];
    session.conversation.listen(reply, typeof last === 'string' ? last : null);
  }

  function end(request: IncomingMessage, reply: Reply, endpoint: string | null, caller: Caller): void {
    const session = sessionOf(request, endpoint, caller);
    if (session instanceof Failure) return refuse(reply, session);
    session.conversation.end('the client ended the session');
    reply.empty(200);
  }

  function sessionOf(request: IncomingMessage, endpoint: string | null, caller: Caller): Session | Failure {
    const id = request.headers['mcp-session-id'];
    if (typeof id !== 'string') {
      return new Failure('invalid_request', 'the Mcp-Session-Id header is missing; begin with initialize');
    }
    const session = sessions.find(id, caller, endpoint);
    return session ?? new Failure('session_not_found', 'there is no such session; begin a new one with initialize');
  }

  function conversationFor(era: 'legacy' | 'modern', endpoint: string | null, caller: Caller): Conversation {
    const id = host.ambient.ids.next('con');
    return new Conversation(id, era, endpoint, caller, host.ambient.clock.now(), settings);
  }

  function endpointFor(conversation: Conversation, name: string | null): Endpoint {
    return name === null ? createMergedEndpoint(core, conversation) : createSingleEndpoint(core, conversation, name);
  }

  function unauthenticated(reply: Reply, request: IncomingMessage): void {
    request.resume();
    reply.header('www-authenticate', 'Bearer realm="mcpvault"');
    refuse(
      reply,
      new Failure(
        'unauthenticated',
        'send a valid personal token as "Authorization: Bearer mcpv_…"; make one in the console under Tokens',
      ),
    );
  }

  function refuse(reply: Reply, failure: Failure, message: Message | null = null): void {
    reply.answer(failureError(message, failure), statusOf(failure.code) === 200 ? 400 : statusOf(failure.code), null);
  }

  function bug(reply: Reply, error: unknown): void {
    host.log.error({ err: error }, 'a request to an MCP endpoint failed for a reason that is a bug');
    refuse(reply, new Failure('internal', 'something went wrong inside MCPVault'));
  }

  return { handle };
}

function malformed(error: MalformedMessage): Failure {
  switch (error.kind) {
    case 'not_json':
      return new Failure('parse_error', error.message);
    case 'too_deep':
      return new Failure('invalid_request', error.message);
    case 'batch':
      return new Failure(
        'invalid_request',
        'send one message at a time: batches were dropped from the protocol in 2025-06-18',
      );
    case 'not_jsonrpc':
      return new Failure('invalid_request', error.message);
  }
}
