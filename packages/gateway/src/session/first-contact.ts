// First contact with a server, in a conversation of MCPVault's own: which eras it speaks, what it calls itself, which tools
// it has. What it is asked in the wrong era may break a process, so each attempt has one to itself.
import type { Ids } from '@mcpvault/domain/ambient';
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import { Failure } from '@mcpvault/domain/failure';
import type { MemberId } from '@mcpvault/domain/ids';
import { memberAt, type Message } from '@mcpvault/protocol/jsonrpc/message';
import { type Era, latestLegacy, latestModern, metaKeys } from '@mcpvault/protocol/mcp/revision';
import type { Probe, ToolDefinition } from '../gateway.ts';
import type { GatewaySettings } from '../ports.ts';
import type { Link, Listener, ModernHeaders } from '../upstream/link.ts';
import type { Links, Opener } from '../upstream/links.ts';
import { protocolOf } from '../upstream/protocol-of.ts';
import { callServer, listAll } from './internal-call.ts';
import { tellOwn } from './server-message.ts';

export interface ContactDeps {
  readonly links: Links;
  readonly settings: GatewaySettings;
  readonly ids: Ids;
}

const clientInfo = { name: 'mcpvault', version: '0.1.0' };
const modernMeta = JSON.stringify({
  [metaKeys.protocolVersion]: latestModern,
  [metaKeys.clientCapabilities]: {},
  [metaKeys.clientInfo]: clientInfo,
});
const modernHeaders: ModernHeaders = { version: latestModern, params: {} };
const initialized = Buffer.from('{"jsonrpc":"2.0","method":"notifications/initialized"}');
const nobody: Listener = { unsolicited() {}, lost() {} };
/** A server of an earlier era may stay silent when it is asked in the modern way. Milliseconds. */
const modernPatience = 5_000;

/**
 * The legacy way first, since nearly every server speaks it, unless the server is declared to speak one era only. Throws a
 * `Failure` that says why the server cannot be used.
 */
export async function firstContact(
  deps: ContactDeps,
  server: ServerEntry,
  caller: Opener['caller'] = ourselves(server),
): Promise<Probe> {
  const { era = 'auto' } = server.transport;
  if (era === 'modern') return greetModern(deps, server, caller);
  if (era === 'legacy') return greetLegacy(deps, server, caller);
  try {
    return await greetLegacy(deps, server, caller);
  } catch (error) {
    if (!(error instanceof Failure) || !saysNo(error, server)) throw error;
    const modern = await greetModern(deps, server, caller).catch(() => null);
    if (modern === null) throw error;
    return modern;
  }
}

/** Whether a server answers in the modern way. Throws a `Failure` when it could not be asked. */
export async function speaksModern(deps: ContactDeps, server: ServerEntry, caller: Opener['caller']): Promise<boolean> {
  try {
    await within(deps, server, caller, 'modern', (link) => discover(deps, server, link));
    return true;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const rpc = error.details?.['rpc'];
    if (typeof rpc === 'number' && rpc >= -32022 && rpc <= -32020) return true;
    if (saysNo(error, server)) return false;
    throw error;
  }
}

/** What was reached and ends or stays silent says in its way that it does not understand; others may be just away. */
function saysNo({ code }: Failure, { transport }: ServerEntry): boolean {
  switch (transport.type) {
    case 'stdio':
      return code !== 'busy';
    case 'websocket':
      return code === 'upstream_invalid' || code === 'upstream_timeout';
    default:
      return code === 'upstream_invalid';
  }
}

function greetLegacy(deps: ContactDeps, server: ServerEntry, caller: Opener['caller']): Promise<Probe> {
  return within(deps, server, caller, 'legacy', async (link) => {
    const call = { link, modern: null, patience: deps.settings.connectTimeout, server: server.name };
    const params = JSON.stringify({ protocolVersion: latestLegacy, capabilities: {}, clientInfo });
    const opening = await callServer({ ...call, method: 'initialize', params });
    await new Promise<void>((resolve) => tellOwn(link, initialized, resolve));
    const result = objectIn(opening.json, 'result');
    const hasTools = objectIn(result, 'capabilities')['tools'] !== undefined;
    const pages = hasTools ? await listAll({ ...call, method: 'tools/list' }, null) : [];
    return {
      protocol: protocolOf(opening) ?? latestLegacy,
      serverInfo: infoOf(objectIn(result, 'serverInfo')),
      tools: pages.flatMap(toolsOf),
    };
  });
}

function greetModern(deps: ContactDeps, server: ServerEntry, caller: Opener['caller']): Promise<Probe> {
  return within(deps, server, caller, 'modern', async (link) => {
    const result = await discover(deps, server, link);
    const hasTools = objectIn(result, 'capabilities')['tools'] !== undefined;
    const call = { link, modern: modernHeaders, patience: deps.settings.connectTimeout, server: server.name };
    const pages = hasTools ? await listAll({ ...call, method: 'tools/list' }, modernMeta) : [];
    const info = objectIn(objectIn(result, '_meta'), 'io.modelcontextprotocol/serverInfo');
    return { protocol: latestModern, serverInfo: infoOf(info), tools: pages.flatMap(toolsOf) };
  });
}

async function discover({ settings }: ContactDeps, server: ServerEntry, link: Link): Promise<Record<string, unknown>> {
  const answer = await callServer({
    link,
    modern: modernHeaders,
    patience: Math.min(settings.connectTimeout, modernPatience),
    server: server.name,
    method: 'server/discover',
    params: `{"_meta":${modernMeta}}`,
  });
  const result = objectIn(answer.json, 'result');
  if (!Array.isArray(result['supportedVersions'])) {
    throw new Failure('upstream_invalid', `the server "${server.name}" does not speak ${latestModern}`);
  }
  return result;
}

async function within<T>(
  { links, ids }: ContactDeps,
  server: ServerEntry,
  caller: Opener['caller'],
  era: Era,
  work: (link: Link) => Promise<T>,
): Promise<T> {
  const link = links.open(server, { caller, conversation: ids.next('con'), era, apart: true }, nobody);
  try {
    return await work(link);
  } finally {
    link.close();
  }
}

/** Nobody in particular: servers at which members sign in themselves cannot be asked so. */
function ourselves({ organization }: ServerEntry): Opener['caller'] {
  return { organization, member: 'mem_contact' as MemberId };
}

function toolsOf(page: Message): ToolDefinition[] {
  const tools = page.result === null ? null : memberAt(page.text, page.result, 'tools');
  const list = tools === null ? [] : page.valueAt(tools);
  return Array.isArray(list)
    ? list.filter((tool): tool is ToolDefinition => typeof (tool as { name?: unknown } | null)?.name === 'string')
    : [];
}

function infoOf(info: Record<string, unknown>): Probe['serverInfo'] {
  const { name, version } = info;
  return {
    ...(typeof name === 'string' ? { name: name.slice(0, 200) } : {}),
    ...(typeof version === 'string' ? { version: version.slice(0, 100) } : {}),
  };
}

function objectIn(value: Record<string, unknown>, member: string): Record<string, unknown> {
  const inner = value[member];
  return typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {};
}
