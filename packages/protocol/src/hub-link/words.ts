// The words that several messages of the link are made of, and how long each may be.
import { z } from 'zod';

export const nothing = z.object({});

/** Of people, clients, servers, tools. */
export const name = z.string().min(1).max(200);
export const shortText = z.string().max(500);
export const longText = z.string().max(4000);
/** Of a file; the longest that any system allows. */
export const path = z.string().max(4096);

/** Milliseconds since the epoch by the clock of whoever says it. */
export const moment = z.int().min(0).max(8_640_000_000_000_000);
export const count = z.int().min(0);

/** An id of the hub, such as `wst_…`. */
export function hubId<Prefix extends string>(prefix: Prefix) {
  return z.templateLiteral([prefix, '_', z.string().regex(/^[0-9a-z]{1,40}$/)]);
}

/** An id that a workstation made; unique within that workstation. */
export const ownId = z.string().regex(/^[0-9A-Za-z_-]{8,64}$/);

/** An Ed25519 key as it is published: `id` is the first half of the SHA-256 of the 32 bytes, hexadecimal. */
export const publicKey = z.object({ id: z.string().max(64), publicKey: z.base64().max(64) });
