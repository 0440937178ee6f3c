// A small server that wants a sign-in, and the authorization server that gives tokens for it, on one origin: for tests of
// what the hub makes of their answers. It says yes to every code that it gave out itself.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SignInServer {
  readonly origin: string;
  /** Of the MCP endpoint. */
  readonly url: string;
  /** Requests to the token endpoint, in order. */
  readonly asked: URLSearchParams[];
  /** Clients that registered. */
  readonly registered: Record<string, unknown>[];
  /** What it does from now on. */
  readonly will: {
    /** Seconds. */
    expiresIn: number | undefined;
    givesRefresh: boolean;
    /** An error of the token endpoint for refresh tokens. */
    refusesRefresh: string | null;
    /** Waited for before a token is given. */
    waitsFor: Promise<unknown>;
    /** The page that it sends browsers to; its own where left out. */
    signInPage?: string;
  };
  /** The query that a browser comes back with, after it opened the page at `url`. */
  visit(url: string): string;
  stop(): void;
}

export async function startSignInServer(): Promise<SignInServer> {
  const codes = new Map<string, string>();
  const asked: URLSearchParams[] = [];
  const registered: Record<string, unknown>[] = [];
  const will: SignInServer['will'] = {
    expiresIn: 3600,
    givesRefresh: true,
    refusesRefresh: null,
    waitsFor: Promise.resolve(),
  };
  let given = 0;

  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const say = (status: number, said: object, headers = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(said));
    };
    switch (request.url) {
      case '/.well-known/oauth-protected-resource/mcp':
        return say(200, { resource: `${origin}/mcp`, authorization_servers: [origin], scopes_supported: ['tools'] });
      case '/.well-known/oauth-authorization-server':
        return say(200, {
          issuer: origin,
          authorization_endpoint: will.signInPage ?? `${origin}/authorize`,
          token_endpoint: `${origin}/token`,
          registration_endpoint: `${origin}/register`,
          revocation_endpoint: `${origin}/revoke`,
          code_challenge_methods_supported: ['S256'],
          token_endpoint_auth_methods_supported: ['none'],
          authorization_response_iss_parameter_supported: true,
        });
      case '/register':
        registered.push(JSON.parse(body) as Record<string, unknown>);
        return say(201, { client_id: `client-${registered.length}` });
      case '/token':
        return token(new URLSearchParams(body), say);
      case '/revoke':
        asked.push(new URLSearchParams(body));
        return say(200, {});
      default:
        return say(401, {}, { 'www-authenticate': 'Bearer scope="tools"' });
    }
  }

  async function token(form: URLSearchParams, say: (status: number, said: object) => void): Promise<void> {
    asked.push(form);
    await will.waitsFor;
    const type = form.get('grant_type');
    if (type === 'refresh_token' && will.refusesRefresh !== null) return say(400, { error: will.refusesRefresh });
    if (type === 'authorization_code') {
      const challenge = codes.get(form.get('code') ?? '');
      codes.delete(form.get('code') ?? '');
      const made = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url');
      if (challenge !== made) return say(400, { error: 'invalid_grant' });
    }
    given++;
    say(200, {
      access_token: `access-${given}`,
      token_type: 'Bearer',
      expires_in: will.expiresIn,
      ...(will.givesRefresh && type !== 'client_credentials' && { refresh_token: `refresh-${given}` }),
    });
  }

  return {
    origin,
    url: `${origin}/mcp`,
    asked,
    registered,
    will,
    visit(url) {
      const { searchParams } = new URL(url);
      const code = `code-${codes.size + given}`;
      codes.set(code, searchParams.get('code_challenge') ?? '');
      return new URLSearchParams({ code, state: searchParams.get('state') ?? '', iss: origin }).toString();
    },
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
