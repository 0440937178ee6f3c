import { z } from 'zod';
import { id, nothing, operation, page, paging, time } from './operation.ts';
import { authInput, authMode, authShape, authUpdate } from './server-auth.ts';
import { confinement, processRules, processRulesInput, runningProcess } from './process-rules.ts';

export const isolation = z.enum(['shared', 'per-organization', 'per-member', 'per-session']);

/**
 * Which era of the protocol is spoken with a server: `auto` finds out and asks again now and then; `legacy` (until
 * 2025-11-25) and `modern` (from 2026-07-28 on) always speak that one.
 */
const era = z.enum(['auto', 'legacy', 'modern']).optional();

const headers = z.record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/), z.string().max(100_000)).default({});
const httpUrl = z.url({ protocol: /^https?$/ }).max(4000);
const webSocketUrl = z.url({ protocol: /^wss?$/ }).max(4000);

/**
 * How a server is reached. `streamable-http` falls back to the older HTTP+SSE where the server turns out to speak only
 * that; `sse` speaks that from the start; `websocket` sends one message in each text frame, with the subprotocol `mcp`.
 */
export const transportInput = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('stdio'),
    command: z.string().trim().min(1).max(1000),
    args: z.array(z.string().max(10_000)).max(200).default([]),
    env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string().max(100_000)).default({}),
    cwd: z.string().max(4000).optional(),
    era,
  }),
  z.object({ type: z.literal('streamable-http'), url: httpUrl, headers, era, auth: authInput.optional() }),
  z.object({ type: z.literal('sse'), url: httpUrl, headers, era, auth: authInput.optional() }),
  z.object({ type: z.literal('websocket'), url: webSocketUrl, headers, era, auth: authInput.optional() }),
]);

/** What admins see of a transport: values of env and headers are secrets and never come back. */
export const transportShape = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('stdio'),
    command: z.string(),
    args: z.array(z.string()),
    /** Names only. */
    env: z.array(z.string()),
    cwd: z.string().optional(),
    era,
  }),
  // Of headers the names only.
  z.object({
    type: z.literal('streamable-http'),
    url: z.string(),
    headers: z.array(z.string()),
    era,
    auth: authShape.optional(),
  }),
  z.object({ type: z.literal('sse'), url: z.string(), headers: z.array(z.string()), era, auth: authShape.optional() }),
  z.object({
    type: z.literal('websocket'),
    url: z.string(),
    headers: z.array(z.string()),
    era,
    auth: authShape.optional(),
  }),
]);

/**
 * `connecting`: first contact under way; `ready`: it answered; `unavailable`: it did not, see the reason and the fix;
 * `disabled`: switched off by an admin.
 */
export const serverStatus = z.enum(['connecting', 'ready', 'unavailable', 'disabled']);

export const serverShape = z.object({
  id: id('srv'),
  name: z.string(),
  status: serverStatus,
  /** Why it is not ready, and what to do about it; null when it is. */
  reason: z.string().nullable(),
  fix: z.string().nullable(),
  checkedAt: time.nullable(),
  enabled: z.boolean(),
  isolation,
  /** Whose sign-in is used there; see its connection. */
  auth: authMode,
  version: z.number().int(),
  /** Absent for members: only admins see how a server is run. */
  transport: transportShape.optional(),
  /** How its processes are run, and which run now; as `transport`, and absent for servers reached over the network. */
  processes: processRules.optional(),
  confinement: confinement.optional(),
  running: z.array(runningProcess).optional(),
  /** Where clients reach it, as an absolute URL. */
  endpoint: z.string(),
  tools: z.number().int(),
  /** Running processes or open connections right now. */
  connections: z.number().int(),
  createdAt: time,
  updatedAt: time,
});

const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'use lower-case letters, digits and hyphens, at most 63');

export const listServers = operation({
  name: 'servers.list',
  method: 'GET',
  path: '/mcp/servers',
  permission: 'servers:read',
  summary: 'List servers: admins see all, members those they may use',
  input: z.object({ ...paging, q: z.string().max(200).optional() }),
  output: page(serverShape),
});

export const getServer = operation({
  name: 'servers.get',
  method: 'GET',
  path: '/mcp/servers/{id}',
  permission: 'servers:read',
  summary: 'Show one server, by id or name',
  input: z.object({ id: z.string().min(1).max(100) }),
  output: serverShape,
});

