import { notificationTypes } from '@mcpvault/domain/alerts/notification';
import { severities } from '@mcpvault/domain/policy/policy';
import { z } from 'zod';
import { id, nothing, operation, page, paging, time } from './operation.ts';

const count = z.number().int().min(0);
const url = z.url({ protocol: /^https?$/ }).max(2000);
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

const email = {
  type: z.literal('email'),
  to: z.array(z.email().max(254)).max(20),
  /** Also to those whom it concerns in person, such as the approvers of a call. */
  people: z.boolean(),
};
/** A member of the JSON object that the chat reads the text from: `text`, `content`, … */
const field = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,39}$/);

/** Where to. `slack`: an incoming webhook of Slack or what takes the same; `chat`: one that reads a text from a member. */
const givenTransport = z.discriminatedUnion('type', [
  z.object({ type: z.literal('webhook'), url }),
  z.object({ type: z.literal('slack'), url }),
  z.object({ type: z.literal('chat'), url, field: field.default('text') }),
  z.object({ ...email, people: z.boolean().default(false) }),
]);

/** Addresses of chats are secrets: only their host is shown. */
const shownTransport = z.discriminatedUnion('type', [
  z.object({ type: z.literal('webhook'), url: z.string() }),
  z.object({ type: z.literal('slack'), host: z.string() }),
  z.object({ type: z.literal('chat'), host: z.string(), field: z.string() }),
  z.object(email),
]);

const filter = z.object({
  /** null: of everything. */
  types: z.array(z.enum(notificationTypes)).min(1).max(20).nullable().default(null),
  /** This severe or more. */
  severity: z.enum(severities).default('info'),
  policies: z.array(id('pol')).min(1).max(100).nullable().default(null),
  servers: z.array(id('srv')).min(1).max(100).nullable().default(null),
});

/** Nothing is sent in these hours; it waits until they are over. */
const quiet = z.object({
  /** Of the IANA list, such as `Europe/Berlin`. */
  timeZone: z.string().min(1).max(60),
  from: clock,
  /** Where it is not after `from`, on the next day. */
  to: clock,
  /** The days on which they begin, 0 is Sunday; null: every day. */
  days: z.array(z.number().int().min(0).max(6)).min(1).max(7).nullable().default(null),
  /** What is this severe is sent all the same; null: nothing is. */
  unless: z.enum(severities).nullable().default('critical'),
});

const draft = {
  name: z.string().trim().min(1).max(100),
  enabled: z.boolean().default(true),
  filter: filter.prefault({}),
  quiet: quiet.nullable().default(null),
  /** Escalation: only alerts that are still open so many minutes later; 0: everything, at once. */
  afterMinutes: z.number().int().min(0).max(10_080).default(0),
};

export const alertRouteShape = z.object({
  id: id('rte'),
  name: z.string(),
  enabled: z.boolean(),
  transport: shownTransport,
  filter: z.object(filter.shape),
  quiet: z.object(quiet.shape).nullable(),
  afterMinutes: z.number().int(),
  createdAt: time,
  updatedAt: time,
  state: z.object({
    /** `fine`: nothing waits that could be sent; `failing`: the last try failed, another follows; `off`. */
    is: z.enum(['fine', 'failing', 'off']),
    /** Notifications that wait: for the receiver, for quiet hours to end, or for somebody to take an alert on. */
    waiting: count,
    delivered: count,
    lastDeliveredAt: time.nullable(),
    failures: count,
    problem: z.object({ at: time, why: z.string(), fix: z.string().nullable() }).nullable(),
    nextTryAt: time.nullable(),
  }),
});

export const listAlertRoutes = operation({
  name: 'alert-routes.list',
  method: 'GET',
  path: '/alert-routes',
  permission: 'alerts:read',
  summary: 'List over which routes people are told of alerts and approvals, and what is wrong with them',
  input: z.object({}),
  output: page(alertRouteShape).extend({
    /** Whether this hub can send mail. */
    mail: z.boolean(),
  }),
});

export const createAlertRoute = operation({
  name: 'alert-routes.create',
  method: 'POST',
  path: '/alert-routes',
  permission: 'alert-routes:write',
  status: 201,
  summary: 'Have people told by mail, web address or chat, of what a filter names',
  input: z.object({ ...draft, transport: givenTransport }),
  output: z.object({
    route: alertRouteShape,
    /** What a web address checks signatures with, shown once; null for other kinds. */
    secret: z.string().nullable(),
  }),
});

export const updateAlertRoute = operation({
  name: 'alert-routes.update',
  method: 'PUT',
  path: '/alert-routes/{id}',
  permission: 'alert-routes:write',
  summary: 'Change a route; what waits is tried at once',
  /** Without a transport, where it goes stays. */
  input: z.object({ id: id('rte'), ...draft, transport: givenTransport.optional() }),
  output: alertRouteShape,
});

export const removeAlertRoute = operation({
  name: 'alert-routes.remove',
  method: 'DELETE',
  path: '/alert-routes/{id}',
  permission: 'alert-routes:write',
  status: 204,
  summary: 'Tell nobody over this route any more',
  input: z.object({ id: id('rte') }),
  output: nothing,
});

export const testAlertRoute = operation({
  name: 'alert-routes.test',
  method: 'POST',
  path: '/alert-routes/{id}/test',
  permission: 'alert-routes:write',
  summary: 'Send one notification that says it is a test, and tell whether it was taken',
  input: z.object({ id: id('rte') }),
  output: z.object({ taken: z.boolean(), why: z.string().nullable(), fix: z.string().nullable() }),
});

export const listAlertDeliveries = operation({
  name: 'alert-routes.deliveries',
  method: 'GET',
  path: '/alert-routes/{id}/deliveries',
  permission: 'alerts:read',
  summary: 'List what was sent over a route, what waits and why, and what was not sent, newest first',
  input: z.object({ id: id('rte'), ...paging }),
  output: page(
    z.object({
      id: id('dlv'),
      state: z.enum(['waiting', 'delivered', 'dropped']),
      type: z.enum(notificationTypes),
      title: z.string(),
      severity: z.enum(severities),
      at: time,
      dueAt: time,
      doneAt: time.nullable(),
      tries: count,
      why: z.string().nullable(),
    }),
  ),
});
