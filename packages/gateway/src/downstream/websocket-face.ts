// The face for clients that speak over a WebSocket, with the subprotocol `mcp`: both eras, one message in each text frame.
// Who is asking is settled at the upgrade and looked at again with every message.
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { Failure, failures } from '@mcpvault/domain/failure';
import type { Caller } from '@mcpvault/domain/identity/caller';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Core } from '../session/core.ts';
import { worthCounting } from '../session/held-bytes.ts';
import { addressOfMessage } from './address-of.ts';
import type { ChannelOrder, Channels, OpenChannel } from './channels.ts';
import type { Door } from './door.ts';
import { bearerOf } from './guards.ts';
import { challengeOf, failureOf, pathOfEndpoint, unauthenticatedFailure } from './refusals.ts';
import { failureError } from './rpc-error.ts';
import { Turnstile } from './turnstile.ts';
import { WebSocketChannel } from './websocket-channel.ts';

/** `endpoint` is a server's name, or null for the merged endpoint. Never throws. */
export type WebSocketFace = (request: IncomingMessage, socket: Duplex, head: Buffer, endpoint: string | null) => void;

export interface WebSocketFaceDeps {
  readonly core: Core;
  readonly channels: Channels;
  readonly door: Door;
}

type Guest = Pick<ChannelOrder, 'endpoint' | 'caller' | 'credential' | 'address'>;

const subprotocol = 'mcp';
/** Codes for applications: the credential is not accepted any more; what came is no message. */
const closeCodes = { unauthenticated: 4401, notText: 1003, busy: 1013 } as const;
/** Milliseconds that whoever was refused gets to read why. */
const patience = 1_000;

export function createWebSocketFace({ core, channels, door }: WebSocketFaceDeps): WebSocketFace {
  const { host, settings } = core;
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: settings.maxMessageBytes,
    perMessageDeflate: false,
    handleProtocols: () => subprotocol,
  });

  function welcome(socket: WebSocket, wire: Duplex, guest: Guest): void {
    const { caller, credential } = guest;
    const channel = new WebSocketChannel(socket, wire);
    const open = channels.add({ channel, ...guest, carriesModern: true });
    const arriving = new Arriving(core, caller, () =>
      channel.closeWith(closeCodes.busy, 'too much at once; try again'),
    );
    wire.on('data', (chunk: Buffer) => arriving.more(chunk.length));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      arriving.settled();
      open.closed();
    });
    const credentials = new Turnstile(host.identity, credential, caller);
    socket.on('message', (data, isBinary) => {
      channel.heard();
      arriving.settled();
      if (isBinary) return channel.closeWith(closeCodes.notText, 'messages are text');
      credentials.pass((now) => {
        if (now === null) return channel.closeWith(closeCodes.unauthenticated, unauthenticatedFailure().message);
        take(data as Buffer, now, channel, open);
      });
      if (credentials.isFree && channel.hasRoom()) return;
      // So that a client cannot ask faster than it listens.
      socket.pause();
      credentials.whenFree(() => channel.onRoom(() => socket.resume()));
    });
  }

  function take(data: Buffer, caller: Caller, channel: WebSocketChannel, { client }: OpenChannel): void {
    try {
      for (const message of client.read(data)) {
        const failure = client.receive(message, caller, () => undefined);
        // Nothing answers a notification; the record has what was refused, and why.
        if (failure !== null) host.log.debug({ code: failure.code }, 'a message on a WebSocket was refused');
      }
    } catch (error) {
      channel.send(failureError(null, failureOf(error, host.log)));
    }
  }

  return (request, socket, head, endpoint) => {
    socket.on('error', () => socket.destroy());
    const refuse = (failure: Failure): void => {
      const about = { identity: host.identity, host: request.headers.host, path: pathOfEndpoint(endpoint) };
      refuseUpgrade(socket, failure, challengeOf(failure, about));
    };
    if (bearerOf(request) === null && request.headers.origin !== undefined) {
      const text =
        'a WebSocket needs an Authorization header at its upgrade, which pages in browsers cannot send, and a token never goes into a URL; pages use Streamable HTTP at the same address';
      return refuse(new Failure('unauthenticated', text));
    }
    door(request, endpoint, refuse, (caller, credential) => {
      if (!offered(request).includes(subprotocol)) {
        return refuse(new Failure('invalid_request', 'offer the subprotocol mcp (Sec-WebSocket-Protocol: mcp)'));
      }
      const busy = channels.refused(caller);
      if (busy !== null) return refuse(busy);
      const guest: Guest = { endpoint, caller, credential, address: addressOfMessage(request, settings.proxies) };
      server.handleUpgrade(request, socket, head, (client) => welcome(client, socket, guest));
    });
  };
}

/** Bytes of a message that has not come in whole count as its member's, as those of other large messages do. */
class Arriving {
  readonly #core: Core;
  readonly #caller: Caller;
  readonly #full: () => void;
  #bytes = 0;
  #held = 0;

  constructor(core: Core, caller: Caller, full: () => void) {
    this.#core = core;
    this.#caller = caller;
    this.#full = full;
  }

  more(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes < worthCounting) return;
    const { held } = this.#core;
    const { member } = this.#caller;
    if (!held.hasRoom(member, this.#bytes - this.#held)) return this.#full();
    held.give(member, this.#held);
    held.take(member, this.#bytes);
    this.#held = this.#bytes;
  }

  settled(): void {
    this.#core.held.give(this.#caller.member, this.#held);
    this.#bytes = 0;
    this.#held = 0;
  }
}

function offered({ headers }: IncomingMessage): readonly string[] {
  return (headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim());
}

/** Says why in plain HTTP, since there is no WebSocket yet. */
function refuseUpgrade(socket: Duplex, failure: Failure, challenge: string | null): void {
  const { status } = failures[failure.code];
  const body = failureError(null, failure);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}`,
    'content-type: application/json',
    `content-length: ${body.length}`,
    'connection: close',
    ...(challenge === null ? [] : [`www-authenticate: ${challenge}`]),
  ];
  socket.end(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]));
  setTimeout(() => socket.destroy(), patience).unref();
}
