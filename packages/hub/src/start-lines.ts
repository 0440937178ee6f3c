// What the hub says when it is there: where the console is, how to sign in, and what to paste into an AI client.
import type { RunningHub } from './compose.ts';

export function startLines({
  addresses,
  firstStart,
  masterKey,
}: Pick<RunningHub, 'addresses' | 'firstStart' | 'masterKey'>): string {
  const { url } = addresses;
  const { setupLink, token } = firstStart;
  const lines = ['', '  MCPVault is running.', '', `  Console   ${url}`];
  if (setupLink !== null) lines.push(`  Set up    ${setupLink}`, '            (works once, within 24 hours)');
  lines.push(`  Endpoint  ${url}/mcp`, '');
  if (token !== null) lines.push(...clientLines(url, token));
  else lines.push('  Tokens for AI clients are made in the console, under Tokens.', '');
  if (masterKey.generated) {
    lines.push(`  Keep a copy of ${masterKey.source}: without this key the record cannot be read again.`, '');
  }
  lines.push('  Ctrl-C stops it.', '');
  return `${lines.join('\n')}\n`;
}

/** The form that most clients read; the token is never shown again. */
function clientLines(url: string, token: string): readonly string[] {
  const entry = { type: 'http', url: `${url}/mcp`, headers: { Authorization: `Bearer ${token}` } };
  const json = JSON.stringify({ mcpServers: { mcpvault: entry } }, null, 2);
  return [
    '  For your AI client (paste it into its MCP settings; the token is shown this once):',
    '',
    json.replace(/^/gm, '  '),
    '',
  ];
}
