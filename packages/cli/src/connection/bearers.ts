// Which bearer to send. A sign-in is renewed shortly before it expires; since a refresh token works once and using it twice
// ends the whole sign-in, only one process at a time may renew, and the others take what it stored.
import { CommandFailure } from '../command-failure.ts';
import type { CredentialStore, SignIn } from '../credentials/credential-store.ts';
import type { Io } from '../io.ts';

/** Renewed this many milliseconds before its end, so that a call that starts now still arrives in time. */
const margin = 30_000;

export interface Bearers {
  /** The bearer to send now; null when there is none. Renews first where that is due. */
  current(): Promise<string | null>;
  /** The hub did not accept the one sent last. True: there is a new one. */
  renew(): Promise<boolean>;
}

/** What the hub answers to a login or a refresh. `expiresIn` is in seconds. */
export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresIn: number;
}

export interface BearerSource {
  readonly io: Io;
  readonly hub: string;
  readonly store: CredentialStore;
  /** Asks the hub for the next pair; rejects with a `CommandFailure`, `not_signed_in` when the refresh token is dead. */
  readonly refresh: (refreshToken: string) => Promise<TokenPair>;
}

export function createBearers({ io, hub, store, refresh }: BearerSource): Bearers {
  let sent: string | null = null;

  async function renewed(stale: string): Promise<string | null> {
    let ended: CommandFailure | undefined;
    const after = await store.update(hub, async (stored) => {
      if (stored?.kind !== 'sign-in' || stored.accessToken !== stale) return stored;
      try {
        return signInFrom(stored.email, await refresh(stored.refreshToken), io);
      } catch (error) {
        if (!(error instanceof CommandFailure) || error.exit !== 'not_signed_in') throw error;
        ended = signInEnded(hub);
        return undefined;
      }
    });
    if (ended !== undefined) throw ended;
    return after === undefined ? null : after.kind === 'token' ? after.token : after.accessToken;
  }

  return {
    async current() {
      const fixed = io.env.MCPVAULT_TOKEN;
      if (fixed) return fixed;
      const stored = await store.get(hub);
      if (stored === undefined) sent = null;
      else if (stored.kind === 'token') sent = stored.token;
      else if (stored.accessExpiresAt - margin > io.clock.now()) sent = stored.accessToken;
      else sent = await renewed(stored.accessToken);
      return sent;
    },
    async renew() {
      if (io.env.MCPVAULT_TOKEN || sent === null) return false;
      const refused = sent;
      sent = await renewed(refused);
      return sent !== null && sent !== refused;
    },
  };
}

export function signInFrom(email: string, pair: TokenPair, io: Io): SignIn {
  const { accessToken, refreshToken, expiresIn } = pair;
  return { kind: 'sign-in', email, accessToken, refreshToken, accessExpiresAt: io.clock.now() + expiresIn * 1000 };
}

function signInEnded(hub: string): CommandFailure {
  return new CommandFailure('not_signed_in', 'sign_in_ended', `Your sign-in to ${hub} has ended.`, {
    fix: 'Sign in again with: mcpvault login',
  });
}
