// Access tokens: JWTs of RFC 9068, signed with ES256 by one of the hub's own keys. Checked here without asking anybody.
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { OauthKey } from '@mcpvault/store/oauth-keys';
import { z } from 'zod';

const header = z.object({ alg: z.literal('ES256'), typ: z.literal('at+jwt'), kid: z.string() });

const claims = z.object({
  iss: z.string(),
  sub: z.templateLiteral(['mem_', z.string()]),
  aud: z.string(),
  client_id: z.string(),
  scope: z.string().default(''),
  jti: z.string(),
  iat: z.number(),
  exp: z.number(),
  organization: z.templateLiteral(['org_', z.string()]),
  /** The authorization it was made of. */
  connected_client: z.templateLiteral(['ccl_', z.string()]),
});

export type AccessClaims = z.output<typeof claims>;

export interface CheckedBy {
  readonly issuer: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** null for a key that is not ours. */
  key(kid: string): KeyObject | null;
}

/** Longer ones are none of ours, and not worth checking. */
const longest = 1900;

/** Whether it may be one; says nothing about whether it is good. */
export function looksLikeAccessToken(text: string): boolean {
  return text.startsWith('eyJ') && text.length <= longest;
}

/** null for what is not ours, was changed, or has expired. Whether it was revoked, the store knows. */
export function readAccessToken(token: string, { issuer, now, key }: CheckedBy): AccessClaims | null {
  const parts = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(token);
  if (parts === null || token.length > longest) return null;
  const [, head = '', body = '', signature = ''] = parts;
  const about = header.safeParse(parsed(head));
  const publicKey = about.success ? key(about.data.kid) : null;
  if (publicKey === null) return null;
  const options = { key: publicKey, dsaEncoding: 'ieee-p1363' as const };
  if (!verify('sha256', Buffer.from(`${head}.${body}`), options, Buffer.from(signature, 'base64url'))) return null;
  const said = claims.safeParse(parsed(body));
  if (!said.success || said.data.iss !== issuer || said.data.exp * 1000 <= now) return null;
  return said.data;
}

export function publicKeyOf({ x, y }: Pick<OauthKey, 'x' | 'y'>): KeyObject {
  return createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
}

function parsed(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch {
    return null;
  }
}
