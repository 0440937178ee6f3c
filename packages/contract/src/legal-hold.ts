import { z } from 'zod';
import { nothing, operation, time } from './operation.ts';

const hold = z.object({ reason: z.string(), since: time });

export const getLegalHold = operation({
  name: 'organization.legal-hold',
  method: 'GET',
  path: '/organization/legal-hold',
  permission: 'audit:read',
  summary: 'Whether records are held: then nothing of them is deleted by age',
  input: z.object({}),
  output: z.object({ hold: hold.nullable() }),
});

export const setLegalHold = operation({
  name: 'organization.hold',
  method: 'PUT',
  path: '/organization/legal-hold',
  permission: 'audit:write',
  summary: 'Hold the records: messages and audit entries are kept until this ends, whatever their age',
  input: z.object({ reason: z.string().trim().min(1).max(500) }),
  output: z.object({ hold }),
});

export const endLegalHold = operation({
  name: 'organization.end-hold',
  method: 'DELETE',
  path: '/organization/legal-hold',
  permission: 'audit:write',
  status: 204,
  summary: 'End the hold; what is older than it may be is deleted at the next tidying up',
  input: z.object({}),
  output: nothing,
});
