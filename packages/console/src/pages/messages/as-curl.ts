// A recorded request as a command line that sends it again. Pure.

/** `body` is JSON text. The token is left to the shell's environment: a copied command never carries a credential. */
export function asCurl(endpoint: string, body: string, protocol: string | null): string {
  const lines = [
    `curl ${quoted(endpoint)}`,
    '-H "Authorization: Bearer $MCPVAULT_TOKEN"',
    "-H 'Content-Type: application/json'",
    "-H 'Accept: application/json, text/event-stream'",
    ...(protocol === null ? [] : [`-H ${quoted(`MCP-Protocol-Version: ${protocol}`)}`]),
    `--data-binary ${quoted(body)}`,
  ];
  return lines.join(' \\\n  ');
}

/** Single quotes keep everything but themselves. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
