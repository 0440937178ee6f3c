// What every rude server says when it says something proper: plain JSON-RPC by hand, legacy revisions, no library between,
// so that each misbehaviour around it is exact.

export interface Message {
  readonly jsonrpc: '2.0';
  /** Missing in a notification. */
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: { readonly protocolVersion?: string; readonly name?: string; readonly arguments?: Arguments };
}

export type Arguments = Readonly<Record<string, unknown>>;

export interface Reply {
  readonly jsonrpc: '2.0';
  readonly id: string | number;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

export interface RudeTool {
  readonly name: string;
  readonly description: string;
  readonly properties?: Readonly<Record<string, { readonly type: string }>>;
  /** The text of the result, or a whole result. */
  call(args: Arguments): string | object;
}

export const legacyRevisions: readonly string[] = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'];

export const echo: RudeTool = {
  name: 'echo',
  description: 'Says the text again',
  properties: { text: { type: 'string' } },
  call: (args) => String(args.text),
};

/** Undefined for what wants no reply. */
export function createSpeaker(tools: readonly RudeTool[]): (message: Message) => Reply | undefined {
  return ({ id, method, params }) => {
    if (id === undefined || method === undefined) return undefined;
    const reply = (result: unknown): Reply => ({ jsonrpc: '2.0', id, result });
    const refuse = (code: number, message: string): Reply => ({ jsonrpc: '2.0', id, error: { code, message } });
    if (method === 'initialize') return reply(welcome(params?.protocolVersion));
    if (method === 'ping') return reply({});
    if (method === 'logging/setLevel') return reply({});
    if (method === 'tools/list') return reply({ tools: tools.map(describe) });
    if (method !== 'tools/call') return refuse(-32601, `Method not found: ${method}`);
    const tool = tools.find(({ name }) => name === params?.name);
    if (!tool) return refuse(-32602, `Unknown tool: ${params?.name}`);
    const result = tool.call(params?.arguments ?? {});
    return reply(typeof result === 'string' ? { content: [{ type: 'text', text: result }] } : result);
  };
}

function welcome(asked: string | undefined): object {
  return {
    protocolVersion: asked !== undefined && legacyRevisions.includes(asked) ? asked : legacyRevisions.at(-1),
    capabilities: { tools: {}, logging: {} },
    serverInfo: { name: 'rude', version: '1.0.0' },
  };
}

function describe({ name, description, properties = {} }: RudeTool): object {
  return { name, description, inputSchema: { type: 'object', properties, required: Object.keys(properties) } };
}

export function ofBytes(bytes: number): string {
  return 'x'.repeat(bytes);
}

/** `depth` arrays, each in the one before, as JSON text: too deep for many a parser. */
export function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}
