// The arguments of a tool call, from what was typed and what the tool's schema says. Pure.
import { usageFailure } from '../../command-failure.ts';

type Schema = Readonly<Record<string, unknown>>;
export type ToolArguments = Record<string, unknown>;

/**
 * Each of `given` is `name=value`, read as the schema's type for that name (as text where it has none), or `name:=json`,
 * read as JSON whatever the schema says. A name given again makes a list, where the schema wants one.
 */
export function readArguments(given: readonly string[], inputSchema: Schema | undefined): ToolArguments {
  const read = new Map<string, unknown>();
  for (const each of given) {
    const [, name, marker, value] = /^([^=]+?)(:?=)(.*)$/s.exec(each) ?? [];
    if (name === undefined || value === undefined) {
      throw usageFailure('An --arg is not of the form name=value.', 'Give JSON with name:=value, such as limit:=10.');
    }
    const schema = propertySchema(inputSchema, name);
    if (marker === ':=') read.set(name, parseJson(value, `the value of ${name}`));
    else if (typesOf(schema).has('array') && !value.trimStart().startsWith('[')) {
      const before = read.get(name);
      read.set(name, [...(Array.isArray(before) ? before : []), readValue(name, value, itemSchema(schema))]);
    } else read.set(name, readValue(name, value, schema));
  }
  return Object.fromEntries(read);
}

/** A whole set of arguments as JSON text; `source` says where it came from. */
export function parseArguments(text: string, source: string): ToolArguments {
  const value = parseJson(text, source);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw usageFailure(`What ${source} holds is not a JSON object.`, 'Give one like {"path": "/notes.txt"}.');
  }
  return value as ToolArguments;
}

function readValue(name: string, value: string, schema: Schema | undefined): unknown {
  const types = typesOf(schema);
  if (types.size === 0 || types.has('string')) return value;
  const read = tryJson(value);
  const fits =
    read !== undefined && (types.has(jsonType(read.value)) || (types.has('number') && isInteger(read.value)));
  if (fits) return read.value;
  throw usageFailure(`The argument ${name} must be ${[...types].join(' or ')}, and "${value}" is not.`);
}

function propertySchema(inputSchema: Schema | undefined, name: string): Schema | undefined {
  const properties = asSchema(inputSchema?.properties);
  return properties !== undefined && Object.hasOwn(properties, name) ? asSchema(properties[name]) : undefined;
}

function itemSchema(schema: Schema | undefined): Schema | undefined {
  return asSchema(schema?.items);
}

/** The JSON types a schema allows; none when it does not say. */
function typesOf(schema: Schema | undefined): ReadonlySet<string> {
  if (schema === undefined) return new Set();
  const said = [schema.type].flat().filter((type) => typeof type === 'string');
  const listed = Array.isArray(schema.enum) ? schema.enum.map(jsonType) : [];
  const choices = [schema.anyOf, schema.oneOf].flatMap((each) => (Array.isArray(each) ? each : []));
  const chosen = choices.flatMap((choice) => [...typesOf(asSchema(choice))]);
  return new Set(said.length > 0 ? said : [...listed, ...chosen]);
}

function jsonType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return isInteger(value) ? 'integer' : typeof value;
}

function isInteger(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value);
}

function asSchema(value: unknown): Schema | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Schema) : undefined;
}

function tryJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function parseJson(text: string, source: string): unknown {
  const read = tryJson(text);
  if (read === undefined) throw usageFailure(`What ${source} holds is not JSON.`);
  return read.value;
}
