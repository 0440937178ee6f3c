import { z } from 'zod';
import { id, nothing, operation, time } from './operation.ts';
import { role } from './roles.ts';

const domain = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/, 'use a domain such as example.com');

const mapping = z.object({
  /** As the identity provider writes it. */
  group: z.string().min(1).max(500),
  team: id('team').nullable().default(null),
  /** Of several that fit, the first one’s role counts. */
  role: role.nullable().default(null),
});

const draft = {
  /** On the button of the sign-in page. */
  name: z.string().trim().min(1).max(100),
  /** The address under which `/.well-known/openid-configuration` lies. */
  issuer: z.url({ protocol: /^https?$/ }).max(500),
  clientId: z.string().trim().min(1).max(500),
  /** Left out: as it was. null: a client without a secret. It is never shown again. */
  clientSecret: z.string().min(1).max(2000).nullish(),
  enabled: z.boolean().default(true),
  /** E-mail domains it speaks for: only addresses of these link or create members. */
  domains: z.array(domain).max(100).default([]),
  /** Asked for besides `openid`. */
  scopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/))
    .max(20)
    .default(['profile', 'email']),
  /** Where the groups stand; a path such as `realm_access.roles` will do. */
  groupsClaim: z.string().trim().min(1).max(200).default('groups'),
  /** Whoever signs in for the first time with an address of the domains becomes a member. */
  createMembers: z.boolean().default(false),
  /** Members with such an address are linked by it. */
  linkMembers: z.boolean().default(true),
  /** Nobody can choose their own address there: it counts without being called verified. */
  trustEmails: z.boolean().default(false),
  /** It always asks for a second factor itself. */
  trustSecondFactor: z.boolean().default(false),
  /** It may let AI clients in for its people, without their being asked (ID-JAG). */
  letsClientsIn: z.boolean().default(false),
  /** Of members that are created, and of those whom no group gives another. */
  role: role.default('member'),
  mappings: z.array(mapping).max(500).default([]),
};

export const identityProviderShape = z.object({
  id: id('idp'),
  name: z.string(),
  issuer: z.string(),
  clientId: z.string(),
  hasSecret: z.boolean(),
  enabled: z.boolean(),
  domains: z.array(z.string()),
  scopes: z.array(z.string()),
  groupsClaim: z.string(),
  createMembers: z.boolean(),
  linkMembers: z.boolean(),
  trustEmails: z.boolean(),
  trustSecondFactor: z.boolean(),
  letsClientsIn: z.boolean(),
  role,
  mappings: z.array(z.object({ group: z.string(), team: id('team').nullable(), role: role.nullable() })),
  /** To be registered with it: where it sends people back to. */
  redirectUri: z.string(),
  /** To be registered with it: where it says that somebody signed out there. */
  logoutUri: z.string(),
  /** How many members are known there. */
  members: z.number().int(),
  createdAt: time,
  updatedAt: time,
});

export const listIdentityProviders = operation({
  name: 'identity-providers.list',
  method: 'GET',
  path: '/identity-providers',
  permission: 'members:read',
  summary: 'List the identity providers that members may sign in with',
  input: z.object({}),
  output: z.object({ items: z.array(identityProviderShape), next: z.null() }),
});

export const createIdentityProvider = operation({
  name: 'identity-providers.create',
  method: 'POST',
  path: '/identity-providers',
  permission: 'organization:write',
  status: 201,
  summary: 'Add an identity provider; it takes all that an admin may, because it says who is who',
  input: z.object(draft),
  output: identityProviderShape,
});

export const updateIdentityProvider = operation({
  name: 'identity-providers.update',
  method: 'PUT',
  path: '/identity-providers/{id}',
  permission: 'organization:write',
  summary: 'Change an identity provider; it holds for the next sign-in',
  input: z.object({ id: id('idp'), ...draft }),
  output: identityProviderShape,
});

export const removeIdentityProvider = operation({
  name: 'identity-providers.remove',
  method: 'DELETE',
  path: '/identity-providers/{id}',
  permission: 'organization:write',
  status: 204,
  summary: 'Remove an identity provider; sign-ins that began there end',
  input: z.object({ id: id('idp') }),
  output: nothing,
});

export const testIdentityProvider = operation({
  name: 'identity-providers.test',
  method: 'POST',
  path: '/identity-providers/{id}/test',
  permission: 'organization:write',
  summary: 'Try what can be tried without a person, and say exactly what fails',
  input: z.object({ id: id('idp') }),
  output: z.object({
    works: z.boolean(),
    steps: z.array(
      z.object({
        name: z.string(),
        outcome: z.enum(['ok', 'warning', 'failed']),
        text: z.string(),
        fix: z.string().nullable(),
      }),
    ),
  }),
});

export const unlinkIdentity = operation({
  name: 'members.unlink-identity',
  method: 'DELETE',
  path: '/members/{id}/identities/{provider}',
  permission: 'members:write',
  status: 204,
  summary: 'Forget who a member is at an identity provider; their sign-ins from there end',
  input: z.object({ id: id('mem'), provider: id('idp') }),
  output: nothing,
});
