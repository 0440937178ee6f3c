// What a member decided about a client, carried by the member's own browser from the operation that asked who they are to
// the address that sees which browser the client's request came from. Signed, short-lived, and good for one request.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { NewConnectedClient } from '@mcpvault/store/connected-clients-store';
import { z } from 'zod';

const connected = z.object({
  id: z.templateLiteral(['ccl_', z.string()]),
  organization: z.templateLiteral(['org_', z.string()]),
  member: z.templateLiteral(['mem_', z.string()]),
  client: z.string(),
  clientName: z.string(),
  resource: z.string(),
  scopes: z.array(z.string()),
  createdAt: z.number(),
  expiresAt: z.number(),
});

const shape = z.object({
  /** The interaction it answers. */
  interaction: z.string(),
  /** null: denied. */
  allowed: connected.nullable(),
  until: z.number(),
});

export interface Decision {
  readonly interaction: string;
  readonly allowed: NewConnectedClient | null;
}

const goodFor = 2 * 60_000;

export function writeTicket(key: Buffer, decision: Decision, now: number): string {
  const body = Buffer.from(JSON.stringify({ ...decision, until: now + goodFor })).toString('base64url');
  return `${body}.${signatureOf(key, body).toString('base64url')}`;
}

/** null for one that is not ours, was changed, or is too old. */
export function readTicket(key: Buffer, ticket: string, now: number): Decision | null {
  const [body, signature, more] = ticket.split('.');
  if (body === undefined || signature === undefined || more !== undefined) return null;
  const given = Buffer.from(signature, 'base64url');
  const right = signatureOf(key, body);
  if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
  const read = shape.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString()));
  return read.success && read.data.until > now ? read.data : null;
}

function signatureOf(key: Buffer, body: string): Buffer {
  return createHmac('sha256', key).update(`oauth decision ${body}`).digest();
}
