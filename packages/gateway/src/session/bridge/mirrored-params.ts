// Arguments that a modern server over HTTP wants repeated in headers (`x-mcp-header` in a tool's schema), for clients that
// know nothing of it.
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import type { ObjectText } from '@mcpvault/protocol/jsonrpc/object-text';
import { encodeHeaderValue } from '@mcpvault/protocol/transport/header-value';

import { paramsOf } from './words.ts';

/** One argument's way into a header. */
interface Mirror {
  /** Lower-case. */
  readonly header: string;
  /** Names of properties, from the outermost. */
  readonly path: readonly string[];
}

/** How deep properties of properties are looked at. */
const mostDepth = 20;
const key = 'x-mcp-header';

/** What is known of the tools of one server. */
export class MirroredParams {
  readonly #tools = new Map<string, readonly Mirror[]>();

  /**
   * Takes note of the tools in a result of `tools/list`, and takes out those whose headers break the rules: over HTTP
   * nobody can call them. Returns their names.
   */
  learn(result: ObjectText): readonly string[] {
    const text = result.get('tools');
    if (text === null || !text.includes(key)) return [];
    const tools = result.value('tools');
    if (!Array.isArray(tools)) return [];
    const dropped: string[] = [];
    const kept = tools.filter((tool: { name?: unknown; inputSchema?: unknown } | null) => {
      const name = String(tool?.name);
      const mirrors = mirrorsOf(tool?.inputSchema);
      if (mirrors === null) dropped.push(name);
      else this.#tools.set(name, mirrors);
      return mirrors !== null;
    });
    if (dropped.length > 0) result.set('tools', JSON.stringify(kept));
    return dropped;
  }

  knows(tool: string): boolean {
    return this.#tools.has(tool);
  }

  /** Headers by lower-case name for a call of the tool. */
  headersFor(tool: string, call: Message): Record<string, string> {
    const mirrors = this.#tools.get(tool);
    const headers: Record<string, string> = {};
    if (mirrors === undefined || mirrors.length === 0) return headers;
    const given = paramsOf(call).value('arguments');
    for (const { header, path } of mirrors) {
      const value = valueAt(given, path);
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
        headers[header] = encodeHeaderValue(String(value));
      }
    }
    return headers;
  }
}

/** null when the schema breaks a rule. */
function mirrorsOf(schema: unknown): readonly Mirror[] | null {
  const mirrors: Mirror[] = [];
  const isSound = collect(schema, [], mirrors);
  const marks = JSON.stringify(schema ?? null).split(`"${key}":`).length - 1;
  // Marks that no chain of properties leads to stand where nobody could find the argument.
  const isUnique = new Set(mirrors.map(({ header }) => header)).size === mirrors.length;
  return isSound && isUnique && marks === mirrors.length ? mirrors : null;
}

function collect(schema: unknown, path: readonly string[], into: Mirror[]): boolean {
  if (typeof schema !== 'object' || schema === null || path.length > mostDepth) return true;
  const { properties } = schema as { properties?: unknown };
  if (typeof properties !== 'object' || properties === null) return true;
  for (const [name, property] of Object.entries(properties)) {
    const at = [...path, name];
    if (typeof property !== 'object' || property === null) continue;
    if (key in property) {
      const { [key]: mark, type } = property as { [key]?: unknown; type?: unknown };
      const isToken = typeof mark === 'string' && /^[\w!#$%&'*+.^`|~-]+$/.test(mark);
      if (!isToken || (type !== 'string' && type !== 'integer' && type !== 'boolean')) return false;
      into.push({ header: `mcp-param-${mark.toLowerCase()}`, path: at });
    }
    if (!collect(property, at, into)) return false;
  }
  return true;
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const name of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}
