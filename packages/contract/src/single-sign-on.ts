import { z } from 'zod';
import { id, operation, time } from './operation.ts';
import { code } from './second-factor.ts';
import { passkeyProof } from './passkeys.ts';
import { signedIn } from './signed-in.ts';

export const signInOptions = operation({
  name: 'auth.options',
  method: 'POST',
  path: '/auth/options',
  permission: 'anyone',
  audited: false,
  summary: 'Which ways to sign in are open; by the domain of an e-mail address, never by who has it',
  input: z.object({ email: z.string().max(320).optional() }),
  output: z.object({
    /** False where the organization of that domain demands single sign-on. */
    password: z.boolean(),
    /** The name that passkeys belong to; null where the hub’s address can have none. */
    passkeys: z.string().nullable(),
    providers: z.array(z.object({ id: id('idp'), name: z.string() })),
    /** The address that sign-ins with a provider begin and end at. */
    url: z.string(),
  }),
});

export const startProviderSignIn = operation({
  name: 'auth.start-provider-sign-in',
  method: 'POST',
  path: '/auth/providers/{id}/start',
  permission: 'anyone',
  audited: false,
  summary: 'Begin to sign in with an identity provider: where to send the browser, and what only this browser may know',
  input: z.object({
    id: id('idp'),
    /** An invitation, to accept it as who one is there. */
    link: z.string().min(1).max(200).optional(),
  }),
  output: z.object({
    url: z.string(),
    /** To be kept by the browser that began, and shown at the end. */
    flow: z.string(),
    expiresAt: time,
  }),
});

export const finishProviderSignIn = operation({
  name: 'auth.finish-provider-sign-in',
  method: 'POST',
  path: '/auth/providers/{id}/finish',
  permission: 'anyone',
  summary: 'Finish to sign in with what the identity provider sent the browser back with',
  input: z.object({
    id: id('idp'),
    flow: z.string().min(1).max(200),
    /** The query that the browser came back with, as it is. */
    parameters: z.string().max(16_384),
    /** Asked for with `second_factor_required`; the same request with it goes on. */
    code: code.optional(),
    passkey: passkeyProof.optional(),
  }),
  output: signedIn,
});

export const backchannelLogout = operation({
  name: 'auth.backchannel-logout',
  method: 'POST',
  path: '/auth/providers/{id}/logout',
  permission: 'anyone',
  takes: 'form',
  summary: 'For identity providers: somebody signed out there (OpenID Connect Back-Channel Logout)',
  input: z.object({ id: id('idp'), logout_token: z.string().min(1).max(16_384) }),
  output: z.object({ ended: z.number().int() }),
});
