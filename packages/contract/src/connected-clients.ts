// AI clients that sign in with OAuth: what one asks for, what its member says to it, and which were let in.
import { z } from 'zod';
import { signedIn } from './signed-in.ts';
import { id, nothing, operation, page, paging, time } from './operation.ts';

const uid = z.string().regex(/^[\w-]{10,100}$/);
const userCode = z.string().min(8).max(20);

const asking = z.object({
  client: z.object({
    id: z.string(),
    /** As it calls itself: a claim. */
    name: z.string(),
    /** `own`: part of MCPVault; `host`: its description lies on that host; `claim`: it registered itself. */
    knownBy: z.enum(['own', 'host', 'claim']),
    host: z.string().nullable(),
  }),
  /** Where the browser is sent with the answer; null for a device. */
  redirect: z.object({ uri: z.string(), host: z.string(), isLocal: z.boolean() }).nullable(),
  resource: z.string(),
  /** A server's name; null for all merged, and for a sign-in of the command line. */
  server: z.string().nullable(),
  /** It wants to sign in as the member, not to reach an endpoint. */
  isSignIn: z.boolean(),
  scopes: z.array(z.object({ name: z.string(), text: z.string() })),
  /** The member let it have the same before. */
  wasAllowed: z.boolean(),
  /** That need not be asked again: nobody else can get the answer, and the client did not want the member to be asked. */
  isRemembered: z.boolean(),
});

export const getAuthorization = operation({
  name: 'authorizations.get',
  method: 'GET',
  path: '/authorizations/{request}',
  permission: 'self',
  summary: 'What an AI client that sent the member’s browser here asks for',
  input: z.object({ request: uid }),
  output: asking,
});

export const decideAuthorization = operation({
  name: 'authorizations.decide',
  method: 'POST',
  path: '/authorizations/{request}',
  permission: 'self',
  summary: 'Let an AI client in, or do not; the ticket completes it in the browser that the client sent here',
  input: z.object({
    request: uid,
    allow: z.boolean(),
    scopes: z.array(z.string().max(50)).max(10).optional(),
    /** Only what the member said before is repeated, and lasts no longer than that. */
    asBefore: z.boolean().optional(),
  }),
  output: z.object({ ticket: z.string() }),
});

export const getDevice = operation({
  name: 'devices.get',
  method: 'GET',
  path: '/devices/{code}',
  permission: 'self',
  summary: 'What the device that shows this code asks for',
  input: z.object({ code: userCode }),
  output: asking,
});

export const decideDevice = operation({
  name: 'devices.decide',
  method: 'POST',
  path: '/devices/{code}',
  permission: 'self',
  status: 204,
  summary: 'Let the device that shows this code in, or do not',
  input: z.object({ code: userCode, allow: z.boolean() }),
  output: nothing,
});

export const exchangeSignIn = operation({
  name: 'auth.exchange',
  method: 'POST',
  path: '/auth/exchange',
  permission: 'anyone',
  summary: 'Turn the access token of a command line that was let in into a sign-in; good once',
  input: z.object({ token: z.string().min(1).max(2000) }),
  output: signedIn,
});

export const listConnectedClients = operation({
  name: 'connected-clients.list',
  method: 'GET',
  path: '/connected-clients',
  permission: 'self',
  summary: 'The AI clients that one let in; for another member it takes tokens:write-any',
  input: z.object({ ...paging, member: id('mem').optional() }),
  output: page(
    z.object({
      id: id('ccl'),
      /** As it calls itself: a claim. */
      name: z.string(),
      /** Its OAuth client id. */
      client: z.string(),
      resource: z.string(),
      scopes: z.array(z.string()),
      createdAt: time,
      expiresAt: time,
      lastUsedAt: time.nullable(),
      /** The identity provider that let it in; null: the member did. */
      provider: id('idp').nullable(),
    }),
  ),
});

export const disconnectClient = operation({
  name: 'connected-clients.disconnect',
  method: 'DELETE',
  path: '/connected-clients/{id}',
  permission: 'self',
  status: 204,
  summary: 'Let an AI client in no more, wherever the member did; its tokens stop working at the next request',
  input: z.object({ id: id('ccl') }),
  output: nothing,
});

export const rotateOauthKey = operation({
  name: 'oauth.rotate-key',
  method: 'POST',
  path: '/oauth/rotate-key',
  permission: 'organization:write',
  summary: 'Make a new key for the access tokens of AI clients; it is published at once, and signs ten minutes later',
  input: z.object({}),
  output: z.object({ key: z.string(), signsFrom: time }),
});
