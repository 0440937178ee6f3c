// One run of one command: the options it was given, how it speaks, and its way to the hub. Commands get this and nothing
// of the process. What talks to the hub is loaded when it is first needed, so that help and completion stay quick.
import type { Command } from 'commander';
import { usageFailure } from './command-failure.ts';
import type { HubConnection } from './connection/hub-connection.ts';
import { type Credential, type CredentialStore, createCredentialStore } from './credentials/credential-store.ts';
import { defaultHub, hubUrl } from './credentials/hub-url.ts';
import type { ExitName } from './exit-codes.ts';
import type { Io } from './io.ts';
import { createOutput, type Output } from './output/output.ts';
import { type GlobalOptions, readSettings, type Settings } from './settings.ts';
import { ask, askHidden } from './terminal/ask.ts';

export interface Invocation {
  readonly io: Io;
  readonly settings: Settings;
  readonly out: Output;
  readonly credentials: CredentialStore;
  /** The address of the hub this run is about: flag, environment, the one signed in to last, or the default. */
  hub(): Promise<string>;
  /**
   * `timeoutMs` holds unless --timeout was given; half a minute when left out. `credential` stands in for the stored one,
   * as it is: it is never renewed.
   */
  connect(timeoutMs?: number, credential?: Credential): Promise<HubConnection>;
  /** Asks on the terminal; a usage failure with `otherwise` as its fix when no question may be asked. */
  ask(question: string, otherwise: string): Promise<string>;
  askHidden(question: string, otherwise: string): Promise<string>;
  /** Asks for a yes unless `agreed`; a usage failure when no question may be asked, `declined` when the answer is no. */
  confirm(question: string, agreed: boolean | undefined): Promise<boolean>;
}

/** What a command resolves to: how it ended, `ok` when it says nothing. Failures are thrown. */
export type Outcome = ExitName | void;

/** Where the program says how it ended. */
export interface Host {
  readonly io: Io;
  finish(exit: ExitName): void;
}

/** Makes a commander action of a handler. The handler's arguments are the command's own, its options as the last. */
export function action<Args extends unknown[]>(
  host: Host,
  handler: (run: Invocation, ...args: Args) => Promise<Outcome>,
): (this: Command, ...given: unknown[]) => Promise<void> {
  return async function (...given) {
    const run = createInvocation(host.io, this.optsWithGlobals<GlobalOptions>());
    // Commander passes the operands, the options, and the command itself.
    const args = given.slice(0, -1) as Args;
    host.finish((await handler(run, ...args)) ?? 'ok');
  };
}

const usualTimeout = 30_000;

export function createInvocation(io: Io, options: GlobalOptions): Invocation {
  const settings = readSettings(options, io);
  const credentials = createCredentialStore(io);
  const hub = async (): Promise<string> => hubUrl(settings.hub ?? (await credentials.current()) ?? defaultHub);
  const mustAsk = (otherwise: string): void => {
    if (!settings.asks) throw usageFailure('This needs an answer, and no question may be asked here.', otherwise);
  };
  return {
    io,
    settings,
    out: createOutput(io, settings),
    credentials,
    hub,
    connect: async (timeoutMs = usualTimeout, credential) => {
      const { createHubConnection } = await import('./connection/hub-connection.ts');
      const bounds = { io, hub: await hub(), timeoutMs: settings.timeoutMs ?? timeoutMs };
      return createHubConnection({ ...bounds, store: credentials, credential });
    },
    ask: async (question, otherwise) => {
      mustAsk(otherwise);
      return ask(io, question);
    },
    askHidden: async (question, otherwise) => {
      mustAsk(otherwise);
      return askHidden(io, question);
    },
    confirm: async (question, agreed) => {
      if (agreed === true) return true;
      mustAsk('Confirm with --yes.');
      return /^y(?:es)?$/i.test((await ask(io, `${question} [y/N]`)).trim());
    },
  };
}
