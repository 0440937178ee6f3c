import { readFile } from 'node:fs/promises';
import { CommandFailure } from '../command-failure.ts';
import { type Bearers, createBearers, type TokenPair } from '../connection/bearers.ts';
import { createCredentialStore } from '../credentials/credential-store.ts';
import type { Io } from '../io.ts';
import { BridgeFailure } from './bridge-failure.ts';

/** What the bridge shows the hub; remembered between messages, looked up anew when the hub refuses it. */
export interface BridgeCredential {
  /** Rejects with `BridgeFailure` when there is none. */
  bearer(): Promise<string>;
  /** The hub refused this bearer. True: there is another one to try. */
  refused(bearer: string): Promise<boolean>;
}

export interface CredentialSource {
  readonly io: Io;
  readonly hub: string;
  /** Holds a personal token; stands before everything else. */
  readonly tokenFile: string | undefined;
}

/** A sign-in is asked for again after so many milliseconds, so that it is renewed before it ends. */
const keptFor = 10_000;

export function createBridgeCredential({ io, hub, tokenFile }: CredentialSource): BridgeCredential {
  const bearers = tokenFile === undefined ? storedBearers(io, hub) : fileBearers(tokenFile);
  let known: { readonly bearer: Promise<string>; readonly at: number } | null = null;

  async function ask(): Promise<string> {
    const bearer = await translated(() => bearers.current());
    if (bearer === null || bearer === '') {
      throw new BridgeFailure('unauthenticated', `MCPVault does not know who you are at ${hub}. ${howToSignIn(hub)}`);
    }
    return bearer;
  }

  return {
    bearer() {
      const now = io.clock.now();
      if (known === null || now >= known.at + keptFor) {
        const bearer = ask();
        // A failure is not kept: signing in meanwhile helps at once.
        bearer.catch(() => (known = null));
        known = { bearer, at: now };
      }
      return known.bearer;
    },
    async refused(bearer) {
      known = null;
      const renewed = await translated(() => bearers.renew());
      return renewed || (await ask().catch(() => bearer)) !== bearer;
    },
  };
}

/** For a person who reads it in the log of an AI client. */
export function howToSignIn(hub: string): string {
  return `Sign in with "mcpvault login --hub ${hub}", or put a personal token into MCPVAULT_TOKEN; then try again.`;
}

function storedBearers(io: Io, hub: string): Bearers {
  const refresh = async (refreshToken: string): Promise<TokenPair> => {
    // Once an hour at most; all that is needed for it would slow down every start.
    const { refreshSignIn } = await import('./refresh-sign-in.ts');
    return refreshSignIn(io, hub, refreshToken);
  };
  return createBearers({ io, hub, store: createCredentialStore(io), refresh });
}

function fileBearers(path: string): Bearers {
  return {
    async current() {
      try {
        return (await readFile(path, 'utf8')).trim();
      } catch (error) {
        const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
        throw new BridgeFailure('unauthenticated', `The token file ${path} cannot be read (${why}).`);
      }
    },
    renew: () => Promise.resolve(false),
  };
}

async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    const code = error.exit === 'unreachable' ? 'hub_unreachable' : 'unauthenticated';
    throw new BridgeFailure(code, [error.message, error.fix].filter(Boolean).join(' '));
  }
}
