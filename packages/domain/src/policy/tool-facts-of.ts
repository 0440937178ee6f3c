import { createJsonSchema } from '../validation/json-schema.ts';
import type { ToolFacts } from './message-facts.ts';

/** A tool as its server describes it, and what was kept of it. */
export interface DescribedTool {
  readonly name: string;
  readonly description: string | null;
  readonly annotations: Readonly<Record<string, unknown>> | null;
  readonly outputSchema: unknown;
  readonly fingerprint: string | null;
  /** Milliseconds since the epoch; null where nobody kept it. */
  readonly firstSeen: number | null;
}

/** Where a server does not say, what MCP takes it to mean. `approved`: somebody has looked at this very description. */
export function toolFactsOf(tool: DescribedTool, approved: boolean): ToolFacts {
  const { name, description, annotations, fingerprint, firstSeen, outputSchema } = tool;
  const says = (hint: string, otherwise: boolean) => {
    const said = annotations?.[hint];
    return typeof said === 'boolean' ? said : otherwise;
  };
  const readOnly = says('readOnlyHint', false);
  return {
    name,
    description: description ?? '',
    readOnly,
    destructive: says('destructiveHint', !readOnly),
    idempotent: says('idempotentHint', false),
    openWorld: says('openWorldHint', true),
    fingerprint: fingerprint ?? '',
    firstSeen,
    approved,
    ...(outputSchema !== null && { outputSchema: createJsonSchema(outputSchema) }),
  };
}
