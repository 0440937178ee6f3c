// What the official conformance suite runs as "the client" in its client leg: a gateway with the suite's server behind it, and
// a client of the SDK in front of it. The suite appends the server's URL; CONFORMANCE_CLIENT_ERA says which era the client
// speaks. It uses whatever the server offers. conformance-auth-client.ts drives the scenarios about authorization.

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { overHttp, startMemoryGateway } from './memory-gateway.ts';

interface Context {
  readonly toolCalls?: readonly { readonly name: string; readonly arguments: Record<string, unknown> }[];
}

type Schema = Readonly<Record<string, unknown>>;

async function main(url: string): Promise<void> {
  const {
    MCP_CONFORMANCE_SCENARIO: scenario = '',
    MCP_CONFORMANCE_CONTEXT: json,
    CONFORMANCE_CLIENT_ERA,
  } = process.env;
  const { MCP_CONFORMANCE_PROTOCOL_VERSION: revision = '' } = process.env;
  if (scenario.startsWith('auth/')) throw new Error(`${scenario} is not driven`);
  const context = (json === undefined ? {} : JSON.parse(json)) as Context;
  const { transport } = overHttp('suite', url);
  const era = revision < '2026-07-28' ? 'legacy' : 'modern';
  const gateway = await startMemoryGateway({ servers: [{ name: 'suite', transport: { ...transport, era } }] });
  const client = createClient(CONFORMANCE_CLIENT_ERA === 'modern');
  const requestInit = { headers: { Authorization: `Bearer ${gateway.token}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(gateway.mcp('suite')), { requestInit }));
  try {
    await useEverything(client, context);
  } finally {
    await client.close();
    await gateway[Symbol.asyncDispose]();
  }
}

function createClient(modern: boolean): Client {
  const client = new Client(
    { name: 'mcpvault-conformance', version: '1.0.0' },
    {
      capabilities: { elicitation: {}, sampling: {}, roots: {} },
      versionNegotiation: { mode: modern ? { pin: '2026-07-28' } : 'legacy' },
    },
  );
  client.setRequestHandler('elicitation/create', ({ params }) => ({
    action: 'accept',
    content: 'requestedSchema' in params ? filled(params.requestedSchema) : {},
  }));
  client.setRequestHandler('sampling/createMessage', () => ({
    role: 'assistant',
    content: { type: 'text', text: 'Paris' },
    model: 'a-test',
  }));
  client.setRequestHandler('roots/list', () => ({ roots: [{ uri: 'file:///somewhere' }] }));
  return client;
}

/** What a server refuses costs that one use only: the suite judges what the server saw. */
async function useEverything(client: Client, { toolCalls }: Context): Promise<void> {
  const { tools = [] } = await attempt(() => client.listTools());
  const calls = toolCalls ?? tools.map(({ name, inputSchema }) => ({ name, arguments: filled(inputSchema) }));
  for (const call of calls) await attempt(() => client.callTool(call));
  const { resources = [] } = await attempt(() => client.listResources());
  for (const { uri } of resources) await attempt(() => client.readResource({ uri }));
  const { prompts = [] } = await attempt(() => client.listPrompts());
  for (const { name } of prompts) await attempt(() => client.getPrompt({ name }));
}

async function attempt<Result extends object>(work: () => Promise<Result>): Promise<Partial<Result>> {
  try {
    return await work();
  } catch (error) {
    process.stderr.write(`${String(error)}\n`);
    return {};
  }
}

/** A value for every property of an object schema: its default, or one of its type. */
function filled(schema: Schema): Record<string, string | number | boolean | string[]> {
  const properties = (schema['properties'] ?? {}) as Record<string, Schema>;
  return Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, valueOf(property)]));
}

function valueOf({ default: preset, type, enum: choices }: Schema): string | number | boolean | string[] {
  if (preset !== undefined) return preset as string | number | boolean | string[];
  if (Array.isArray(choices)) return String(choices[0]);
  if (type === 'boolean') return true;
  if (type === 'array') return [];
  return type === 'number' || type === 'integer' ? 7 : 'text';
}

await main(process.argv.at(-1) ?? '');
