// What an operation takes and answers, as JSON Schema: for the documents that are made of the contract.
import { z } from 'zod';

export interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly [member: string]: unknown;
}

export function schemaOf(shape: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(shape, { io, override: ({ jsonSchema }) => leanTime(jsonSchema) });
  return schema as JsonSchema;
}

/** The format says it all; the pattern beside it is a screenful. */
function leanTime(schema: { format?: string; pattern?: string }): void {
  if (schema.format === 'date-time') delete schema.pattern;
}
