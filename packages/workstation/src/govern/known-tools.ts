import { fingerprintOf } from '@mcpvault/domain/catalog/fingerprint';
import type { ToolFacts } from '@mcpvault/domain/policy/message-facts';
import { toolFactsOf } from '@mcpvault/domain/policy/tool-facts-of';

/** What the server said of its tools in the lists that passed lately; read when first asked for. */
export class KnownTools {
  readonly #tools = new Map<string, ToolFacts>();
  #unread: Buffer[] = [];

  /** An answer to `tools/list`, as the server sent it. A server that lists without end is not followed. */
  listed(answer: Buffer): void {
    if (this.#unread.length < mostPages) this.#unread.push(answer);
  }

  /** null for what no list had. */
  named(name: string): ToolFacts | null {
    for (const answer of this.#unread.splice(0)) for (const tool of toolsIn(answer)) this.#tools.set(tool.name, tool);
    return this.#tools.get(name) ?? null;
  }
}

const mostPages = 100;

function toolsIn(answer: Buffer): readonly ToolFacts[] {
  const { result } = JSON.parse(answer.toString()) as { readonly result?: { readonly tools?: unknown } };
  if (!Array.isArray(result?.tools)) return [];
  return result.tools.flatMap((tool: unknown) => {
    if (typeof tool !== 'object' || tool === null || !('name' in tool) || typeof tool.name !== 'string') return [];
    const { name, description, annotations, outputSchema } = tool as Readonly<Record<string, unknown>> & {
      name: string;
    };
    return [
      toolFactsOf(
        {
          name,
          description: typeof description === 'string' ? description : null,
          annotations: isRecord(annotations) ? annotations : null,
          outputSchema: outputSchema ?? null,
          fingerprint: fingerprintOf(tool),
          firstSeen: null,
        },
        false,
      ),
    ];
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
