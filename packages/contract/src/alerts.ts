import { alertKinds, alertStates } from '@mcpvault/domain/alerts/alert';
import { severities } from '@mcpvault/domain/policy/policy';
import { z } from 'zod';
import { id, operation, page, paging, time } from './operation.ts';

const count = z.number().int().min(0);
const person = z.object({ id: id('mem'), email: z.string(), name: z.string() });
const layer = z.enum(['hub', 'workstation']);

export const alertShape = z.object({
  id: id('alt'),
  /** `policy`: about messages; `operational`: about the system. */
  kind: z.enum(alertKinds),
  layer,
  severity: z.enum(severities),
  title: z.string(),
  state: z.enum(alertStates),
  owner: person.nullable(),
  /** How often it came. */
  count,
  firstAt: time,
  lastAt: time,
  policy: z.object({ id: id('pol'), name: z.string(), version: z.number().int() }).nullable(),
  server: z.object({ id: id('srv'), name: z.string() }).nullable(),
  tool: z.string().nullable(),
  /** Whose messages raised it. */
  member: person.nullable(),
});

const side = z.enum(['call', 'result']);

/** What was there when it was raised first: readable when the policy is gone, and without what was found. */
const snapshotShape = z.object({
  policy: z
    .object({
      id: id('pol'),
      version: z.number().int(),
      name: z.string(),
      reason: z.string().nullable(),
      condition: z.string().nullable(),
      detectors: z.array(z.string()),
      threshold: z.number(),
    })
    .nullable(),
  /** How many findings of each detector. */
  findings: z.record(z.string(), count),
  detectors: z.array(z.object({ id: z.string(), title: z.string(), group: z.string() })),
  places: z.array(
    z.object({ side, detector: z.string(), pointer: z.string(), inKey: z.boolean(), confidence: z.number() }),
  ),
  edits: z.array(
    z.object({
      side,
      start: z.number().int(),
      end: z.number().int(),
      layer,
      reason: z.string(),
      detector: z.string().nullable(),
    }),
  ),
  message: z
    .object({
      method: z.string(),
      target: z.string().nullable(),
      serverName: z.string().nullable(),
      client: z.string().nullable(),
      protocol: z.string().nullable(),
      outcome: z.string(),
      did: z.enum(['allowed', 'edited', 'held', 'refused']),
      /** Of a W3C `traceparent`. */
      trace: z.string().nullable(),
    })
    .nullable(),
  text: z.string(),
  fix: z.string().nullable(),
});

export const listAlerts = operation({
  name: 'alerts.list',
  method: 'GET',
  path: '/alerts',
  permission: 'alerts:read',
  summary: 'List alerts of policies and of the system, those that came last first',
  input: z.object({
    ...paging,
    /** Several with commas; left out: open and acknowledged ones. `all`: every one. */
    state: z
      .string()
      .regex(/^(all|(open|acknowledged|resolved|dismissed)(,(open|acknowledged|resolved|dismissed))*)$/)
      .default('open,acknowledged'),
    kind: z.enum(alertKinds).optional(),
    layer: layer.optional(),
    /** This severe or more. */
    severity: z.enum(severities).optional(),
    policy: id('pol').optional(),
    server: id('srv').optional(),
    member: id('mem').optional(),
    /** `me`, `none`, or a member. */
    owner: z.union([z.enum(['me', 'none']), id('mem')]).optional(),
    q: z.string().max(200).optional(),
  }),
  output: page(alertShape),
});

export const countAlerts = operation({
  name: 'alerts.count',
  method: 'GET',
  path: '/alert-counts',
  permission: 'alerts:read',
  summary: 'How many alerts wait for somebody',
  input: z.object({}),
  output: z.object({
    open: count,
    acknowledged: count,
    /** Open ones of severity high or critical. */
    severe: count,
  }),
});

export const getAlert = operation({
  name: 'alerts.get',
  method: 'GET',
  path: '/alerts/{id}',
  permission: 'alerts:read',
  summary: 'Show one alert, with what was there when it was raised and what was done about it',
  input: z.object({ id: id('alt') }),
  output: alertShape.extend({
    /** The newest ones that raised it, newest first. */
    messages: z.array(id('msg')),
    snapshot: snapshotShape,
    history: z.array(
      z.object({
        at: time,
        /** null: MCPVault itself. */
        by: person.nullable(),
        state: z.enum(alertStates).nullable(),
        /** Left out where the owner stayed; null where nobody is any more. */
        owner: person.nullable().optional(),
        comment: z.string().nullable(),
      }),
    ),
  }),
});

export const changeAlerts = operation({
  name: 'alerts.change',
  method: 'POST',
  path: '/alerts',
  permission: 'alerts:write',
  summary: 'Claim, acknowledge, resolve, dismiss, open again or comment alerts, one or many',
  input: z.object({
    ids: z.array(id('alt')).min(1).max(200),
    state: z.enum(alertStates).optional(),
    /** `me`, a member, or null for nobody. */
    owner: z
      .union([z.literal('me'), id('mem')])
      .nullable()
      .optional(),
    comment: z.string().trim().min(1).max(4000).optional(),
  }),
  output: z.object({
    items: z.array(alertShape),
    /** Those that stayed as they were, and why. */
    unchanged: z.array(z.object({ id: id('alt'), why: z.string() })),
  }),
});
