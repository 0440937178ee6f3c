// Steps that scenarios about access share: members with tokens, sessions and calls as plain HTTP shows them.
import { eventually } from '../actors/eventually.ts';
import type { Hub } from '../actors/start-hub.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

const password = 'a password that is long enough';

/** A member with a personal token. */
export async function addMember(hub: Hub, name: string): Promise<{ id: string; token: string; tokenId: string }> {
  const email = `${name}@example.com`;
  const { id } = await hub.api<{ id: string }>('POST', '/api/v1/members', { email, name, password });
  const { accessToken } = await hub.signIn(email, password);
  const made = await hub.createToken(accessToken);
  return { id, token: made.token, tokenId: made.id };
}

export async function serverReady(hub: Hub, name: string): Promise<void> {
  await eventually(async () => {
    const { status } = await hub.api<{ status: string }>('GET', `/api/v1/mcp/servers/${name}`);
    return status === 'ready';
  }, `the first contact with ${name}`);
}

/** Opens a session of the legacy era; its id is empty where that was refused. */
export async function openSession(hub: Hub, server: string, token: string): Promise<Answer & { session: string }> {
  const clientInfo = { name: 'e2e', version: '1' };
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo };
  const answer = await post(hub, server, token, null, { jsonrpc: '2.0', id: 1, method: 'initialize', params });
  const session = answer.headers.get('mcp-session-id') ?? '';
  if (session !== '') await post(hub, server, token, session, { jsonrpc: '2.0', method: 'notifications/initialized' });
  return { ...answer, session };
}

export function callTool(
  hub: Hub,
  server: string,
  token: string,
  session: string,
  name: string,
  given: object,
): Promise<Answer> {
  const params = { name, arguments: given };
  return post(hub, server, token, session, { jsonrpc: '2.0', id: 2, method: 'tools/call', params });
}

async function post(hub: Hub, server: string, token: string, session: string | null, body: object): Promise<Answer> {
  const response = await fetch(hub.mcp(server), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${token}`,
      ...(session === null ? {} : { 'mcp-session-id': session }),
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}
