// What both upstream fixtures answer: an MCP server as cheap as it can be, with the tool `echo` and any number of others.

interface Asked {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: {
    readonly name?: string;
    readonly protocolVersion?: string;
    readonly arguments?: { message?: string };
  };
}

export interface EchoServer {
  /** The whole answer as JSON text; null for what needs none. */
  answer(message: Asked): string | null;
  /** The same for the list of tools, whose bytes lie ready. */
  list(id: string | number): Buffer;
}

/** `modern` says whether it knows the modern era only, or the legacy one only. */
export function createEcho(tools: number, modern = false): EchoServer {
  const list = JSON.stringify([echoTool, ...Array.from({ length: tools - 1 }, (_, at) => otherTool(at + 1))]);
  const kind = modern ? '"resultType":"complete",' : '';
  const ready = Buffer.from(`"result":{${kind}${modern ? caching : ''}"tools":${list}}}`);
  return {
    list: (id) => Buffer.concat([Buffer.from(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},`), ready]),
    answer(message) {
      if (message.id === undefined || message.method === undefined) return null;
      const begin = `{"jsonrpc":"2.0","id":${JSON.stringify(message.id)},`;
      switch (message.method) {
        case 'tools/call':
          return `${begin}"result":{${kind}"content":[{"type":"text","text":${JSON.stringify(message.params?.arguments?.message ?? '')}}]}}`;
        case 'tools/list':
          return begin + ready.toString();
        case 'server/discover':
          return modern ? `${begin}"result":${JSON.stringify(discovery)}}` : unknownMethod(begin);
        case 'initialize':
          if (modern) return unknownMethod(begin);
          return `${begin}"result":${JSON.stringify(introduction(message.params?.protocolVersion))}}`;
        case 'ping':
          return `${begin}"result":{}}`;
        default:
          return unknownMethod(begin);
      }
    },
  };
}

const caching = '"ttlMs":60000,"cacheScope":"public",';
const discovery = {
  resultType: 'complete',
  ttlMs: 60_000,
  cacheScope: 'public',
  supportedVersions: ['2026-07-28'],
  capabilities: { tools: {} },
  serverInfo: { name: 'echo', version: '1.0.0' },
};

function unknownMethod(begin: string): string {
  return `${begin}"error":{"code":-32601,"message":"there is no such method"}}`;
}

/** The last of so many tools, by which a whole list is known. */
export function lastTool(tools: number): string {
  return tools === 1 ? 'echo' : nameOf(tools - 1);
}

function introduction(protocolVersion = '2025-06-18'): object {
  return { protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'echo', version: '1.0.0' } };
}

const echoTool = {
  name: 'echo',
  description: 'Gives back the message.',
  inputSchema: { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] },
};

function nameOf(at: number): string {
  return `find_record_${String(at).padStart(4, '0')}`;
}

function otherTool(at: number): object {
  return {
    name: nameOf(at),
    description: `Looks up records of kind ${at} by their number or by words in them, and gives them back as text.`,
    inputSchema: {
      type: 'object',
      properties: {
        query: { type: 'string', description: 'A number, or words that the record contains' },
        most: { type: 'integer', minimum: 1, maximum: 200, description: 'How many records at most' },
        detail: { type: 'string', enum: ['short', 'whole'] },
      },
      required: ['query'],
    },
  };
}
