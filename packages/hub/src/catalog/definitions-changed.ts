import type { RaisedAlert } from '@mcpvault/domain/alerts/alert';
import { definitionDifference } from '@mcpvault/domain/catalog/definition-difference';
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import type { ToolListing } from '@mcpvault/store/servers-store';
import type { ToolReview } from '@mcpvault/store/tool-definitions-store';

const mostTools = 20;

/** Tools that wait for an admin to look, as an alert; null where none does. It names places, not what stands there. */
export function definitionsChanged(
  { organization, id, name }: Pick<ServerEntry, 'organization' | 'id' | 'name'>,
  reviews: readonly ToolReview[],
  listing: ToolListing | null,
  at: number,
): RaisedAlert | null {
  const waiting = reviews.filter(({ review }) => review === null);
  if (waiting.length === 0) return null;
  const definitions = new Map(listing?.tools.map((tool) => [tool.name, tool.definition]));
  const lines = waiting.slice(0, mostTools).map((tool) => {
    if (tool.approved === null) return `“${tool.name}” is new.`;
    const places = definitionDifference(tool.approved, definitions.get(tool.name)).map(({ pointer }) => pointer);
    return `“${tool.name}” changed at ${places.slice(0, 5).join(', ')}${places.length > 5 ? ' and elsewhere' : ''}.`;
  });
  const more = waiting.length > mostTools ? [`${waiting.length - mostTools} more wait.`] : [];
  return {
    ...{ organization, at, kind: 'operational', layer: 'hub', severity: 'medium', policy: null, server: id },
    ...{ tool: null, member: null, message: null },
    title: `${name} describes tools differently than they were approved`,
    likeness: `definitions ${id} ${waiting.map(({ fingerprint }) => fingerprint).join(' ')}`,
    snapshot: {
      ...{ policy: null, findings: {}, detectors: [], places: [], edits: [], message: null },
      text: [...lines, ...more].join('\n'),
      fix: 'Compare on the server’s page, under Tools, and approve or reject each. Policies read tool.approved.',
    },
  };
}
