import { z } from 'zod';
import { id, nothing, operation, page, paging, time } from './operation.ts';

export const policyAction = z.discriminatedUnion('type', [
  z.object({ type: z.literal('redact'), style: z.enum(['label', 'mask']) }),
  z.object({ type: z.literal('refuse') }),
]);

const draft = {
  name: z.string().trim().min(1).max(200),
  reason: z.string().trim().min(1).max(1000),
  enabled: z.boolean().default(true),
  /** Detector ids, or group names that stand for all detectors of the group. */
  detectors: z.array(z.string().min(1).max(100)).min(1).max(200),
  directions: z
    .array(z.enum(['call', 'result']))
    .min(1)
    .max(2)
    .default(['call', 'result']),
  /** null: every server. */
  servers: z.array(id('srv')).min(1).max(1000).nullable().default(null),
  action: policyAction,
  /** Of findings less sure than this, from 0 to 1, only a record is kept. */
  threshold: z.number().min(0).max(1).default(0),
};

/** A policy that says more than these operations can may name no detectors, or look at listings only. */
export const policyShape = z.object({
  id: id('pol'),
  ...draft,
  detectors: z.array(z.string()),
  directions: z.array(z.enum(['call', 'result'])),
  createdAt: time,
  updatedAt: time,
});

export const listPolicies = operation({
  name: 'policies.list',
  method: 'GET',
  path: '/policies',
  permission: 'policies:read',
  summary: 'List policies',
  input: z.object({ ...paging }),
  output: page(policyShape),
});

export const createPolicy = operation({
  name: 'policies.create',
  method: 'POST',
  path: '/policies',
  permission: 'policies:write',
  status: 201,
  summary: 'Add a policy; it holds from the next message on',
  input: z.object(draft),
  output: policyShape,
});

export const updatePolicy = operation({
  name: 'policies.update',
  method: 'PUT',
  path: '/policies/{id}',
  permission: 'policies:write',
  summary: 'Replace a policy',
  input: z.object({ id: id('pol'), ...draft }),
  output: policyShape,
});

export const removePolicy = operation({
  name: 'policies.remove',
  method: 'DELETE',
  path: '/policies/{id}',
  permission: 'policies:write',
  status: 204,
  summary: 'Remove a policy',
  input: z.object({ id: id('pol') }),
  output: nothing,
});

export const listDetectors = operation({
  name: 'detectors.list',
  method: 'GET',
  path: '/detectors',
  permission: 'policies:read',
  summary: 'List the detectors that policies can name',
  input: z.object({}),
  output: z.object({
    items: z.array(
      z.object({
        id: z.string(),
        group: z.string(),
        title: z.string(),
        description: z.string(),
        /** On made-up texts and on look-alikes; null where it is measured otherwise. */
        quality: z
          .object({
            texts: z.number().int(),
            found: z.number().int(),
            lookAlikes: z.number().int(),
            taken: z.number().int(),
          })
          .nullable(),
        /** Measured on texts that others labelled: figures with their ranges, ready to be shown. */
        tables: z.array(z.object({ title: z.string(), head: z.array(z.string()), rows: z.array(z.array(z.string())) })),
      }),
    ),
    next: z.null(),
  }),
});
