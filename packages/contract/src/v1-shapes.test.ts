// Outside tools rely on the shapes of version 1. This test holds them against `v1-shapes.txt`: lines may be added, and
// none may go or change. Run it with WRITE_SHAPES=1 to add new lines.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { z } from 'zod';
import { liveEvent, liveHello } from './live.ts';
import { operations } from './operations.ts';
import { problem } from './problem.ts';

const file = new URL('./v1-shapes.txt', import.meta.url);

test('the shapes of version 1 do not change', () => {
  const now = [
    ...Object.values(operations).flatMap((operation) => [
      `${operation.name}: ${operation.method} ${operation.path} -> ${operation.status}, ${operation.permission}`,
      ...lines(`${operation.name} in`, schemaOf(operation.input, 'input')),
      ...lines(`${operation.name} out`, schemaOf(operation.output, 'output')),
    ]),
    ...lines('problem', schemaOf(problem, 'output')),
    ...lines('live', schemaOf(liveEvent, 'output')),
    ...lines('live hello', schemaOf(liveHello, 'input')),
  ];
  if (process.env['WRITE_SHAPES'] === '1') writeFileSync(file, `${now.join('\n')}\n`);
  const known = readFileSync(file, 'utf8').trimEnd().split('\n');
  assert.deepEqual(
    known.filter((line) => !now.includes(line)),
    [],
    'gone or changed',
  );
  assert.deepEqual(
    now.filter((line) => !known.includes(line)),
    [],
    'new: write them down with WRITE_SHAPES=1',
  );
});

interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly format?: string;
}

function schemaOf(shape: z.ZodType, io: 'input' | 'output'): Schema {
  return z.toJSONSchema(shape, { io, unrepresentable: 'any' }) as Schema;
}

/** One line per place: where it is, whether it must be there, and what it holds. */
function lines(place: string, schema: Schema): string[] {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return choices.flatMap((choice) => lines(`${place}|${tag(choice)}`, choice));
  // An input that takes one value more breaks nobody.
  if (place.includes(' in') && schema.enum) return schema.enum.map((value) => `${place}: takes ${String(value)}`);
  const kind = schema.const ?? schema.enum?.join(',') ?? [schema.type ?? 'any'].flat().join('|');
  const inner = Object.entries(schema.properties ?? {}).flatMap(([name, member]) =>
    lines(`${place}.${name}${schema.required?.includes(name) ? '!' : ''}`, member),
  );
  return [
    `${place}: ${String(kind)}${schema.format ? ` (${schema.format})` : ''}`,
    ...inner,
    ...(schema.items ? lines(`${place}[]`, schema.items) : []),
  ];
}

/** What tells one choice from another: the constant in its `type`, or its JSON type. */
function tag(schema: Schema): string {
  return String(schema.properties?.['type']?.const ?? schema.type ?? 'any');
}
