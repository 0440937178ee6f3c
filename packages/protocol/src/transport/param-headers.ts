// Arguments that a tool wants repeated in headers (`x-mcp-header` in its schema): a client over stdio or a WebSocket knows
// nothing of headers, so what the tool lists said is remembered for it.
import type { Message } from '../jsonrpc/message.ts';
import { encodeHeaderValue } from './header-value.ts';

interface Mirror {
  /** Lower-case. */
  readonly header: string;
  /** Names of properties, from the outermost. */
  readonly path: readonly string[];
}

const key = 'x-mcp-header';
const mostDepth = 20;
const mostTools = 20_000;

export class ParamHeaders {
  readonly #tools = new Map<string, readonly Mirror[]>();

  /** Takes note of the tools in an answer to `tools/list`; nothing else is looked at. */
  learn(request: Message, answer: Buffer): void {
    if (request.method !== 'tools/list' || !answer.includes(key)) return;
    for (const tool of toolsIn(answer)) {
      if (typeof tool?.name !== 'string' || this.#tools.size >= mostTools) continue;
      const mirrors: Mirror[] = [];
      collect(tool.inputSchema, [], mirrors);
      this.#tools.set(tool.name, mirrors);
    }
  }

  /** By lower-case name, for a call of a tool; empty for everything else. */
  headersFor(request: Message): Record<string, string> {
    const tool = request.method === 'tools/call' ? request.target : null;
    const mirrors = tool === null ? undefined : this.#tools.get(tool);
    const span = request.marks.arguments;
    if (mirrors === undefined || mirrors.length === 0 || span === null) return {};
    const args = request.valueAt(span);
    const headers: Record<string, string> = {};
    for (const { header, path } of mirrors) {
      const value = path.reduce<unknown>(inside, args);
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
        headers[header] = encodeHeaderValue(String(value));
      }
    }
    return headers;
  }
}

type Tool = { readonly name?: unknown; readonly inputSchema?: unknown } | null;

/** None in what is no JSON. */
function toolsIn(answer: Buffer): readonly Tool[] {
  try {
    const { result } = JSON.parse(answer.toString()) as { result?: { tools?: unknown } };
    return Array.isArray(result?.tools) ? (result.tools as Tool[]) : [];
  } catch {
    return [];
  }
}

function collect(schema: unknown, path: readonly string[], into: Mirror[]): void {
  if (typeof schema !== 'object' || schema === null || path.length > mostDepth) return;
  const { properties } = schema as { properties?: unknown };
  if (typeof properties !== 'object' || properties === null) return;
  for (const [name, property] of Object.entries(properties)) {
    if (typeof property !== 'object' || property === null) continue;
    const { [key]: mark } = property as { [key]?: unknown };
    if (typeof mark === 'string' && /^[\w!#$%&'*+.^`|~-]+$/.test(mark)) {
      into.push({ header: `mcp-param-${mark.toLowerCase()}`, path: [...path, name] });
    }
    collect(property, [...path, name], into);
  }
}

function inside(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
