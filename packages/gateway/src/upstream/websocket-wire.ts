// A connection to a server over a WebSocket with the subprotocol `mcp`: one JSON-RPC message in each text frame.
import { Failure } from '@mcpvault/domain/failure';
import { WebSocket } from 'ws';
import { guardedLookup } from '../outbound/guarded-lookup.ts';
import type { GatewaySettings } from '../ports.ts';
import { CredentialRefused } from './credential-refused.ts';
import { HeldUntilOpen, type HeldMessage } from './held-until-open.ts';
import { reasonOf } from './reason-of.ts';
import { mostWaiting, type Wire, type WireEvents } from './wire.ts';

export interface WebSocketTarget {
  /** The server's name, for messages to people. */
  readonly server: string;
  readonly url: string;
  /** The definition's own. May hold secrets. */
  readonly headers: Readonly<Record<string, string>>;
  readonly settings: GatewaySettings;
}

/** Milliseconds between signs of life that are asked for; a server that shows none until the next is gone. */
const pingEvery = 30_000;
const closeTime = 1_000;

type Code = 'upstream_invalid' | 'upstream_unavailable' | 'busy';

export class WebSocketWire implements Wire {
  readonly #target: WebSocketTarget;
  readonly #events: WireEvents;
  readonly #held = new HeldUntilOpen();
  readonly #socket: WebSocket;
  #over = false;
  #heard = true;
  #ping: NodeJS.Timeout | null = null;

  constructor(target: WebSocketTarget, events: WireEvents) {
    this.#target = target;
    this.#events = events;
    const { connectTimeout, maxMessageBytes, serverPlaces } = target.settings;
    const url = serverPlaces.judgeUrl(target.url);
    const socket = new WebSocket(url, 'mcp', {
      lookup: guardedLookup(serverPlaces, url.protocol === 'wss:'),
      headers: target.headers,
      handshakeTimeout: connectTimeout,
      maxPayload: maxMessageBytes,
      perMessageDeflate: false,
      followRedirects: false,
    });
    this.#socket = socket;
    socket.on('unexpected-response', (_request, response) => {
      response.resume();
      this.#refused(response.statusCode ?? 0, response.headers['www-authenticate'] ?? null);
      socket.terminate();
    });
    socket.on('open', () => this.#opened());
    socket.on('pong', () => (this.#heard = true));
    socket.on('message', (data, isBinary) => this.#frame(data as Buffer, isBinary));
    socket.on('error', (error: Error & { code?: string }) => this.#broken(error));
    socket.on('close', () => this.#lose('upstream_unavailable', 'closed the connection'));
  }

  send(bytes: Buffer, taken: () => void, failed: (failure: Failure) => void): void {
    const message = { bytes, taken, failed };
    if (this.#over) queueMicrotask(() => failed(this.#failure('upstream_unavailable', 'closed the connection')));
    else if (!this.#held.hold(message)) this.#write(message);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    if (this.#over) return;
    this.#end();
    for (const { taken } of this.#held.release()) queueMicrotask(taken);
    this.#socket.close(1000);
    setTimeout(() => this.#socket.terminate(), closeTime).unref();
  }

  #opened(): void {
    for (const message of this.#held.release()) this.#write(message);
    this.#ping = setInterval(() => this.#look(), pingEvery);
    this.#ping.unref();
  }

  #look(): void {
    if (!this.#heard && !this.#socket.isPaused) {
      this.#socket.terminate();
      return this.#lose('upstream_unavailable', 'showed no sign of life');
    }
    this.#heard = false;
    this.#socket.ping();
  }

  #write({ bytes, taken, failed }: HeldMessage): void {
    if (this.#socket.bufferedAmount > mostWaiting.bytes) {
      return queueMicrotask(() => failed(this.#failure('busy', 'reads more slowly than messages come in; try again')));
    }
    this.#socket.send(bytes, { binary: false }, (error) => {
      if (error == null) taken();
      else failed(this.#failure('upstream_unavailable', 'closed the connection'));
    });
  }

  #frame(data: Buffer, isBinary: boolean): void {
    this.#heard = true;
    if (this.#over) return;
    if (!isBinary) return this.#events.message(data);
    this.#lose('upstream_invalid', 'sent a binary frame; messages are text');
    this.#socket.close(1003, 'messages are text');
  }

  #refused(status: number, challenge: string | null): void {
    if (status === 401 || status === 403) {
      return this.#loseWith(new CredentialRefused(this.#target.server, status, challenge));
    }
    const lasting = status < 500 && status !== 429 && status !== 408;
    const how = `answered with HTTP ${status} instead of a WebSocket`;
    this.#lose(lasting ? 'upstream_invalid' : 'upstream_unavailable', how);
  }

  #broken(error: Error & { code?: string }): void {
    const { maxMessageBytes } = this.#target.settings;
    if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') {
      return this.#lose('upstream_invalid', `sent more than ${maxMessageBytes} bytes in one message`);
    }
    if (error.code?.startsWith('WS_ERR_') === true)
      return this.#lose('upstream_invalid', 'broke the rules of WebSockets');
    if (/subprotocol/i.test(error.message)) {
      return this.#lose('upstream_invalid', 'does not take the subprotocol mcp on its WebSocket');
    }
    if (/handshake has timed out/i.test(error.message)) {
      return this.#lose('upstream_unavailable', 'did not take the connection in time');
    }
    this.#lose('upstream_unavailable', `could not be reached: ${reasonOf(error)}`);
  }

  #lose(code: Code, why: string): void {
    this.#loseWith(this.#failure(code, why));
  }

  #loseWith(failure: Failure): void {
    if (this.#over) return;
    this.#end();
    queueMicrotask(() => {
      this.#events.lost(failure);
      for (const { failed } of this.#held.release()) failed(failure);
    });
  }

  #end(): void {
    this.#over = true;
    if (this.#ping !== null) clearInterval(this.#ping);
  }

  #failure(code: Code, why: string): Failure {
    return new Failure(code, `the server "${this.#target.server}" ${why}`);
  }
}
