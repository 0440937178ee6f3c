import { z } from 'zod';
import { id, nothing, operation, page, paging, time } from './operation.ts';

const person = z.object({ id: id('mem'), email: z.string(), name: z.string() });

/** A time in which somebody acts as another member. */
export const impersonationShape = z.object({
  id: id('imp'),
  /** Who really acts. */
  actor: person,
  /** As whom. */
  subject: person,
  reason: z.string(),
  createdAt: time,
  /** It ends by itself then. */
  expiresAt: time,
  /** When it was ended before its time. */
  endedAt: time.nullable(),
  underway: z.boolean(),
});

export const listImpersonations = operation({
  name: 'impersonations.list',
  method: 'GET',
  path: '/impersonations',
  permission: 'self',
  summary: 'When one acted as somebody, or somebody acted as oneself; with audit:read of everybody',
  input: z.object({ ...paging, of: z.enum(['mine', 'all']).default('mine') }),
  output: page(impersonationShape),
});

export const startImpersonation = operation({
  name: 'impersonations.start',
  method: 'POST',
  path: '/impersonations',
  permission: 'self',
  status: 201,
  summary:
    'Act as a member whom one supervises (as anybody with impersonate:any) for a stated reason; reaches what both may, and no credentials',
  input: z.object({
    subject: id('mem'),
    /** The member reads it, and so does whoever reads the audit log. */
    reason: z.string().trim().min(5).max(500),
    minutes: z.number().int().min(1).max(480).default(30),
  }),
  output: impersonationShape.extend({
    /** Sent as a bearer. It is not refreshed. */
    accessToken: z.string(),
  }),
});

export const endImpersonation = operation({
  name: 'impersonations.end',
  method: 'DELETE',
  path: '/impersonations/{id}',
  permission: 'self',
  inPerson: false,
  status: 204,
  summary: 'End acting as somebody: who acts, whom they act as, and whoever has impersonate:any may do so',
  input: z.object({ id: id('imp') }),
  output: nothing,
});
