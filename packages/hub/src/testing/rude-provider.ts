// An identity provider on loopback that is honest unless told otherwise: for tests of what is refused. The real one of the
// end-to-end tests cannot lie.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

export interface RudeProvider extends AsyncDisposable {
  readonly issuer: string;
  /** What differs from an honest provider; to be set before it is asked. */
  readonly lies: Lies;
  /** Forms that came to the token endpoint. */
  readonly redeemed: URLSearchParams[];
  /** The `authorization` header of the last one. */
  credentials: string | undefined;
  sign(payload: JWTPayload, header?: { alg?: string; typ?: string }, by?: Signer): Promise<string>;
}

/** `other`: a key that is not published. `secret`: the client's own. `nobody`: no signature at all. */
export type Signer = 'own' | 'other' | 'secret' | 'nobody';

interface Lies {
  metadata?: Readonly<Record<string, unknown>>;
  claims?: Readonly<Record<string, unknown>>;
  userinfo?: Readonly<Record<string, unknown>>;
  signer?: Signer;
  /** Of the token endpoint. */
  refusal?: { readonly status: number; readonly error: string };
  /** Where the authorization endpoint sends to. */
  back?: string;
  /** Instead of everything. */
  raw?: { readonly status: number; readonly body: string };
}

export const client = { id: 'mcpvault', secret: 'a secret that both of them know, thirty-two and more' };

export async function startRudeProvider(): Promise<RudeProvider> {
  const own = await generateKeyPair('ES256');
  const other = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(own.publicKey)), kid: 'own', use: 'sig', alg: 'ES256' };
  const lies: Lies = {};
  const redeemed: URLSearchParams[] = [];
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', issuer);
    if (lies.raw !== undefined) return send(response, lies.raw.status, lies.raw.body);
    if (url.pathname === '/.well-known/openid-configuration') return send(response, 200, metadata());
    if (url.pathname === '/keys') return send(response, 200, { keys: [jwk] });
    if (url.pathname === '/me') return send(response, 200, lies.userinfo ?? { sub: 'ada' });
    if (url.pathname === '/authorize') {
      response.writeHead(lies.back === undefined ? 200 : 302, lies.back === undefined ? {} : { location: lies.back });
      return void response.end();
    }
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const form = new URLSearchParams(body);
    redeemed.push(form);
    provider.credentials = request.headers.authorization;
    if (lies.refusal !== undefined) return send(response, lies.refusal.status, { error: lies.refusal.error });
    const now = Math.floor(Date.now() / 1000);
    // The code carries the nonce, so that the provider need remember nothing.
    const nonce = form.get('code');
    const honest = { iss: issuer, aud: client.id, sub: 'ada', iat: now, exp: now + 60, nonce };
    const token = await provider.sign({ ...honest, ...lies.claims } as JWTPayload, {}, lies.signer);
    send(response, 200, { access_token: 'at', token_type: 'Bearer', id_token: token });
  }

  const metadata = () => ({
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    userinfo_endpoint: `${issuer}/me`,
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    id_token_signing_alg_values_supported: ['ES256'],
    subject_types_supported: ['public'],
    authorization_response_iss_parameter_supported: true,
    ...lies.metadata,
  });

  const provider: RudeProvider = {
    issuer,
    lies,
    redeemed,
    credentials: undefined,
    async sign(payload, header = {}, by = 'own') {
      const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
      if (by === 'nobody') return `${part({ alg: 'none', ...header })}.${part(payload)}.`;
      const jwt = new SignJWT(payload);
      if (by === 'secret') return jwt.setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(client.secret));
      jwt.setProtectedHeader({ alg: 'ES256', kid: 'own', ...header });
      return jwt.sign(by === 'own' ? own.privateKey : other.privateKey);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return provider;
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
