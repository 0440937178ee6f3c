import type { ServerResponse } from 'node:http';
import { encodeSse } from '@mcpvault/protocol/transport/sse';
import type { Channel } from './channel.ts';

/** A client that leaves this many bytes unread is not kept waiting for. */
const tooFarBehind = 64 * 1024 * 1024;
const roomFor = 1024 * 1024;
const stillHere = Buffer.from(': still here\n\n');

/** A stream of events to one client. */
export class SseChannel implements Channel {
  readonly #response: ServerResponse;
  #ended = false;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  /** Says where to post, which is the first thing on every such stream. */
  begin(endpoint: string): void {
    this.#response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    this.#write(Buffer.from(`event: endpoint\ndata: ${endpoint}\n\n`));
  }

  get gone(): boolean {
    return this.#ended || this.#response.destroyed || this.#response.closed;
  }

  send(message: Buffer): void {
    this.#write(encodeSse(message));
  }

  beat(): void {
    this.#write(stillHere);
  }

  close(): void {
    if (this.gone) return;
    this.#ended = true;
    this.#response.end();
  }

  cut(): void {
    this.#response.destroy();
  }

  hasRoom(): boolean {
    return this.gone || this.#response.writableLength < roomFor;
  }

  onRoom(resume: () => void): void {
    const response = this.#response;
    if (this.hasRoom()) return queueMicrotask(resume);
    const go = (): void => {
      response.off('drain', go);
      response.off('close', go);
      resume();
    };
    response.on('drain', go);
    response.on('close', go);
  }

  #write(bytes: Buffer): void {
    if (this.gone) return;
    this.#response.write(bytes);
    if (this.#response.writableLength > tooFarBehind) this.#response.destroy();
  }
}
