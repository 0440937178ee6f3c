import type { Message } from '@mcpvault/protocol/jsonrpc/message';

const uriMember = /"(?:uri|resourceUri|ui\/resourceUri)"/;

/** The resources that an answer speaks of: linked, embedded, read, or belonging to a tool's own page. */
export function urisIn(answer: Message): readonly string[] {
  if (answer.result === null || !uriMember.test(answer.text)) return [];
  const found: string[] = [];
  const look = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > 8) return;
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner === 'string') {
        if (key === 'uri' || key === 'resourceUri' || key === 'ui/resourceUri') found.push(inner);
      } else look(inner, depth + 1);
    }
  };
  look(answer.json['result'], 0);
  return found;
}
