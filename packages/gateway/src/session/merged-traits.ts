// What the merged endpoint says of itself, out of what its servers say: a capability is declared where some server has it
// and it can be carried, and the servers' instructions follow each other under their names.
import { prefixOf } from '@mcpvault/domain/catalog/naming';
import type { Era } from '@mcpvault/protocol/mcp/revision';
import type { Traits } from './list-shelf.ts';

/** A server, and what is known of it; null where it did not say in time. */
export interface Known {
  readonly server: string;
  readonly traits: Traits | null;
}

type Capabilities = Readonly<Record<string, unknown>>;

/** Extensions whose messages find their servers. */
const carriedExtensions = [
  'io.modelcontextprotocol/ui',
  'io.modelcontextprotocol/tasks',
  'io.modelcontextprotocol/skills',
] as const;
/** Characters of instructions, of one server and of all. */
const mostInstructions = { each: 2_000, all: 16_000 };

/** What some server can and the endpoint can carry. What is not known yet of a server is promised, so that it is not lost. */
export function mergedCapabilities(known: readonly Known[], era: Era): Record<string, object> {
  const all = known.map(({ traits }) => traits?.capabilities ?? null);
  const some = (has: (capabilities: Capabilities) => boolean): boolean =>
    all.some((capabilities) => capabilities === null || has(capabilities));
  const declared = (name: string) => (capabilities: Capabilities) => capabilities[name] !== undefined;
  const extensions = carriedExtensions.filter((name) =>
    all.some((capabilities) => capabilities !== null && objectIn(capabilities, 'extensions')[name] !== undefined),
  );
  const tasks = era === 'legacy' ? mergedTasks(all) : null;
  return {
    tools: { listChanged: true },
    ...(some(declared('prompts')) && { prompts: { listChanged: true } }),
    ...(some(declared('resources')) && {
      resources: {
        listChanged: true,
        ...(some((each) => objectIn(each, 'resources')['subscribe'] === true || era === 'modern') && {
          subscribe: true,
        }),
      },
    }),
    ...(some(declared('completions')) && { completions: {} }),
    ...(some(declared('logging')) && { logging: {} }),
    ...(tasks !== null && { tasks }),
    ...(extensions.length > 0 && {
      extensions: Object.fromEntries(extensions.map((name) => [name, mergedSettings(all, name)])),
    }),
  };
}

/** An extension's settings, where all that have it agree; otherwise none. */
function mergedSettings(all: readonly (Capabilities | null)[], name: string): object {
  const settings = all.flatMap((each) => (each === null ? [] : [objectIn(each, 'extensions')[name]]));
  const [first, ...others] = settings.filter((each) => typeof each === 'object' && each !== null);
  const text = JSON.stringify(first);
  return first !== undefined && others.every((each) => JSON.stringify(each) === text) ? (first as object) : {};
}

/** Which requests may become tasks, as of 2025-11-25. */
function mergedTasks(all: readonly (Capabilities | null)[]): object | null {
  const having = all.flatMap((each) => (each?.['tasks'] === undefined ? [] : [objectIn(each, 'tasks')]));
  if (having.length === 0) return null;
  const calls = having.some((tasks) => objectIn(objectIn(tasks, 'requests'), 'tools')['call'] !== undefined);
  return {
    ...(having.some((tasks) => tasks['list'] !== undefined) && { list: {} }),
    ...(having.some((tasks) => tasks['cancel'] !== undefined) && { cancel: {} }),
    ...(calls && { requests: { tools: { call: {} } } }),
  };
}

/** For the model behind the client. `searching`: it sees no tools but those that find and call the others. */
export function mergedInstructions(known: readonly Known[], searching: boolean): string {
  if (known.length === 0) return 'No servers are granted to you yet. Ask an admin of MCPVault for a grant.';
  const servers = known.map(({ server }) => server).join(', ');
  const opening = searching
    ? 'Tools of several servers. Find one with search_tools, then call it with call_tool under the name it was found by.'
    : 'Tools and prompts of several servers, each named <server>__<name>.';
  let left = mostInstructions.all;
  const parts: string[] = [];
  for (const { server, traits } of known) {
    const own = traits?.instructions?.trim() ?? '';
    if (own === '') continue;
    const kept = own.length > mostInstructions.each ? `${own.slice(0, mostInstructions.each)}…` : own;
    if (kept.length > left) break;
    left -= kept.length;
    parts.push(`\n\n## ${server} (${prefixOf(server)}__)\n\n${kept}`);
  }
  return `${opening} Servers: ${servers.slice(0, 4_000)}.${parts.join('')}`;
}

function objectIn(value: Capabilities, member: string): Record<string, unknown> {
  const inner = value[member];
  return typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {};
}
