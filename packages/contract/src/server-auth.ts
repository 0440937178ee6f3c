import { z } from 'zod';

/** Whose sign-in MCPVault uses at a server: nobody's, one for all, or each member's own. */
export const authMode = z.enum(['none', 'shared', 'per-member']);

const scope = z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,300}$/, 'a scope has no spaces, quotes or backslashes');
const clientId = z.string().min(1).max(2000);
const secretText = z.string().min(1).max(20_000);
const algorithm = z.enum(['ES256', 'ES384', 'RS256', 'PS256', 'EdDSA']);
const method = z.enum(['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt']);

const common = {
  mode: z.enum(['shared', 'per-member']),
  /** `authorization-code`: somebody signs in with a browser; `client-credentials`: MCPVault signs in as itself. */
  grant: z.enum(['authorization-code', 'client-credentials']).default('authorization-code'),
  /** Asked for beside what the server demands. */
  scopes: z.array(scope).max(100).optional(),
  /** For authorization servers that refuse the `resource` parameter of RFC 8707. */
  omitResource: z.boolean().optional(),
};

/** Where an admin registered MCPVault by hand; left out, it makes itself known. `key` is a private key, PKCS #8 as PEM. */
const client = z.object({
  id: clientId,
  secret: secretText.optional(),
  key: secretText.optional(),
  algorithm: algorithm.optional(),
  method: method.optional(),
});

/** null for a secret or key keeps the one that is stored. */
const keptClient = client.extend({ secret: secretText.nullish(), key: secretText.nullish() });

export const authInput = z
  .object({ ...common, client: client.optional() })
  .refine(({ grant, mode }) => grant === 'authorization-code' || mode === 'shared', {
    message: 'only a shared sign-in can be of MCPVault itself',
    path: ['grant'],
  })
  .refine((auth) => auth.grant === 'authorization-code' || auth.client !== undefined, {
    message: 'signing in as itself needs a client that was registered by hand',
    path: ['client'],
  });

export const authUpdate = z
  .object({ ...common, client: keptClient.optional() })
  .refine(({ grant, mode }) => grant === 'authorization-code' || mode === 'shared', {
    message: 'only a shared sign-in can be of MCPVault itself',
    path: ['grant'],
  });

/** As admins see it: never a secret or a key. */
export const authShape = z.object({
  mode: z.enum(['shared', 'per-member']),
  grant: z.enum(['authorization-code', 'client-credentials']),
  scopes: z.array(z.string()),
  omitResource: z.boolean(),
  client: z.object({ id: z.string(), hasSecret: z.boolean(), hasKey: z.boolean() }).nullable(),
});
