import { z } from 'zod';
import { impersonationShape } from './impersonations.ts';
import { memberShape } from './members.ts';
import { id, nothing, operation, time } from './operation.ts';
import { passkeyProof } from './passkeys.ts';
import { code } from './second-factor.ts';
import { signedIn } from './signed-in.ts';

export const password = z.string().min(12, 'use at least 12 characters').max(200);

export const checkLink = operation({
  name: 'auth.check-link',
  method: 'POST',
  path: '/auth/links/check',
  permission: 'anyone',
  audited: false,
  summary: 'Say whether a one-time link is still good, and what for',
  input: z.object({ link: z.string().min(1).max(200) }),
  output: z.object({
    purpose: z.enum(['setup', 'invite', 'reset']),
    organization: z.string().nullable(),
    email: z.string().nullable(),
    expiresAt: time,
  }),
});

export const setUp = operation({
  name: 'auth.set-up',
  method: 'POST',
  path: '/auth/setup',
  permission: 'anyone',
  summary: 'Use the one-time setup link: create the first admin and sign in',
  status: 201,
  input: z.object({
    link: z.string().min(1).max(200),
    name: z.string().trim().min(1).max(200),
    email: z.email().max(320),
    password,
    organization: z.string().trim().min(1).max(200).optional(),
  }),
  output: signedIn,
});

export const acceptLink = operation({
  name: 'auth.accept-link',
  method: 'POST',
  path: '/auth/links/accept',
  permission: 'anyone',
  summary: 'Use an invitation or reset link: choose a password and sign in',
  input: z.object({
    link: z.string().min(1).max(200),
    password,
    code: code.optional(),
    passkey: passkeyProof.optional(),
  }),
  output: signedIn,
});

export const login = operation({
  name: 'auth.login',
  method: 'POST',
  path: '/auth/login',
  permission: 'anyone',
  summary: 'Sign in with e-mail and password',
  input: z.object({
    email: z.string().min(1).max(320),
    password: z.string().min(1).max(200),
    /** Where the member has a second factor; without it the answer is `second_factor_required`. */
    code: code.optional(),
    /** The same, by a passkey. */
    passkey: passkeyProof.optional(),
  }),
  output: signedIn,
});

export const refresh = operation({
  name: 'auth.refresh',
  method: 'POST',
  path: '/auth/refresh',
  permission: 'anyone',
  audited: false,
  summary: 'Exchange a refresh token for a new pair; using one twice ends the whole sign-in',
  input: z.object({ refreshToken: z.string().min(1).max(200) }),
  output: signedIn,
});

export const logout = operation({
  name: 'auth.logout',
  method: 'POST',
  path: '/auth/logout',
  permission: 'self',
  beforeSecondFactor: true,
  status: 204,
  summary: 'End this sign-in: its access and refresh tokens stop working at once',
  input: z.object({}),
  output: nothing,
});

export const me = operation({
  name: 'auth.me',
  method: 'GET',
  path: '/me',
  permission: 'self',
  beforeSecondFactor: true,
  summary: 'Who is signed in, and what they may do',
  input: z.object({}),
  output: z.object({
    member: memberShape,
    organization: z.object({
      id: id('org'),
      name: z.string(),
      /** Its admins make and suspend the others. */
      runsHub: z.boolean(),
    }),
    permissions: z.array(z.string()),
    /** Who really acts, when somebody acts as this member. */
    actedBy: impersonationShape.nullable(),
    /** Those under way in which others act as this member. */
    impersonations: z.array(impersonationShape),
    secondFactor: z.object({
      isSetUp: z.boolean(),
      /** The organization demands one: without it, nothing but setting it up is possible. */
      isRequired: z.boolean(),
      recoveryCodesLeft: z.number().int(),
      hasAuthenticator: z.boolean(),
      passkeys: z.number().int(),
    }),
    /** Of the sign-in that asks; null for a personal token. */
    signIn: z
      .object({
        /** However much it is used, it ends then. */
        endsAt: time,
        /** Seconds without use after which it ends; null where there is no such limit. */
        idleSeconds: z.number().int().nullable(),
      })
      .nullable(),
  }),
});

export const changePassword = operation({
  name: 'auth.change-password',
  method: 'POST',
  path: '/me/password',
  permission: 'self',
  status: 204,
  summary: 'Change one’s own password; every other sign-in of the member ends',
  input: z.object({ current: z.string().min(1).max(200), password }),
  output: nothing,
});
