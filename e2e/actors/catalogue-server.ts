// Any number of Streamable HTTP servers behind one port, each with the tools, resources and manners that a test gives it: as
// slow as it likes, gone in the middle, or lying. Legacy revisions, or the modern one where it says so.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Catalogue {
  readonly tools?: readonly object[];
  readonly prompts?: readonly object[];
  readonly resources?: readonly object[];
  readonly resourceTemplates?: readonly object[];
  readonly instructions?: string;
  /** Speaks 2026-07-28 only, and lists hold for so many milliseconds. */
  readonly modern?: { readonly ttlMs: number };
  /** Declared besides what the lists above ask for. */
  readonly capabilities?: object;
  /** Whether it says that it tells of changes; it does where left out. */
  readonly tellsChanges?: boolean;
  /** Called before anything is answered; answers instead by resolving with a result, or never by never resolving. */
  answer?(said: Heard): Promise<object | undefined> | object | undefined;
}

export interface Heard {
  readonly server: string;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly authorization: string | undefined;
}

export interface CatalogueServer {
  url(server: string): string;
  /** Makes a server what it is from now on. */
  set(server: string, catalogue: Catalogue): void;
  /** Everything since it was last emptied. */
  readonly heard: Heard[];
  /** How often a server was asked for something since `heard` was last emptied. */
  count(server: string, method: string): number;
  /** Says something on every open stream of a server. */
  say(server: string, method: string, params?: object): void;
  streams(server: string): number;
  close(): Promise<void>;
}

export async function startCatalogueServer(): Promise<CatalogueServer> {
  const catalogues = new Map<string, Catalogue>();
  const streams = new Map<string, Set<ServerResponse>>();
  const heard: Heard[] = [];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const server = decodeURIComponent((request.url ?? '').split('/')[1] ?? '');
    const catalogue = catalogues.get(server);
    if (catalogue === undefined) return void response.writeHead(503).end();
    if (request.method === 'GET') return stream(server, response);
    if (request.method !== 'POST') return void response.writeHead(200).end();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { id, method, params = {} } = JSON.parse(Buffer.concat(chunks).toString());
    const said: Heard = { server, method, params, authorization: request.headers.authorization };
    if (method !== undefined) heard.push(said);
    if (id === undefined || method === undefined) return void response.writeHead(202).end();
    const result = (await catalogue.answer?.(said)) ?? usual(catalogue, said);
    const body = 'code' in result ? { error: result } : { result };
    const session = method === 'initialize' ? { 'mcp-session-id': `${server}-${heard.length}` } : {};
    response.writeHead(200, { 'content-type': 'application/json', ...session });
    response.end(JSON.stringify({ jsonrpc: '2.0', id, ...body }));
  }

  function stream(server: string, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    const open = streams.get(server) ?? new Set();
    streams.set(server, open.add(response));
    response.once('close', () => open.delete(response));
  }

  const http = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', 4096, resolve));
  const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return {
    url: (server) => `${origin}/${server}/mcp`,
    set: (server, catalogue) => void catalogues.set(server, catalogue),
    heard,
    count: (server, method) => heard.filter((said) => said.server === server && said.method === method).length,
    say(server, method, params = {}) {
      const event = `data: ${JSON.stringify({ jsonrpc: '2.0', method, params })}\n\n`;
      for (const response of streams.get(server) ?? []) response.write(event);
    },
    streams: (server) => streams.get(server)?.size ?? 0,
    async close() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

const listed = {
  'tools/list': 'tools',
  'prompts/list': 'prompts',
  'resources/list': 'resources',
  'resources/templates/list': 'resourceTemplates',
} as const;

function usual(catalogue: Catalogue, { method, params }: Heard): object {
  const { modern, instructions } = catalogue;
  const complete = modern === undefined ? {} : { resultType: 'complete' };
  switch (method) {
    case 'initialize':
      if (modern !== undefined) return { code: -32022, message: 'no', data: { supported: ['2026-07-28'] } };
      return {
        protocolVersion: params['protocolVersion'],
        capabilities: capabilitiesOf(catalogue),
        serverInfo: { name: 'catalogue', version: '1' },
        ...(instructions !== undefined && { instructions }),
      };
    case 'server/discover':
      if (modern === undefined) return { code: -32601, message: 'unknown' };
      return { ...complete, supportedVersions: ['2026-07-28'], capabilities: capabilitiesOf(catalogue), instructions };
    case 'tools/list':
    case 'prompts/list':
    case 'resources/list':
    case 'resources/templates/list': {
      const name = listed[method];
      const kept = modern === undefined ? {} : { ttlMs: modern.ttlMs, cacheScope: 'public' };
      return { ...complete, ...kept, [name]: catalogue[name] ?? [] };
    }
    case 'tools/call':
      return {
        ...complete,
        content: [{ type: 'text', text: `${params['name']} ${JSON.stringify(params['arguments'])}` }],
      };
    case 'resources/read':
      return { ...complete, ttlMs: 0, cacheScope: 'private', contents: [{ uri: params['uri'], text: 'read' }] };
    default:
      return { ...complete };
  }
}

function capabilitiesOf({
  tools,
  prompts,
  resources,
  resourceTemplates,
  capabilities,
  tellsChanges = true,
}: Catalogue) {
  const listChanged = tellsChanges ? { listChanged: true } : {};
  return {
    ...(tools && { tools: listChanged }),
    ...(prompts && { prompts: listChanged }),
    ...((resources ?? resourceTemplates) && { resources: { ...listChanged, subscribe: true } }),
    ...capabilities,
  };
}

/** Tools with these names and nothing else worth speaking of. */
export function toolsNamed(...names: readonly string[]): object[] {
  return names.map((name) => ({ name, description: `does ${name}`, inputSchema: { type: 'object' } }));
}