export const createServer = operation({
  name: 'servers.create',
  method: 'POST',
  path: '/mcp/servers',
  permission: 'servers:write',
  status: 201,
  summary: 'Add and approve a server; first contact starts at once',
  input: z.object({
    name,
    transport: transportInput,
    isolation: isolation.default('per-session'),
    processes: processRulesInput.optional(),
  }),
  output: serverShape,
});

const keptOrNew = z.record(z.string(), z.string().max(100_000).nullable()).default({});

export const updateServer = operation({
  name: 'servers.update',
  method: 'PUT',
  path: '/mcp/servers/{id}',
  permission: 'servers:write',
  summary: 'Change a server; a change of how it is run makes a new version. Left-out fields stay as they are',
  input: z.object({
    id: z.string().min(1).max(100),
    name: name.optional(),
    /** Values of env and headers given as null keep what is stored under that name. */
    transport: z
      .discriminatedUnion('type', [
        transportInput.options[0].extend({
          env: keptOrNew,
        }),
        transportInput.options[1].extend({ headers: keptOrNew, auth: authUpdate.optional() }),
        transportInput.options[2].extend({ headers: keptOrNew, auth: authUpdate.optional() }),
        transportInput.options[3].extend({ headers: keptOrNew, auth: authUpdate.optional() }),
      ])
      .optional(),
    isolation: isolation.optional(),
    processes: processRulesInput.optional(),
    enabled: z.boolean().optional(),
  }),
  output: serverShape,
});

export const removeServer = operation({
  name: 'servers.remove',
  method: 'DELETE',
  path: '/mcp/servers/{id}',
  permission: 'servers:write',
  status: 204,
  summary: 'Retire a server: its processes end, its record stays',
  input: z.object({ id: z.string().min(1).max(100) }),
  output: nothing,
});

export const toolShape = z.object({
  name: z.string(),
  /** What the merged endpoint calls it; null for a tool that is for the server's own pages, and not offered there. */
  mergedName: z.string().nullable(),
  title: z.string().optional(),
  description: z.string().optional(),
  inputSchema: z.record(z.string(), z.unknown()),
  annotations: z.record(z.string(), z.unknown()).optional(),
  /** What an admin made of its definition. Left out for who may not manage servers. */
  review: z
    .object({
      /** The digest of the definition as it is now: what is approved or rejected. */
      fingerprint: z.string(),
      /** `new` and `changed` wait for somebody to look; conditions of policies read `tool.approved`. */
      state: z.enum(['approved', 'rejected', 'new', 'changed']),
      /** Since when it is described so. */
      since: time,
      /** What is different from what was approved last, place by place; empty when there is nothing to compare with. */
      changes: z.array(z.object({ pointer: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
    })
    .optional(),
});

export const reviewTool = operation({
  name: 'servers.review',
  method: 'POST',
  path: '/mcp/servers/{id}/tool-reviews',
  permission: 'servers:write',
  status: 204,
  summary:
    'Approve or reject what a server says of a tool; a rejected tool is kept from everybody until it is described otherwise',
  input: z.object({
    id: z.string().min(1).max(100),
    tool: z.string().min(1).max(500),
    /** Of what was looked at: what changed meanwhile is not approved with it. */
    fingerprint: z.string().min(1).max(100),
    verdict: z.enum(['approved', 'rejected']),
  }),
  output: nothing,
});

export const listServerTools = operation({
  name: 'servers.tools',
  method: 'GET',
  path: '/mcp/servers/{id}/tools',
  permission: 'servers:read',
  summary: 'List the tools of a server that the caller may use, with their schemas',
  input: z.object({ id: z.string().min(1).max(100), ...paging }),
  output: page(toolShape),
});

export const checkServer = operation({
  name: 'servers.check',
  method: 'POST',
  path: '/mcp/servers/{id}/check',
  permission: 'servers:write',
  summary: 'Contact the server again now and refresh its tools',
  input: z.object({ id: z.string().min(1).max(100) }),
  output: serverShape,
});

export const restartServer = operation({
  name: 'servers.restart',
  method: 'POST',
  path: '/mcp/servers/{id}/restart',
  permission: 'servers:write',
  summary: 'End the server’s processes; they start again when needed',
  input: z.object({ id: z.string().min(1).max(100) }),
  output: serverShape,
});

export const serverLogs = operation({
  name: 'servers.logs',
  method: 'GET',
  path: '/mcp/servers/{id}/logs',
  permission: 'servers:write',
  summary: 'The last lines the server’s processes wrote to stderr, and how they ended',
  input: z.object({ id: z.string().min(1).max(100) }),
  output: z.object({
    items: z.array(z.object({ at: time, process: z.string(), text: z.string() })),
    next: z.null(),
  }),
});
