// First contact with a server: which eras it speaks, what it calls itself, which tools it has.
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import { Failure } from '@mcpvault/domain/failure';
import type { MemberId } from '@mcpvault/domain/ids';
import { memberAt, type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import { type Era, latestLegacy, latestModern, metaKeys } from '@mcpvault/protocol/mcp/revision';
import type { Probe, ToolDefinition } from '../gateway.ts';
import type { GatewaySettings } from '../ports.ts';
import { protocolOf } from '../upstream/http-link.ts';
import type { Link, Listener, ModernHeaders } from '../upstream/link.ts';
import type { Links } from '../upstream/links.ts';
import { callServer, listAll } from './internal-call.ts';

export interface Contact extends Probe {
  readonly eras: { readonly legacy: boolean; readonly modern: boolean };
}

const clientInfo = { name: 'mcpvault', version: '0.1.0' };
const modernMeta = JSON.stringify({
  [metaKeys.protocolVersion]: latestModern,
  [metaKeys.clientCapabilities]: {},
  [metaKeys.clientInfo]: clientInfo,
});
const modernHeaders: ModernHeaders = { version: latestModern, params: {} };
const nobody: Listener = { unsolicited() {}, ended() {} };

/** Contacts a server in a conversation of MCPVault's own, the legacy way first. Throws a `Failure` that says why it failed. */
export async function firstContact(links: Links, settings: GatewaySettings, server: ServerEntry): Promise<Contact> {
  const legacy = await attempt(() => greetLegacy(links, settings, server));
  const overHttp = server.transport.type === 'streamable-http';
  if (legacy instanceof Failure && legacy.code === 'busy') throw legacy;
  const modern =
    legacy instanceof Failure || overHttp ? await attempt(() => greetModern(links, settings, server)) : null;
  const eras = { legacy: !(legacy instanceof Failure), modern: modern !== null && !(modern instanceof Failure) };
  if (modern !== null && !(modern instanceof Failure)) return { ...modern, eras };
  if (legacy instanceof Failure) throw legacy;
  return { ...legacy, eras };
}

async function attempt(work: () => Promise<Probe>): Promise<Probe | Failure> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

async function greetLegacy(links: Links, settings: GatewaySettings, server: ServerEntry): Promise<Probe> {
  return within(links, server, 'legacy', async (link) => {
    const call = { link, modern: null, patience: settings.connectTimeout, server: server.name };
    const params = JSON.stringify({ protocolVersion: latestLegacy, capabilities: {}, clientInfo });
    const opening = await callServer({ ...call, method: 'initialize', params });
    const initialized = Buffer.from('{"jsonrpc":"2.0","method":"notifications/initialized"}');
    link.tell({ message: parseMessage(initialized, { maxDepth: 10, check: 'structure' }), edits: [] });
    const result = objectAt(opening, 'result');
    const hasTools = objectIn(result, 'capabilities')['tools'] !== undefined;
    const pages = hasTools ? await listAll({ ...call, method: 'tools/list' }, null) : [];
    return {
      protocol: protocolOf(opening) ?? latestLegacy,
      serverInfo: infoOf(objectIn(result, 'serverInfo')),
      tools: pages.flatMap(toolsOf),
    };
  });
}

async function greetModern(links: Links, settings: GatewaySettings, server: ServerEntry): Promise<Probe> {
  return within(links, server, 'modern', async (link) => {
    const call = { link, modern: modernHeaders, patience: settings.connectTimeout, server: server.name };
    const discovery = await callServer({ ...call, method: 'server/discover', params: `{"_meta":${modernMeta}}` });
    const result = objectAt(discovery, 'result');
    if (!Array.isArray(result['supportedVersions']))
      throw new Failure('upstream_invalid', `the server "${server.name}" does not speak ${latestModern}`);
    const hasTools = objectIn(result, 'capabilities')['tools'] !== undefined;
    const pages = hasTools ? await listAll({ ...call, method: 'tools/list' }, modernMeta) : [];
    const info = objectIn(objectIn(result, '_meta'), 'io.modelcontextprotocol/serverInfo');
    return { protocol: latestModern, serverInfo: infoOf(info), tools: pages.flatMap(toolsOf) };
  });
}

async function within<T>(links: Links, server: ServerEntry, era: Era, work: (link: Link) => Promise<T>): Promise<T> {
  const caller = { organization: server.organization, member: 'mem_contact' as MemberId };
  const link = links.open(server, { caller, conversation: `con_contact${era}`, era }, nobody);
  try {
    return await work(link);
  } finally {
    link.close();
  }
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

function objectAt(message: Message, member: string): Record<string, unknown> {
  return objectIn(message.json, member);
}

function objectIn(value: Record<string, unknown>, member: string): Record<string, unknown> {
  const inner = value[member];
  return typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {};
}
