import { z } from 'zod';
import { id, nothing, operation, page, time } from './operation.ts';

const count = z.number().int().min(0);

const transport = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('webhook'),
    /** Signed as Standard Webhooks have it. */
    url: z.url({ protocol: /^https?$/ }).max(2000),
  }),
  z.object({
    type: z.literal('syslog'),
    host: z.string().trim().min(1).max(253),
    port: z.number().int().min(1).max(65_535),
    tls: z.boolean(),
    /** Certificates to trust instead of the usual ones, PEM. */
    ca: z.string().trim().max(100_000).startsWith('-----BEGIN CERTIFICATE-----').nullable(),
  }),
  z.object({ type: z.literal('file') }),
]);

const draft = {
  name: z.string().trim().min(1).max(100),
  enabled: z.boolean(),
  transport,
  /** `jsonl`: the lines of an export; `csv`: for spreadsheets; `ocsf`: the Open Cybersecurity Schema. */
  format: z.enum(['jsonl', 'csv', 'ocsf']),
  filter: z.object({
    /** Such as `grants.create`, or a whole area as `grants.*`; empty: all. */
    actions: z
      .array(
        z
          .string()
          .max(100)
          .regex(/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)*(\.\*)?$/),
      )
      .max(100),
    outcome: z.enum(['all', 'refused']),
    calls: z.enum(['all', 'refused', 'none']),
  }),
};

const destinationShape = z.object({
  id: id('dst'),
  ...draft,
  /** Where files lie; null for other kinds. */
  folder: z.string().nullable(),
  createdAt: time,
  updatedAt: time,
  state: z.object({
    /** `current`: has everything; `behind`: is being told; `failing`: the last try failed, another follows; `off`. */
    is: z.enum(['current', 'behind', 'failing', 'off']),
    /** Entries of the log that it was not told yet; one may stand for many calls. */
    lag: count,
    delivered: count,
    lastDeliveredAt: time.nullable(),
    failures: count,
    problem: z.object({ at: time, why: z.string(), fix: z.string().nullable() }).nullable(),
    nextTryAt: time.nullable(),
  }),
});

export const listDestinations = operation({
  name: 'audit-destinations.list',
  method: 'GET',
  path: '/audit/destinations',
  permission: 'audit:read',
  summary: 'List where audit events are sent, how far each has come, and what is wrong with it',
  input: z.object({}),
  output: page(destinationShape),
});

export const createDestination = operation({
  name: 'audit-destinations.create',
  method: 'POST',
  path: '/audit/destinations',
  permission: 'audit:write',
  status: 201,
  summary: 'Send audit events to a web address, a syslog server or a file, in order and at least once',
  input: z.object({
    ...draft,
    enabled: z.boolean().default(true),
    filter: draft.filter.default({ actions: [], outcome: 'all', calls: 'all' }),
    /** Whether it begins with what happens from now on, or with the oldest entry there is. */
    from: z.enum(['now', 'beginning']).default('now'),
  }),
  output: z.object({
    destination: destinationShape,
    /** What a web address checks signatures with, shown once; null for other kinds. */
    secret: z.string().nullable(),
  }),
});

export const updateDestination = operation({
  name: 'audit-destinations.update',
  method: 'PUT',
  path: '/audit/destinations/{id}',
  permission: 'audit:write',
  summary: 'Change a destination; it goes on where it was, and is tried at once',
  input: z.object({ id: id('dst'), ...draft }),
  output: destinationShape,
});

export const removeDestination = operation({
  name: 'audit-destinations.remove',
  method: 'DELETE',
  path: '/audit/destinations/{id}',
  permission: 'audit:write',
  status: 204,
  summary: 'Send nothing there any more',
  input: z.object({ id: id('dst') }),
  output: nothing,
});

export const testDestination = operation({
  name: 'audit-destinations.test',
  method: 'POST',
  path: '/audit/destinations/{id}/test',
  permission: 'audit:write',
  summary: 'Send one event that says it is a test, and tell whether it was taken',
  input: z.object({ id: id('dst') }),
  output: z.object({ taken: z.boolean(), why: z.string().nullable(), fix: z.string().nullable() }),
});
