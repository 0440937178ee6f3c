// The entry for MCPVault in the configuration of an AI client, per client. Tokens are never written into it: each client
// takes its own from where it keeps secrets.

export interface ClientConfig {
  readonly title: string;
  /** Where the entry goes. */
  readonly place: string;
  /** How the token gets in. */
  readonly token: string;
  /** The configuration file's content with this one entry. */
  entry(name: string, endpoint: string): object;
  /** The same for a client that starts programs: `args` are those of "mcpvault". */
  program(name: string, args: readonly string[]): object;
}

const fromEnvironment = 'Put a personal token into the environment variable MCPVAULT_TOKEN before you start it.';

export const clientConfigs = {
  'claude-code': {
    title: 'Claude Code',
    place: '.mcp.json in the project’s folder',
    token: fromEnvironment,
    entry: (name, url) => ({
      mcpServers: { [name]: { type: 'http', url, headers: bearer('${MCPVAULT_TOKEN}') } },
    }),
    program: (name, args) => ({ mcpServers: { [name]: { type: 'stdio', ...mcpvault(args) } } }),
  },
  cursor: {
    title: 'Cursor',
    place: '~/.cursor/mcp.json, or .cursor/mcp.json in the project’s folder',
    token: fromEnvironment,
    entry: (name, url) => ({ mcpServers: { [name]: { url, headers: bearer('${env:MCPVAULT_TOKEN}') } } }),
    program: (name, args) => ({ mcpServers: { [name]: mcpvault(args) } }),
  },
  vscode: {
    title: 'Visual Studio Code',
    place: '.vscode/mcp.json in the workspace, or the file that "MCP: Open User Configuration" opens',
    token: 'It asks for a personal token when it first connects, and keeps it safe.',
    entry: (name, url) => ({
      inputs: [{ type: 'promptString', id: 'mcpvault-token', description: 'MCPVault personal token', password: true }],
      servers: { [name]: { type: 'http', url, headers: bearer('${input:mcpvault-token}') } },
    }),
    program: (name, args) => ({ servers: { [name]: { type: 'stdio', ...mcpvault(args) } } }),
  },
  generic: {
    title: 'Any client that speaks Streamable HTTP',
    place: 'the client’s configuration of MCP servers',
    token: 'Put a personal token where it says YOUR_TOKEN.',
    entry: (name, url) => ({
      mcpServers: { [name]: { type: 'streamable-http', url, headers: bearer('YOUR_TOKEN') } },
    }),
    program: (name, args) => ({ mcpServers: { [name]: mcpvault(args) } }),
  },
} as const satisfies Readonly<Record<string, ClientConfig>>;

export type ClientName = keyof typeof clientConfigs;

export const clientNames = Object.keys(clientConfigs) as ClientName[];

function bearer(token: string): Readonly<Record<string, string>> {
  return { Authorization: `Bearer ${token}` };
}

function mcpvault(args: readonly string[]): { readonly command: string; readonly args: readonly string[] } {
  return { command: 'mcpvault', args };
}
