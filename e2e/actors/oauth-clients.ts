// The official SDK's own OAuth clients, in both lines, as an AI client on a member's computer uses them: knowing nothing
// but the URL. Where they would open a browser, the person is handed the address.
import {
  Client as ClientV2,
  StreamableHTTPClientTransport as HttpV2,
  UnauthorizedError as UnauthorizedV2,
} from '@modelcontextprotocol/client';
import { UnauthorizedError as UnauthorizedV1 } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Says, Visit } from './oauth-person.ts';

/** Whatever takes the client's person to an address, and comes back with where the tab ended. */
export interface BrowserTab {
  visit(address: string | URL, says?: Says): Promise<Visit>;
}

export interface Kept {
  client?: Record<string, unknown> | undefined;
  tokens?: Record<string, unknown> | undefined;
  verifier?: string | undefined;
  /** What the discovery said, where the client keeps it. */
  discovery?: unknown;
}

export interface SignedInClient {
  readonly client: ClientV1 | ClientV2;
  readonly kept: Kept;
  close(): Promise<void>;
}

export interface SignInOptions {
  readonly says?: Says;
  readonly kept?: Kept;
  readonly name?: string;
  /** The client's own address for its metadata document; one that registers, where left out. */
  readonly document?: string;
}

const redirect = 'http://127.0.0.1:8976/callback';

function createProvider(kept: Kept, sent: { to: URL | null }, name: string, document?: string) {
  return {
    clientMetadataUrl: document,
    get redirectUrl() {
      return redirect;
    },
    get clientMetadata() {
      return {
        client_name: name,
        redirect_uris: [redirect],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'none',
      };
    },
    state: () => 'state-of-the-client',
    clientInformation: () => kept.client as never,
    saveClientInformation: (given: unknown) => {
      kept.client = given as Record<string, unknown>;
    },
    tokens: () => kept.tokens as never,
    saveTokens: (given: unknown) => {
      kept.tokens = given as Record<string, unknown>;
    },
    redirectToAuthorization: (to: URL) => {
      sent.to = to;
    },
    saveCodeVerifier: (verifier: string) => {
      kept.verifier = verifier;
    },
    codeVerifier: () => kept.verifier ?? '',
    invalidateCredentials: (scope: string) => {
      if (scope === 'all' || scope === 'tokens') kept.tokens = undefined;
      if (scope === 'all' || scope === 'client') kept.client = undefined;
    },
  };
}

export async function signInV1(url: string, person: BrowserTab, options: SignInOptions = {}): Promise<SignedInClient> {
  const { kept = {}, says, name = 'Editor', document } = options;
  const sent: { to: URL | null } = { to: null };
  const transport = () => new HttpV1(new URL(url), { authProvider: createProvider(kept, sent, name, document) });
  const create = () => new ClientV1({ name, version: '1.0.0' });
  const first = transport();
  const client = create();
  try {
    await client.connect(first);
    return { client, kept, close: () => client.close() };
  } catch (error) {
    if (!(error instanceof UnauthorizedV1)) throw error;
  }
  await first.finishAuth(await codeFrom(person, sent.to, says));
  const again = create();
  await again.connect(transport());
  return { client: again, kept, close: () => again.close() };
}

export async function signInV2(url: string, person: BrowserTab, options: SignInOptions = {}): Promise<SignedInClient> {
  const { kept = {}, says, name = 'Editor', document } = options;
  const sent: { to: URL | null } = { to: null };
  const transport = () => new HttpV2(new URL(url), { authProvider: createProvider(kept, sent, name, document) });
  const create = () => new ClientV2({ name, version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } });
  const first = transport();
  const client = create();
  try {
    await client.connect(first);
    return { client, kept, close: () => client.close() };
  } catch (error) {
    if (!(error instanceof UnauthorizedV2)) throw error;
  }
  await first.finishAuth(await answerFrom(person, sent.to, says));
  const again = create();
  await again.connect(transport());
  return { client: again, kept, close: () => again.close() };
}

async function codeFrom(person: BrowserTab, to: URL | null, says?: Says): Promise<string> {
  const code = (await answerFrom(person, to, says)).get('code');
  if (code === null) throw new Error('the client was sent no code');
  return code;
}

async function answerFrom(person: BrowserTab, to: URL | null, says?: Says): Promise<URLSearchParams> {
  if (to === null) throw new Error('the client asked nobody to sign in');
  const { location, status, text } = await person.visit(to, says);
  if (location === null || !location.href.startsWith(redirect)) throw new Error(`${status} at ${location}: ${text}`);
  const error = location.searchParams.get('error');
  if (error !== null) throw new Error(`${error}: ${location.searchParams.get('error_description')}`);
  return location.searchParams;
}
