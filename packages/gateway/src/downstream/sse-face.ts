// The face for clients of 2024-11-05: a stream whose first event names the address to which they post, and on which all
// answers come. The session in that address finds the stream; it never proves who is asking.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Failure, failures } from '@mcpvault/domain/failure';
import { type Principal, principalOf, type Caller } from '@mcpvault/domain/identity/caller';
import type { Core } from '../session/core.ts';
import { addressOfMessage } from './address-of.ts';
import type { Channels, OpenChannel } from './channels.ts';
import type { Door } from './door.ts';
import { readBody } from './read-body.ts';
import { challengeOf, failureOf } from './refusals.ts';
import { HttpReply } from './reply.ts';
import { failureError } from './rpc-error.ts';
import { SseChannel } from './sse-channel.ts';

/** `stream`: `…/sse`; `message`: `…/sse/message?sessionId=…`. */
export type SsePart = 'stream' | 'message';

/** `endpoint` is a server's name, or null for the merged endpoint. Never throws. */
export type SseFace = (
  request: IncomingMessage,
  response: ServerResponse,
  endpoint: string | null,
  part: SsePart,
) => void;

export interface SseFaceDeps {
  readonly core: Core;
  readonly channels: Channels;
  readonly door: Door;
}

interface Found {
  readonly channel: SseChannel;
  readonly open: OpenChannel;
  readonly owner: Principal;
  readonly endpoint: string | null;
}

export function createSseFace({ core, channels, door }: SseFaceDeps): SseFace {
  const { host, settings } = core;
  const found = new Map<string, Found>();

  function stream(request: IncomingMessage, response: ServerResponse, endpoint: string | null): void {
    const refuse = (failure: Failure): void => challenged(request, response, failure);
    door(request, endpoint, refuse, (caller, credential) => {
      if (request.method !== 'GET') return notAllowed(response, 'GET', 'this address takes GET: it is a stream');
      const { accept } = request.headers;
      if (accept !== undefined && !/text\/(event-stream|\*)|\*\/\*/i.test(accept)) {
        return refuse(new Failure('not_acceptable', 'accept text/event-stream'));
      }
      const busy = channels.refused(caller);
      if (busy !== null) return refuse(busy);
      const id = Buffer.from(host.ambient.random.bytes(24)).toString('base64url');
      const channel = new SseChannel(response);
      const address = addressOfMessage(request, settings.proxies);
      const open = channels.add({ channel, endpoint, caller, credential, address, carriesModern: false });
      found.set(id, { channel, open, owner: principalOf(caller), endpoint });
      response.once('close', () => {
        found.delete(id);
        open.closed();
      });
      channel.begin(`${pathOf(request)}/message?sessionId=${id}`);
    });
  }

  function message(request: IncomingMessage, response: ServerResponse, endpoint: string | null): void {
    const refuse = (failure: Failure): void => challenged(request, response, failure);
    door(request, endpoint, refuse, (caller) => {
      if (request.method !== 'POST') return notAllowed(response, 'POST', 'messages are posted here');
      const type = request.headers['content-type'];
      if (type === undefined || !/^application\/json\s*(;|$)/i.test(type)) {
        return refuse(new Failure('unsupported_media_type', 'send content-type: application/json'));
      }
      const id = new URLSearchParams((request.url ?? '').split('?', 2)[1] ?? '').get('sessionId');
      const at = id === null ? undefined : found.get(id);
      if (at === undefined || at.owner !== principalOf(caller) || at.endpoint !== endpoint) {
        return refuse(new Failure('session_not_found', 'there is no such session; open the stream again'));
      }
      const address = addressOfMessage(request, settings.proxies);
      read(request, caller, refuse, (body) => {
        at.open.client.address = address;
        take(at, caller, body, response);
      });
    });
  }

  function take({ channel, open }: Found, caller: Caller, body: Buffer, response: ServerResponse): void {
    try {
      const messages = open.client.read(body);
      let untaken = messages.length;
      const taken = (): void => {
        // Not before the client has read most of what was said to it: so it cannot ask faster than it listens.
        if (--untaken === 0) channel.onRoom(() => new HttpReply(response, false).empty(202));
      };
      for (const message of messages) {
        const failure = open.client.receive(message, caller, taken);
        // Of a batch that was refused in part, the rest is taken all the same.
        if (failure !== null && messages.length === 1) return refused(response, failure);
        if (failure !== null) taken();
      }
    } catch (error) {
      refused(response, failureOf(error, host.log));
    }
  }

  /** The bytes count as the member's until the message was taken. */
  function read(
    request: IncomingMessage,
    { member }: Caller,
    refuse: (failure: Failure) => void,
    done: (body: Buffer) => void,
  ): void {
    let held = 0;
    const hasRoom = (bytes: number): boolean => {
      if (!core.held.hasRoom(member, bytes - held)) return false;
      core.held.give(member, held);
      core.held.take(member, bytes);
      held = bytes;
      return true;
    };
    readBody(request, settings.maxMessageBytes, hasRoom, (failure, body) => {
      if (failure === null) done(body);
      core.held.give(member, held);
      if (failure !== null) refuse(failure);
    });
  }

  function challenged(request: IncomingMessage, response: ServerResponse, failure: Failure): void {
    const about = {
      identity: host.identity,
      host: request.headers.host,
      path: pathOf(request).replace(/\/message$/, ''),
    };
    const challenge = challengeOf(failure, about);
    if (challenge !== null) response.setHeader('www-authenticate', challenge);
    refused(response, failure);
  }

  return (request, response, endpoint, part) =>
    part === 'stream' ? stream(request, response, endpoint) : message(request, response, endpoint);
}

function refused(response: ServerResponse, failure: Failure): void {
  const reply = new HttpReply(response, false);
  if (failure.code === 'shutting_down') reply.header('retry-after', '5');
  if (failure.code === 'too_large' || failure.code === 'busy') reply.header('connection', 'close');
  reply.answer(failureError(null, failure), failures[failure.code].status, null);
}

function notAllowed(response: ServerResponse, allow: string, text: string): void {
  response.setHeader('allow', allow);
  refused(response, new Failure('method_not_allowed', text));
}

/** As the client wrote it, so that it fits whatever stands in front of the hub. */
function pathOf({ url = '/' }: IncomingMessage): string {
  return (url.split('?', 1)[0] ?? '/').replace(/\/+$/, '');
}
