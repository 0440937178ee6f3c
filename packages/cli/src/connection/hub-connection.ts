// The way to one hub: its operations with failures translated, and the bearer for its MCP endpoints and live feed.
import { ApiError, type Client, createClient } from '@mcpvault/contract/client';
import { operations } from '@mcpvault/contract/operations';
import { pathParameters } from '@mcpvault/contract/route';
import { CommandFailure, usageFailure } from '../command-failure.ts';
import type { Credential, CredentialStore } from '../credentials/credential-store.ts';
import type { Io } from '../io.ts';
import { createBoundedFetch, type Fetch } from './bounded-fetch.ts';
import { type Bearers, createBearers } from './bearers.ts';
import { hubFailure, notSignedIn } from './hub-failure.ts';

export interface HubConnection {
  /** Its address, without a trailing slash. */
  readonly hub: string;
  /** Rejects with a `CommandFailure` for everything the hub or the network can say. */
  readonly call: Client['call'];
  readonly fetch: Fetch;
  /** As `fetch`, but Ctrl-C does not end it: for what must still be said when the person gives up. */
  readonly lastingFetch: Fetch;
  /** For endpoints beside the API; rejects with `not_signed_in` when there is none. */
  bearer(): Promise<string>;
  /** See `Bearers.renew`. */
  renew(): Promise<boolean>;
}

interface Settings {
  readonly io: Io;
  readonly hub: string;
  readonly store: CredentialStore;
  /** Stands in for the stored one, and is never renewed. */
  readonly credential?: Credential | undefined;
  /** Milliseconds one answer may take. */
  readonly timeoutMs: number;
}

/** Long enough for a slow hub; others wait for it, so it is not the command's own. */
const refreshTimeout = 20_000;

export function createHubConnection({ io, hub, store, credential, timeoutMs }: Settings): HubConnection {
  // Ctrl-C does not cut a renewal short: the hub may have used up the old token already.
  const never = new AbortController().signal;
  const lasting = createCall(createBoundedFetch(io, hub, refreshTimeout, never), hub);
  const refresh = (refreshToken: string) => lasting('refresh', { refreshToken });
  const bearers = credential ? fixedBearer(credential) : createBearers({ io, hub, store, refresh });
  const fetch = createBoundedFetch(io, hub, timeoutMs);
  return {
    hub,
    call: createCall(fetch, hub, bearers),
    fetch,
    lastingFetch: createBoundedFetch(io, hub, timeoutMs, never),
    bearer: async () => {
      const bearer = await bearers.current();
      if (bearer === null) throw notSignedIn(hub);
      return bearer;
    },
    renew: () => bearers.renew(),
  };
}

function fixedBearer(credential: Credential): Bearers {
  const bearer = credential.kind === 'token' ? credential.token : credential.accessToken;
  return { current: () => Promise.resolve(bearer), renew: () => Promise.resolve(false) };
}

function createCall(fetch: Fetch, hub: string, bearers?: Bearers): Client['call'] {
  return async (key, input, options) => {
    for (const name of pathParameters(operations[key].path)) {
      if (Object.entries(input).some(([given, value]) => given === name && value === '')) {
        throw usageFailure('A name or id is empty.');
      }
    }
    // The client makes one failure of all that keep an answer from coming; the first one knows more.
    let first: CommandFailure | undefined;
    const noted = async <T>(work: Promise<T>): Promise<T> => {
      try {
        return await work;
      } catch (error) {
        if (error instanceof CommandFailure) first ??= error;
        throw error;
      }
    };
    const client = createClient({
      baseUrl: hub,
      fetch: (url, init) => noted(fetch(url, init)),
      accessToken: async () => {
        const bearer = (await bearers?.current()) ?? null;
        if (bearer === null) throw notSignedIn(hub);
        return bearer;
      },
      onUnauthorized: () => bearers?.renew() ?? false,
    });
    try {
      return await client.call(key, input, options);
    } catch (error) {
      if (error instanceof ApiError && error.status === 0 && first !== undefined) throw first;
      throw hubFailure(error, hub);
    }
  };
}
