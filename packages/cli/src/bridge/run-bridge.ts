import { CommandFailure } from '../command-failure.ts';
import { createCredentialStore } from '../credentials/credential-store.ts';
import { defaultHub, hubUrl, isReadableOnTheWay } from '../credentials/hub-url.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { Bridge } from './bridge.ts';
import { createBridgeCredential } from './bridge-credential.ts';
import type { BridgeOptions } from './bridge-options.ts';
import { bridgeTarget } from './bridge-target.ts';
import { createClientOutput } from './client-output.ts';
import { createHubHttp } from './hub-http.ts';
import { HubSide, mostBytes } from './hub-side.ts';
import { LineReader } from './line-reader.ts';
import { localServer } from './local-server.ts';

/** Milliseconds for which requests wait for a hub that is away, unless --timeout says otherwise. */
const usualPatience = 60_000;
/** More than this unsent, and the client is not read any further for the moment. */
const mostUnsent = 8 * 1024 * 1024;
const lookEvery = 20;

/** Resolves with the exit code once the client has gone, or the process was asked to end. */
export async function runBridge(options: BridgeOptions, io: Io): Promise<number> {
  const note = noteTo(io, options.quiet);
  const local = await localServer(options, io);
  if (local !== undefined) {
    const { governLocal } = await import('./govern-local.ts');
    return governLocal(local, io, note);
  }
  const store = createCredentialStore(io);
  const known = async (): Promise<string> =>
    hubUrl(options.hub ?? (io.env.MCPVAULT_HUB || (await store.current()) || defaultHub));
  const { hub: address, endpoint } = await bridgeTarget(options.target, known);
  if (isReadableOnTheWay(address)) note(`what goes to ${address} can be read on the way; use https`);
  if (io.stdin.isTTY === true)
    note('this is for AI clients, which speak JSON-RPC with it, a message a line; Ctrl-D ends it');

  const http = createHubHttp(endpoint, io.env);
  const { now, sleep } = io.clock;
  const hub = new HubSide({
    http,
    credential: createBridgeCredential({ io, hub: address, tokenFile: options.tokenFile }),
    hub: address,
    patience: options.timeoutMs ?? usualPatience,
    note,
    now,
    sleep,
    random: io.random,
  });
  const output = createClientOutput(io.stdout);
  const bridge = new Bridge({ hub, output, note, sleep });
  const how = await conversationEnds(io, bridge);
  if (how === 'finished') await bridge.finish();
  else await bridge.end();
  await output.flushed();
  http.close();
  io.stdin.destroy();
  return exitCodes.ok;
}

/** Reads the client until it ends, its reader is gone, or the process is asked to end. */
function conversationEnds(io: Io, bridge: Bridge): Promise<'finished' | 'broken'> {
  const { stdin, stdout, interrupted, clock } = io;
  return new Promise((resolve) => {
    const lines = new LineReader(mostBytes, {
      line: (line) => bridge.receive(line),
      tooLong: () => bridge.tooLong(),
    });
    stdin.on('data', (chunk: Buffer) => {
      lines.push(chunk);
      if (bridge.waitingBytes > mostUnsent) void untilSent();
    });
    async function untilSent(): Promise<void> {
      stdin.pause();
      while (bridge.waitingBytes > mostUnsent && !interrupted.aborted) await clock.sleep(lookEvery, interrupted);
      stdin.resume();
    }
    stdin.on('end', () => {
      lines.end();
      resolve('finished');
    });
    stdin.on('error', () => resolve('broken'));
    stdout.on('error', () => resolve('broken'));
    stdout.on('close', () => resolve('broken'));
    interrupted.addEventListener('abort', () => resolve('broken'));
  });
}

/** stderr is for people; the client shows or keeps it as it likes. A secret never reaches a note. */
function noteTo(io: Io, quiet: boolean): (text: string) => void {
  let last = '';
  return (text) => {
    if (quiet || text === last || !io.stderr.writable) return;
    last = text;
    io.stderr.write(`mcpvault bridge: ${text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ')}\n`);
  };
}

/** A wrong command line, or credentials that cannot be read: said on stderr, and nothing on stdout. */
export function reportFailure(error: unknown, io: Io): number {
  if (!(error instanceof CommandFailure)) throw error;
  io.stderr.write(`mcpvault bridge: ${[error.message, error.fix].filter(Boolean).join(' ')}\n`);
  return exitCodes[error.exit];
}
