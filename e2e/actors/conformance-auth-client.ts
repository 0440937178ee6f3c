// What the official conformance suite runs as "the client" in the authorization scenarios of its client leg: a running hub
// with the suite's server behind it, signed in there as a member would do it in a browser, and a client of the SDK in front.
// HUB_URL, HUB_ACCESS (of an admin) and HUB_TOKEN (for the MCP endpoint) say which hub; the suite appends the server's URL.

import { randomUUID } from 'node:crypto';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

interface Context {
  readonly client_id?: string;
  readonly client_secret?: string;
  readonly private_key_pem?: string;
  readonly signing_algorithm?: string;
}

/** How often somebody signs in again because the server wants it; a person would give up as well. */
const mostSignIns = 5;
const notConnected = 4034;
const { HUB_URL = '', HUB_ACCESS = '', HUB_TOKEN = '', CONFORMANCE_CLIENT_ERA } = process.env;

async function main(url: string): Promise<void> {
  const { MCP_CONFORMANCE_SCENARIO: scenario = '', MCP_CONFORMANCE_CONTEXT: json = '{}' } = process.env;
  const { MCP_CONFORMANCE_PROTOCOL_VERSION: revision = '' } = process.env;
  const name = `suite-${randomUUID()}`;
  const era = revision < '2026-07-28' ? 'legacy' : 'modern';
  const auth = authFor(scenario, JSON.parse(json) as Context);
  const transport = { type: 'streamable-http', url, era, auth };
  await api('POST', '/mcp/servers', { name, transport });
  try {
    await signIn(name);
    await use(name);
  } finally {
    await api('DELETE', `/mcp/servers/${name}`);
  }
}

function authFor(scenario: string, context: Context): object {
  const { client_id: id, client_secret: secret, private_key_pem: key, signing_algorithm: algorithm } = context;
  const client = id === undefined ? undefined : { id, secret, key, algorithm };
  if (!scenario.includes('client-credentials')) return { mode: 'per-member', client };
  return { mode: 'shared', grant: 'client-credentials', client };
}

/** As a browser does it: off to the authorization server, which sends it straight back. */
async function signIn(name: string): Promise<void> {
  const { url } = await api<{ url: string | null }>('POST', `/mcp/servers/${name}/connection`);
  if (url === null) return;
  const answer = await fetch(url, { redirect: 'manual' });
  const back = answer.headers.get('location');
  if (back === null) throw new Error(`the authorization server answered ${answer.status}: ${await answer.text()}`);
  await api('POST', '/connections/finish', { answer: new URL(back).search.slice(1) });
}

async function use(name: string): Promise<void> {
  const mode = CONFORMANCE_CLIENT_ERA === 'modern' ? { pin: '2026-07-28' } : 'legacy';
  const client = new Client({ name: 'mcpvault-conformance', version: '1.0.0' }, { versionNegotiation: { mode } });
  const requestInit = { headers: { Authorization: `Bearer ${HUB_TOKEN}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${HUB_URL}/mcp/${name}`), { requestInit }));
  try {
    let signIns = 1;
    const { tools } = await signingIn(() => client.listTools());
    // A server at which the sign-in has ended already shows what it listed before, if it ever did.
    const names = tools.length === 0 ? ['test-tool'] : tools.map((tool) => tool.name);
    for (const tool of names) await signingIn(() => client.callTool({ name: tool, arguments: {} }));

    async function signingIn<Result>(work: () => Promise<Result>): Promise<Result> {
      try {
        return await work();
      } catch (error) {
        if ((error as { code?: unknown }).code !== notConnected || ++signIns > mostSignIns) throw error;
        process.stderr.write(`${String(error)}\n`);
        await signIn(name);
        return signingIn(work);
      }
    }
  } finally {
    await client.close();
  }
}

async function api<Body>(method: string, path: string, body?: object): Promise<Body> {
  const answer = await fetch(`${HUB_URL}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${HUB_ACCESS}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as Body;
}

await main(process.argv.at(-1) ?? '');
