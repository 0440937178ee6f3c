// How each AI client is told of an endpoint of the hub, ready to paste. Pure.

export interface Snippet {
  readonly id: string;
  readonly client: string;
  /** Where the text goes: a file, a command line. */
  readonly where: string;
  readonly text: string;
  /** One sentence on what to do next. */
  readonly then: string;
}

interface Target {
  /** The name the client will show: letters, digits and hyphens. */
  readonly name: string;
  /** An absolute URL. */
  readonly url: string;
  readonly token: string;
}

export function clientSnippets({ name, url, token }: Target): readonly Snippet[] {
  const bearer = `Bearer ${token}`;
  const headers = { Authorization: bearer };
  return [
    {
      id: 'claude-code',
      client: 'Claude Code',
      where: 'Run in a terminal',
      text: `claude mcp add --transport http --scope user ${name} ${url} \\\n  --header "Authorization: ${bearer}"`,
      then: 'Start claude and type /mcp to see it connected.',
    },
    {
      id: 'cursor',
      client: 'Cursor',
      where: '~/.cursor/mcp.json',
      text: json({ mcpServers: { [name]: { url, headers } } }),
      then: 'Cursor picks it up at once; look under Settings, Tools & MCP.',
    },
    {
      id: 'vscode',
      client: 'VS Code',
      where: 'Command palette: “MCP: Open User Configuration”',
      text: json({ servers: { [name]: { type: 'http', url, headers } } }),
      then: 'Press Start above the entry; the tools then appear in agent mode.',
    },
    {
      id: 'claude-desktop',
      client: 'Claude Desktop',
      where: 'claude_desktop_config.json (Settings, Developer, Edit Config)',
      // Its file knows commands only: mcp-remote carries the call. The header's value sits in the environment because
      // spaces inside arguments are lost on Windows.
      text: json({
        mcpServers: {
          [name]: {
            command: 'npx',
            args: ['-y', 'mcp-remote', url, '--header', 'Authorization:${MCPVAULT_AUTH}', ...insecure(url)],
            env: { MCPVAULT_AUTH: bearer },
          },
        },
      }),
      then: 'Quit Claude Desktop completely and start it again. It needs Node.js for npx.',
    },
    {
      id: 'codex',
      client: 'Codex',
      where: '~/.codex/config.toml',
      text: `[mcp_servers.${name}]\nurl = ${JSON.stringify(url)}\nhttp_headers = { Authorization = ${JSON.stringify(bearer)} }\n`,
      then: 'Start codex and type /mcp to see it connected.',
    },
    {
      id: 'gemini',
      client: 'Gemini CLI',
      where: '~/.gemini/settings.json',
      text: json({ mcpServers: { [name]: { type: 'http', url, headers } } }),
      then: 'Start gemini and type /mcp to see it connected.',
    },
    {
      id: 'other',
      client: 'Any other client',
      where: 'Its configuration of MCP servers',
      text: json({ mcpServers: { [name]: { type: 'streamable-http', url, headers } } }),
      then: 'Any client that speaks Streamable HTTP and sends a bearer token works.',
    },
  ];
}

/** mcp-remote wants to be told when an address outside this computer is not encrypted. */
function insecure(url: string): string[] {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname) ? ['--allow-http'] : [];
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
