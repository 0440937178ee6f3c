// A server that wants a sign-in, with an authorization server of its own whose page says yes to whoever opens it. It shows
// each caller their own name, and counts what came to it without a token that it gave.

import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface GuardedServer extends AsyncDisposable {
  readonly url: string;
  /** Authorization headers that came with requests of MCP. */
  readonly heard: (string | undefined)[];
  /** Forgets every token and refresh token that it gave. */
  forgetAll(): void;
}

export async function startGuardedServer(): Promise<GuardedServer> {
  const codes = new Map<string, string>();
  const good = new Set<string>();
  const heard: (string | undefined)[] = [];
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { pathname, searchParams } = new URL(request.url ?? '/', origin);
    const say = (status: number, said: unknown, headers = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(said));
    };
    if (pathname === '/mcp') return mcp(request, body, say);
    if (pathname === '/authorize') {
      const code = randomUUID();
      codes.set(code, searchParams.get('code_challenge') ?? '');
      const back = new URL(searchParams.get('redirect_uri') ?? '');
      const parts = { code, state: searchParams.get('state') ?? '', iss: origin };
      for (const [name, value] of Object.entries(parts)) back.searchParams.set(name, value);
      response.writeHead(302, { location: back.href }).end();
      return;
    }
    if (pathname === '/token') return token(new URLSearchParams(body), say);
    if (pathname === '/register') return say(201, { client_id: randomUUID() });
    if (pathname === '/.well-known/oauth-protected-resource/mcp') {
      return say(200, { resource: `${origin}/mcp`, authorization_servers: [origin], scopes_supported: ['tickets'] });
    }
    if (pathname === '/.well-known/oauth-authorization-server') {
      return say(200, {
        issuer: origin,
        authorization_endpoint: `${origin}/authorize`,
        token_endpoint: `${origin}/token`,
        registration_endpoint: `${origin}/register`,
        code_challenge_methods_supported: ['S256'],
        token_endpoint_auth_methods_supported: ['none'],
        authorization_response_iss_parameter_supported: true,
      });
    }
    say(404, {});
  }

  function token(form: URLSearchParams, say: (status: number, said: unknown) => void): void {
    const refresh = form.get('refresh_token');
    const made = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const isGood = refresh === null ? codes.get(form.get('code') ?? '') === made : good.delete(refresh);
    if (!isGood) return say(400, { error: 'invalid_grant' });
    const [access, next] = [randomUUID(), randomUUID()];
    good.add(access).add(next);
    say(200, { access_token: access, token_type: 'Bearer', expires_in: 3600, refresh_token: next });
  }

  function mcp(
    { headers, method }: IncomingMessage,
    body: string,
    say: (status: number, said: unknown, headers?: object) => void,
  ): void {
    heard.push(headers.authorization);
    if (!good.has((headers.authorization ?? '').slice('Bearer '.length))) {
      const place = `${origin}/.well-known/oauth-protected-resource/mcp`;
      return say(401, {}, { 'www-authenticate': `Bearer resource_metadata="${place}", scope="tickets"` });
    }
    if (method !== 'POST') return say(405, {});
    const message = JSON.parse(body) as { id?: unknown; method: string };
    if (message.id === undefined) return say(202, {});
    const results: Record<string, object> = {
      initialize: {
        protocolVersion: '2025-11-25',
        capabilities: { tools: {} },
        serverInfo: { name: 't', version: '1' },
      },
      'tools/list': { tools: [{ name: 'whoami', inputSchema: { type: 'object' } }] },
      'tools/call': { content: [{ type: 'text', text: 'you are signed in' }] },
    };
    const result = results[message.method];
    if (result === undefined)
      return say(200, { jsonrpc: '2.0', id: message.id, error: { code: -32601, message: 'no' } });
    say(200, { jsonrpc: '2.0', id: message.id, result });
  }

  return {
    url: `${origin}/mcp`,
    heard,
    forgetAll: () => good.clear(),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}
