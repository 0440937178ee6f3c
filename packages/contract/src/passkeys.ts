import { z } from 'zod';
import { id, nothing, operation, time } from './operation.ts';
import { code } from './second-factor.ts';
import { signedIn } from './signed-in.ts';

const text = z.string().min(1).max(4096);
const long = z.string().min(1).max(32_768);

/** As `PublicKeyCredential.toJSON()` writes it after `navigator.credentials.get`. */
export const passkeyProof = z.object({
  id: text,
  rawId: text,
  type: z.literal('public-key'),
  response: z.looseObject({
    clientDataJSON: long,
    authenticatorData: long,
    signature: long,
    userHandle: text.nullish(),
  }),
  authenticatorAttachment: z.string().max(100).nullish(),
  clientExtensionResults: z.record(z.string(), z.unknown()).default({}),
});

/** As `PublicKeyCredential.toJSON()` writes it after `navigator.credentials.create`. */
const newPasskey = z.object({
  id: text,
  rawId: text,
  type: z.literal('public-key'),
  response: z.looseObject({
    clientDataJSON: long,
    attestationObject: long,
    transports: z.array(z.string().max(50)).max(20).optional(),
  }),
  authenticatorAttachment: z.string().max(100).nullish(),
  clientExtensionResults: z.record(z.string(), z.unknown()).default({}),
});

export const passkeyShape = z.object({
  id: id('pky'),
  name: z.string(),
  /** Kept in more than one place by its owner’s devices. */
  backedUp: z.boolean(),
  createdAt: time,
  lastUsedAt: time.nullable(),
});

/** That it is really them: their second factor where they have one, else their password. */
const proof = {
  password: z.string().min(1).max(200).optional(),
  code: code.optional(),
  passkey: passkeyProof.optional(),
};

/** For the browser’s own methods, `parseCreationOptionsFromJSON` and `parseRequestOptionsFromJSON`. */
const options = z.record(z.string(), z.unknown());

export const listPasskeys = operation({
  name: 'passkeys.list',
  method: 'GET',
  path: '/me/passkeys',
  permission: 'self',
  beforeSecondFactor: true,
  summary: 'List one’s own passkeys',
  input: z.object({}),
  output: z.object({ items: z.array(passkeyShape), next: z.null() }),
});

export const startPasskey = operation({
  name: 'passkeys.start',
  method: 'POST',
  path: '/me/passkeys/start',
  permission: 'self',
  beforeSecondFactor: true,
  audited: false,
  summary: 'Begin to add a passkey, with proof of who one is: what the browser is asked for',
  input: z.object(proof),
  output: z.object({ options }),
});

export const addPasskey = operation({
  name: 'passkeys.add',
  method: 'POST',
  path: '/me/passkeys',
  permission: 'self',
  beforeSecondFactor: true,
  status: 201,
  summary: 'Add a passkey that the browser made; recovery codes come with the first second factor, shown once',
  input: z.object({ name: z.string().trim().min(1).max(100), credential: newPasskey }),
  output: z.object({ passkey: passkeyShape, recoveryCodes: z.array(z.string()).nullable() }),
});

export const renamePasskey = operation({
  name: 'passkeys.rename',
  method: 'PATCH',
  path: '/me/passkeys/{id}',
  permission: 'self',
  summary: 'Call a passkey something else',
  input: z.object({ id: id('pky'), name: z.string().trim().min(1).max(100) }),
  output: passkeyShape,
});

export const removePasskey = operation({
  name: 'passkeys.remove',
  method: 'POST',
  path: '/me/passkeys/{id}/remove',
  permission: 'self',
  status: 204,
  summary: 'Remove a passkey, with proof of who one is',
  input: z.object({ id: id('pky'), ...proof }),
  output: nothing,
});

export const startPasskeySignIn = operation({
  name: 'auth.start-passkey-sign-in',
  method: 'POST',
  path: '/auth/passkeys/start',
  permission: 'anyone',
  audited: false,
  summary: 'Ask for a challenge that a passkey signs, to sign in or to confirm something; it names nobody',
  input: z.object({}),
  output: z.object({ options }),
});

export const finishPasskeySignIn = operation({
  name: 'auth.finish-passkey-sign-in',
  method: 'POST',
  path: '/auth/passkeys/finish',
  permission: 'anyone',
  summary: 'Sign in with a passkey alone; it is both factors at once',
  input: z.object({ passkey: passkeyProof }),
  output: signedIn,
});
