import { z } from 'zod';
import { id, nothing, operation, time } from './operation.ts';

/**
 * `missing`: nobody has signed in; `connected`; `expiring`: it stops working at `expiresAt` unless somebody signs in again;
 * `broken`: it does not work any more, see the reason.
 */
export const connectionState = z.enum(['missing', 'connected', 'expiring', 'broken']);

export const connectionShape = z.object({
  server: z.object({ id: id('srv'), name: z.string() }),
  mode: z.enum(['shared', 'per-member']),
  state: connectionState,
  reason: z.string().nullable(),
  /** The issuer of the tokens: the authorization server. */
  issuer: z.string().nullable(),
  scopes: z.array(z.string()),
  /** Scopes that the server asked for since, and that were not given. */
  wanted: z.array(z.string()),
  expiresAt: time.nullable(),
  /** Whether MCPVault renews it by itself before it expires. */
  renews: z.boolean(),
  connectedAt: time.nullable(),
  /** Whether the caller may connect and disconnect it. */
  mayConnect: z.boolean(),
  /** The page of the console at which it is connected. */
  page: z.string(),
});

const server = { id: z.string().min(1).max(100) };

export const listConnections = operation({
  name: 'connections.list',
  method: 'GET',
  path: '/connections',
  permission: 'servers:read',
  summary: 'The sign-ins at servers that the caller uses, or is asked for',
  input: z.object({}),
  output: z.object({ items: z.array(connectionShape), next: z.null() }),
});

export const getConnection = operation({
  name: 'connections.get',
  method: 'GET',
  path: '/mcp/servers/{id}/connection',
  permission: 'servers:read',
  summary: 'The sign-in at one server that the caller uses: their own, or the one that all share',
  input: z.object(server),
  output: connectionShape,
});

export const beginConnection = operation({
  name: 'connections.begin',
  method: 'POST',
  path: '/mcp/servers/{id}/connection',
  permission: 'servers:read',
  summary: 'Begin to sign in at a server; answers the page to open in a browser, or null where that was not needed',
  input: z.object(server),
  output: z.object({ url: z.string().nullable() }),
});

export const finishConnection = operation({
  name: 'connections.finish',
  method: 'POST',
  path: '/connections/finish',
  permission: 'servers:read',
  summary: 'Finish a sign-in that the caller began, with the query that the browser came back with',
  input: z.object({ answer: z.string().min(1).max(20_000) }),
  output: connectionShape,
});

export const removeConnection = operation({
  name: 'connections.remove',
  method: 'DELETE',
  path: '/mcp/servers/{id}/connection',
  permission: 'servers:read',
  status: 204,
  summary: 'Sign out at a server: its tokens are taken back and forgotten',
  input: z.object(server),
  output: nothing,
});
