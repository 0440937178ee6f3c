// Signs a command line in through its person's browser, on whichever machine that is (RFC 8628): shows a code, waits until the
// member has allowed it, and takes the token that stands for it. Asks nobody but the hub that was named.
import { commandLine } from '@mcpvault/contract/command-line';
import { CommandFailure } from '../command-failure.ts';
import type { Io } from '../io.ts';
import { interrupted } from './bounded-fetch.ts';
import type { HubConnection } from './hub-connection.ts';

/** What the person needs to see. */
export interface DeviceAsked {
  /** The page where they allow it, with the code filled in. */
  readonly page: string;
  /** As the page shows it. */
  readonly code: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface DeviceSignIn {
  readonly asked: DeviceAsked;
  /** Resolves with the token once the member has allowed it; rejects with a `CommandFailure` when they did not. */
  allowed(): Promise<string>;
}

const deviceCode = 'urn:ietf:params:oauth:grant-type:device_code';
/** Seconds between two questions, where the hub says nothing else; and what a hub in trouble is given more. */
const usualInterval = 5;
const moreTime = 5;

/** null where the hub offers no such sign-in. */
export async function beginDeviceSignIn(
  { hub, fetch }: Pick<HubConnection, 'hub' | 'fetch'>,
  { clock, interrupted: interruption }: Pick<Io, 'clock' | 'interrupted'>,
): Promise<DeviceSignIn | null> {
  const offered = await fetch(`${hub}/.well-known/oauth-authorization-server`, {
    headers: { accept: 'application/json' },
  });
  const metadata = await bodyOf(offered);
  const issuer = urlIn(metadata['issuer']);
  const start = urlIn(metadata['device_authorization_endpoint']);
  const exchange = urlIn(metadata['token_endpoint']);
  if (!offered.ok || issuer === null || start === null || exchange === null) return null;

  const post = (endpoint: URL, form: Readonly<Record<string, string>>) =>
    // The hub is asked at the address it was named by, which need not be the one it is known under elsewhere.
    fetch(hub + endpoint.pathname, { method: 'POST', body: new URLSearchParams(form) });

  const answer = await post(start, {
    client_id: commandLine.client,
    scope: commandLine.scope,
    resource: issuer.href.replace(/\/$/, '') + commandLine.resource,
  });
  const said = await bodyOf(answer);
  const secret = textIn(said['device_code']);
  const code = textIn(said['user_code']);
  const page = urlIn(said['verification_uri_complete']) ?? urlIn(said['verification_uri']);
  const lasts = secondsIn(said['expires_in']);
  if (!answer.ok || secret === null || code === null || page === null || lasts === null) {
    throw refused('The hub did not begin the sign-in.');
  }
  const form = { grant_type: deviceCode, client_id: commandLine.client, device_code: secret };
  const expiresAt = clock.now() + lasts * 1000;

  /** The token, or why there is none yet. */
  const ask = async (): Promise<string> => {
    const told = await post(exchange, form).catch((error: unknown) => {
      if (error instanceof CommandFailure && error.exit === 'unreachable') return null;
      throw error;
    });
    if (told === null || told.status >= 500 || told.status === 429) return 'slower';
    const body = await bodyOf(told);
    const given = textIn(body['access_token']);
    return told.ok && given !== null ? given : pendingOrRefused(body['error']);
  };

  return {
    asked: { page: page.href, code, expiresAt },
    async allowed() {
      for (let interval = secondsIn(said['interval']) ?? usualInterval; ; ) {
        await clock.sleep(interval * 1000, interruption);
        if (interruption.aborted) throw interrupted();
        if (clock.now() >= expiresAt) throw tooLate();
        const answered = await ask();
        if (answered === 'slower') interval += moreTime;
        else if (answered !== 'pending') return answered;
      }
    },
  };
}

function pendingOrRefused(error: unknown): 'pending' | 'slower' {
  switch (error) {
    case 'authorization_pending':
      return 'pending';
    case 'slow_down':
      return 'slower';
    case 'access_denied':
      throw refused('The sign-in was not allowed.');
    case 'expired_token':
    case 'invalid_grant':
      throw tooLate();
    default:
      throw refused('The hub ended the sign-in.');
  }
}

/** Empty where it is no JSON object. */
async function bodyOf(response: Response): Promise<Readonly<Record<string, unknown>>> {
  const text = await response.text();
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? { ...body } : {};
  } catch {
    return {};
  }
}

function textIn(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value.length <= 10_000 ? value : null;
}

function urlIn(value: unknown): URL | null {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  return url !== null && /^https?:$/.test(url.protocol) ? url : null;
}

function secondsIn(value: unknown): number | null {
  return typeof value === 'number' && value > 0 && value < 86_400 ? value : null;
}

function refused(message: string): CommandFailure {
  return new CommandFailure('not_signed_in', 'access_denied', message, { fix: again });
}

function tooLate(): CommandFailure {
  return new CommandFailure('not_signed_in', 'expired_token', 'The code was not confirmed in time.', { fix: again });
}

const again = 'Try again with: mcpvault login';
