// What operations need to know of a client that asks to be let in: who it is, what it wants, and where the answer goes.
import type { Clock } from '@mcpvault/domain/ambient';
import type { MemberId, OrganizationId } from '@mcpvault/domain/ids';
import type { Stores } from '@mcpvault/store/stores';
import type { Client } from 'oidc-provider';
import { artifactHash, userCodeHash } from './adapter.ts';
import type { AuthorizationServer } from './authorization-server.ts';
import { firstPartyClients } from './clients.ts';
import type { Resources } from './resources.ts';
import { askedScopes, signInScope } from './scopes.ts';
import { type Decision, writeTicket } from './ticket.ts';
import type { TokenDesk } from './token-desk.ts';

export interface Asking {
  readonly client: AskingClient;
  /** Where the member's browser is sent with the answer; null for a device, which fetches it. */
  readonly redirect: { readonly uri: string; readonly host: string; readonly isLocal: boolean } | null;
  /** The URL it wants to reach. */
  readonly resource: string;
  /** A server's name, null for the merged endpoint; undefined for a sign-in of the command line. */
  readonly endpoint: string | null | undefined;
  readonly scopes: readonly string[];
  /**
   * The answer can reach nobody but this client: it goes to a web address of its own, or takes a key of its own. Only then is
   * it worth anything that the member let it in before: at an address of the computer anybody can wait.
   */
  readonly isAssured: boolean;
  /** It wants the member to be asked, whatever was said before. */
  readonly mustAsk: boolean;
}

export interface AskingClient {
  readonly id: string;
  /** As it calls itself: a claim. */
  readonly name: string;
  /**
   * `own`: part of MCPVault. `host`: its description lies on the host that is named, under a name that only its owner can
   * use. `claim`: it registered itself, and anybody can say anything.
   */
  readonly known: { readonly by: 'own' | 'claim' } | { readonly by: 'host'; readonly host: string };
}

export interface OauthDesk {
  /** null when it is unknown, was answered, or has expired. May ask the client's host. */
  asking(interaction: string): Promise<Asking | null>;
  askingDevice(userCode: string): Promise<Asking | null>;
  ticket(decision: Decision): string;
  userCodeHash(userCode: string): Buffer;
  /** Whose sign-in a token of the command line carries over; good once, since it ends what it was made of. */
  takeSignIn(token: string): Promise<{ readonly organization: OrganizationId; readonly member: MemberId } | null>;
}

export interface OauthDeskDeps {
  readonly server: AuthorizationServer;
  readonly tokens: TokenDesk;
  readonly resources: Resources;
  readonly stores: Pick<Stores, 'oauthArtifacts'>;
  readonly ticketKey: Buffer;
  readonly clock: Clock;
}

type Params = Readonly<Record<string, unknown>>;

export function createOauthDesk(deps: OauthDeskDeps): OauthDesk {
  const { server, tokens, resources, stores, ticketKey, clock } = deps;

  async function describe(params: Params | undefined): Promise<Asking | null> {
    const text = (name: string) => (typeof params?.[name] === 'string' ? params[name] : undefined);
    const id = text('client_id');
    if (id === undefined) return null;
    const client = await (await server.provider()).Client.find(id).catch(() => undefined);
    if (client === undefined) return null;
    const resource = oneOf(params?.['resource']) ?? resources.usual;
    const isSignIn = resource === resources.signIn;
    const uri = text('redirect_uri');
    return {
      client: about(client),
      redirect: uri === undefined ? null : redirectTo(uri),
      resource,
      endpoint: isSignIn ? undefined : (resources.endpointOf(resource)?.endpoint ?? null),
      scopes: isSignIn ? [signInScope] : askedScopes(text('scope')),
      isAssured: uri !== undefined && (uri.startsWith('https://') || client.clientAuthMethod === 'private_key_jwt'),
      mustAsk: (text('prompt') ?? '').split(' ').includes('consent'),
    };
  }

  return {
    async asking(interaction) {
      const found = await stores.oauthArtifacts.find('Interaction', artifactHash(interaction), clock.now());
      return found === null || found.payload['result'] !== undefined ? null : describe(paramsIn(found.payload));
    },
    async askingDevice(userCode) {
      const found = await stores.oauthArtifacts.findByUserCode(userCodeHash(userCode), clock.now());
      if (found === null || found.consumedAt !== null) return null;
      const { payload } = found;
      if (payload['accountId'] !== undefined || payload['error'] !== undefined) return null;
      return describe({ ...paramsIn(payload), client_id: payload['clientId'] });
    },
    ticket: (decision) => writeTicket(ticketKey, decision, clock.now()),
    userCodeHash,
    async takeSignIn(token) {
      const claims = await tokens.read(token);
      if (claims === null || claims.aud !== resources.signIn) return null;
      const connected = await tokens.authorization(claims);
      if (connected === null) return null;
      await tokens.revoke(claims);
      return { organization: connected.organization, member: connected.member };
    },
  };
}

function paramsIn(payload: Params): Params | undefined {
  return payload['params'] as Params | undefined;
}

function oneOf(given: unknown): string | undefined {
  const first: unknown = Array.isArray(given) ? given[0] : given;
  return typeof first === 'string' ? first : undefined;
}

function about({ clientId, clientName }: Client): AskingClient {
  const name = (clientName ?? clientId).slice(0, 200);
  if (firstPartyClients.some((own) => own.client_id === clientId)) return { id: clientId, name, known: { by: 'own' } };
  if (!clientId.startsWith('https://')) return { id: clientId, name, known: { by: 'claim' } };
  return { id: clientId, name, known: { by: 'host', host: new URL(clientId).host } };
}

function redirectTo(uri: string) {
  const { protocol, hostname, host } = new URL(uri);
  const isLocal = protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return { uri, host: protocol === 'http:' || protocol === 'https:' ? host : protocol, isLocal };
}
