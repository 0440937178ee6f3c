import { z } from 'zod';
import { id, nothing, operation } from './operation.ts';

/** Six digits of an authenticator app, or a recovery code. */
export const code = z.string().trim().min(6).max(40);

const demands = {
  /** Whoever signs in without one may only set one up. */
  requireSecondFactor: z.boolean(),
  /** Members whose e-mail domain an identity provider speaks for sign in there, and in no other way. */
  requireSingleSignOn: z.boolean(),
  /** Admins who may still sign in otherwise, for when the identity provider is away. */
  breakGlass: z.array(id('mem')).max(20),
  /** Minutes without use after which a sign-in ends; null: no such limit. */
  idleMinutes: z.number().int().min(5).max(43_200).nullable(),
  /** Hours after which a sign-in ends however it is used; null: as the hub is set up. */
  sessionHours: z.number().int().min(1).max(8760).nullable(),
};
const security = z.object(demands);

export const startSecondFactor = operation({
  name: 'second-factor.start',
  method: 'POST',
  path: '/me/second-factor',
  permission: 'self',
  beforeSecondFactor: true,
  status: 201,
  summary: 'Begin to set up an authenticator app: its secret, shown once; it counts when a code has confirmed it',
  input: z.object({}),
  output: z.object({
    secret: z.string(),
    /** For a QR code. */
    uri: z.string(),
  }),
});

export const confirmSecondFactor = operation({
  name: 'second-factor.confirm',
  method: 'POST',
  path: '/me/second-factor/confirm',
  permission: 'self',
  beforeSecondFactor: true,
  summary: 'Show that the authenticator works; the answer carries recovery codes, shown once',
  input: z.object({ code }),
  output: z.object({ recoveryCodes: z.array(z.string()) }),
});

export const removeSecondFactor = operation({
  name: 'second-factor.remove',
  method: 'POST',
  path: '/me/second-factor/remove',
  permission: 'self',
  status: 204,
  summary: 'Give up one’s own second factor, with one of its codes',
  input: z.object({ code }),
  output: nothing,
});

export const resetSecondFactor = operation({
  name: 'members.reset-second-factor',
  method: 'DELETE',
  path: '/members/{id}/second-factor',
  permission: 'members:write',
  inPerson: true,
  status: 204,
  summary: 'Take the second factor of a member away who lost it; their sign-ins end',
  input: z.object({ id: id('mem') }),
  output: nothing,
});

export const getSecurity = operation({
  name: 'organization.security',
  method: 'GET',
  path: '/organization/security',
  permission: 'members:read',
  summary: 'What the organization demands of sign-ins',
  input: z.object({}),
  output: security,
});

export const updateSecurity = operation({
  name: 'organization.update-security',
  method: 'PUT',
  path: '/organization/security',
  permission: 'organization:write',
  summary: 'Change what the organization demands of sign-ins; it holds at the next request; what is left out stays',
  input: security.partial().required({ requireSecondFactor: true }),
  output: security,
});
