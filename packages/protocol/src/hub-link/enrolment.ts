// How a computer becomes a workstation of a hub, and how its credential renews itself. The member sees all of `about` before
// it is sent.
import { z } from 'zod';
import { hubId, name, publicKey, shortText } from './words.ts';

/** What a workstation says of itself. A claim: the hub notes the address it sees beside the ones that are named. */
export const aboutWorkstation = z.object({
  /** As its member calls it. */
  name: name,
  hostName: z.string().max(255),
  platform: z.enum(['linux', 'macos', 'windows']),
  /** Of the operating system. */
  osVersion: z.string().max(100),
  architecture: z.string().max(50),
  agentVersion: z.string().max(50),
  /** Random, made once and kept by the workstation: the same computer that enrols again is the same workstation. */
  machine: z.string().regex(/^[0-9a-zA-Z_-]{16,64}$/),
  /** The account of the operating system. */
  account: z.string().max(255),
  timeZone: z.string().max(100),
  addresses: z.array(z.string().max(45)).max(32),
  /** What it can do, such as `records`, `jobs.remediate`. */
  features: z.array(z.string().max(50)).max(50),
});
export type AboutWorkstation = z.infer<typeof aboutWorkstation>;

export const enrolment = z.object({
  about: aboutWorkstation,
  /** With an enrolment key that names no member: the e-mail address of the one whose workstation it is. */
  member: z.string().max(320).optional(),
});

const credentials = {
  /** Long-lived, and new after each use: keep it in the keychain, or in a file that only its owner may read. */
  credential: z.string().max(100),
  accessToken: z.string().max(100),
  /** Milliseconds that the access token is good for, from now. */
  accessFor: z.int().positive(),
};

export const enrolled = z.object({
  ...credentials,
  workstation: hubId('wst'),
  organization: z.object({ id: hubId('org'), name: shortText }),
  member: z.object({ id: hubId('mem'), email: z.string().max(320) }),
  /** Those that may sign bundles: from now on, bundles and nobody else say which keys may. */
  keys: z.array(publicKey).min(1).max(20),
  /** Seconds between polls. */
  pollSeconds: z.int().positive(),
  /** The hub's clock: milliseconds since the epoch. */
  now: z.int(),
});

export const refresh = z.object({ credential: z.string().max(100) });
export const refreshed = z.object(credentials);
