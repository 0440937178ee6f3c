// The identity provider of a company that manages which AI clients its people may use: signs them in without a question, and
// exchanges what their client holds for a grant to one MCP server (RFC 8693, ID-JAG). Honest, unless a test makes a grant by
// hand.
import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface EnterpriseProvider extends AsyncDisposable {
  readonly issuer: string;
  readonly client: { readonly id: string; readonly secret: string };
  /** Who signs in next, by the name that they have here. */
  person: string;
  /** What AI clients are called at the authorization server that they go to, whoever they are here. */
  knownThereAs: string;
  /** What it says wrongly of whoever signs in next, and how it signs that. */
  lies: { readonly claims?: Readonly<Record<string, unknown>>; readonly how?: Signing };
  /** An ID token of the person, as a client of this provider would hold it. */
  idToken(person: string): string;
  /** A grant with these claims instead of those of an honest one; undefined leaves one out. */
  grant(change?: Readonly<Record<string, unknown>>, how?: Signing): string;
  /** What was asked for in exchanges. */
  readonly exchanged: readonly URLSearchParams[];
}

export interface Signing {
  readonly typ?: string;
  /** A key that is not published. */
  readonly byStranger?: boolean;
  /** No signature at all. */
  readonly unsigned?: boolean;
}

interface Code {
  readonly person: string;
  readonly nonce: string;
  /** PKCE, S256. */
  readonly challenge: string;
}

export const idJag = 'urn:ietf:params:oauth:token-type:id-jag';

/** `audience`, `resource`: what honest grants are for. */
export async function startEnterpriseProvider(honest: {
  readonly audience: string;
  readonly resource: string;
}): Promise<EnterpriseProvider> {
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const client = { id: 'mcpvault', secret: 'known to both of them' };
  const exchanged: URLSearchParams[] = [];
  const codes = new Map<string, Code>();
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function jwt(claims: object, { typ = 'JWT', byStranger = false, unsigned = false }: Signing = {}): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const body = `${part({ alg: unsigned ? 'none' : 'ES256', typ, kid: 'own' })}.${part(claims)}`;
    if (unsigned) return `${body}.`;
    const { privateKey: key } = byStranger ? stranger : own;
    return `${body}.${sign('sha256', Buffer.from(body), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  }

  const times = () => {
    const iat = Math.floor(Date.now() / 1000);
    return { iat, exp: iat + 120 };
  };

  function personal(person: string, nonce?: string): string {
    const address = { email: `${person}@example.com`, email_verified: true };
    const honestly = { iss: issuer, aud: client.id, sub: person, ...address, ...times(), ...(nonce && { nonce }) };
    return jwt({ ...honestly, ...provider.lies.claims }, provider.lies.how);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', issuer);
    const send = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return void send(200, metadata(issuer));
      case '/keys': {
        const key = { ...own.publicKey.export({ format: 'jwk' }), kid: 'own', use: 'sig', alg: 'ES256' };
        return void send(200, { keys: [key] });
      }
      case '/authorize': {
        const code = randomUUID();
        const asked = (name: string) => url.searchParams.get(name) ?? '';
        codes.set(code, { person: provider.person, nonce: asked('nonce'), challenge: asked('code_challenge') });
        const back = new URL(url.searchParams.get('redirect_uri') ?? issuer);
        back.search = new URLSearchParams({ code, state: url.searchParams.get('state') ?? '', iss: issuer }).toString();
        return void response.writeHead(302, { location: back.href }).end();
      }
      case '/token':
        return void send(...tokens(new URLSearchParams(await text(request))));
      default:
        return void send(404, {});
    }
  }

  function tokens(form: URLSearchParams): readonly [number, object] {
    if (form.get('grant_type') === 'authorization_code') {
      const known = codes.get(form.get('code') ?? '');
      codes.delete(form.get('code') ?? '');
      const verifier = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url');
      if (known === undefined || known.challenge !== verifier) return [400, { error: 'invalid_grant' }];
      return [200, { access_token: 'at', token_type: 'Bearer', id_token: personal(known.person, known.nonce) }];
    }
    exchanged.push(form);
    const [, body = ''] = (form.get('subject_token') ?? '').split('.');
    const { sub } = JSON.parse(Buffer.from(body, 'base64url').toString()) as { sub: string };
    const [aud, resource, scope] = ['audience', 'resource', 'scope'].map((name) => form.get(name) ?? undefined);
    const grant = provider.grant({ sub, aud, resource, scope });
    return [200, { issued_token_type: idJag, access_token: grant, token_type: 'N_A', expires_in: 120 }];
  }

  const provider: EnterpriseProvider = {
    issuer,
    client,
    person: 'ada',
    knownThereAs: '',
    lies: {},
    exchanged,
    idToken: (person) => personal(person),
    grant(change = {}, how = {}) {
      const { audience: aud, resource } = honest;
      const who = { iss: issuer, sub: 'ada', client_id: provider.knownThereAs };
      const claims = { ...who, aud, resource, scope: 'mcp', jti: randomUUID(), ...times(), ...change };
      return jwt(claims, { typ: 'oauth-id-jag+jwt', ...how });
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return provider;
}

function metadata(issuer: string): object {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'urn:ietf:params:oauth:grant-type:token-exchange'],
    code_challenge_methods_supported: ['S256'],
    id_token_signing_alg_values_supported: ['ES256'],
    subject_types_supported: ['public'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    authorization_response_iss_parameter_supported: true,
  };
}
