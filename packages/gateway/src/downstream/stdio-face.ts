// The face for the one client that started this process and speaks JSON-RPC with it, a message a line: both eras, judged,
// recorded and answered exactly as over Streamable HTTP. Who is asking was settled by whoever started it.
import type { Readable, Writable } from 'node:stream';
import { Failure } from '@mcpvault/domain/failure';
import type { Caller } from '@mcpvault/domain/identity/caller';
import type { Core } from '../session/core.ts';
import { LineFramer } from '../upstream/process/line-framer.ts';
import type { Channels } from './channels.ts';
import { failureOf } from './refusals.ts';
import { failureError } from './rpc-error.ts';
import { StdioChannel } from './stdio-channel.ts';

export interface StdioClient {
  readonly input: Readable;
  readonly output: Writable;
  readonly caller: Caller;
  /** What the host's `identify` knows the caller by. */
  readonly credential: string;
  /** A server's name, or null for all merged. */
  readonly endpoint: string | null;
  /** Aborts when the conversation has to end at once. */
  readonly interrupted: AbortSignal;
}

/** Resolves once the conversation is over, with why, for people. Never rejects. */
export type StdioFace = (client: StdioClient) => Promise<string>;

/** Milliseconds that the answers under way get when the client has said its last. */
const lastAnswers = 1_500;
const lookEvery = 10;

export function createStdioFace({ core, channels }: { readonly core: Core; readonly channels: Channels }): StdioFace {
  const { host, settings } = core;
  return ({ input, output, caller, credential, endpoint, interrupted }) =>
    new Promise((resolve) => {
      const end = (why: string): void => {
        interrupted.removeEventListener('abort', stop);
        input.pause();
        open.closed();
        resolve(why);
      };
      const channel = new StdioChannel(output, end);
      const open = channels.add({ channel, endpoint, caller, credential, address: null, carriesModern: true });
      const { client } = open;
      const stop = (): void => channel.close('it was asked to end');

      /** What came while the greeting was under way: some clients say all at once. */
      let waiting: Buffer[] | null = null;
      const takeNext = (): void => {
        if (waiting === null || client.owed > 0) return;
        const lines = waiting;
        waiting = null;
        for (const line of lines) take(line);
      };
      channel.onSaid = () => queueMicrotask(takeNext);

      const take = (line: Buffer): void => {
        if (waiting !== null) return void waiting.push(line);
        try {
          for (const message of client.read(line)) {
            if (message.method === 'initialize' && !client.hasSession) waiting = [];
            const failure = client.receive(message, caller, () => undefined);
            // Nothing answers a notification; the record has what was refused, and why.
            if (failure !== null) host.log.debug({ code: failure.code }, 'a message over stdio was refused');
          }
        } catch (error) {
          channel.send(failureError(null, failureOf(error, host.log)));
        }
      };
      const lines = new LineFramer(settings.maxMessageBytes, take, () => {
        const text = `a message may have at most ${settings.maxMessageBytes} bytes`;
        channel.send(failureError(null, new Failure('too_large', text)));
        channel.close('the client sent a message that was too long');
      });

      input.on('data', (chunk: Buffer) => {
        lines.push(chunk);
        if (channel.hasRoom()) return;
        // So that a client cannot ask faster than it listens.
        input.pause();
        channel.onRoom(() => input.resume());
      });
      input.on('end', () => void finish());
      input.on('error', () => channel.close('the client is gone'));
      interrupted.addEventListener('abort', stop);
      if (interrupted.aborted) stop();

      async function finish(): Promise<void> {
        const until = host.ambient.clock.micros() + lastAnswers * 1000;
        while ((client.owed > 0 || waiting !== null) && host.ambient.clock.micros() < until) await pause(lookEvery);
        channel.close('the client has said its last');
      }
    });
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
