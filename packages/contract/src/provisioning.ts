import { z } from 'zod';
import { id, nothing, operation, page, paging, time } from './operation.ts';
import { role } from './roles.ts';

/** What members get whom an identity provider provisions over SCIM. */
const rules = z.object({
  /** Of those in no group that is mapped. */
  defaultRole: role,
  /** The first that a member belongs to decides the role. */
  groups: z
    .array(
      z.object({
        /** Its display name, compared without regard to case. */
        group: z.string().trim().min(1).max(200),
        role,
      }),
    )
    .max(200),
});

export const provisioningTokenShape = z.object({
  id: id('prv'),
  name: z.string(),
  /** The visible first characters. */
  prefix: z.string(),
  createdAt: time,
  expiresAt: time.nullable(),
  lastUsedAt: time.nullable(),
  revokedAt: time.nullable(),
});

export const getProvisioning = operation({
  name: 'provisioning.get',
  method: 'GET',
  path: '/provisioning',
  permission: 'provisioning:write',
  summary: 'Where an identity provider provisions members and teams (SCIM 2.0), and which roles they get',
  input: z.object({}),
  output: rules.extend({
    /** The SCIM base URL. */
    url: z.string(),
    /** Members and teams that are provisioned. */
    members: z.number().int(),
    teams: z.number().int(),
  }),
});

export const updateProvisioning = operation({
  name: 'provisioning.update',
  method: 'PUT',
  path: '/provisioning',
  permission: 'provisioning:write',
  summary: 'Change which roles provisioned members get; none may give more than one has oneself',
  input: rules,
  output: rules,
});

export const listProvisioningTokens = operation({
  name: 'provisioning.list-tokens',
  method: 'GET',
  path: '/provisioning/tokens',
  permission: 'provisioning:write',
  summary: 'List the tokens with which identity providers sign in',
  input: z.object({ ...paging }),
  output: page(provisioningTokenShape),
});

export const createProvisioningToken = operation({
  name: 'provisioning.create-token',
  method: 'POST',
  path: '/provisioning/tokens',
  permission: 'provisioning:write',
  inPerson: true,
  status: 201,
  summary: 'Make a token for an identity provider; its value is in this answer and nowhere else',
  input: z.object({ name: z.string().trim().min(1).max(200), expiresAt: time.nullish() }),
  output: provisioningTokenShape.extend({ token: z.string() }),
});

export const revokeProvisioningToken = operation({
  name: 'provisioning.revoke-token',
  method: 'DELETE',
  path: '/provisioning/tokens/{id}',
  permission: 'provisioning:write',
  status: 204,
  summary: 'Revoke the token of an identity provider; it stops working at the next request',
  input: z.object({ id: id('prv') }),
  output: nothing,
});
