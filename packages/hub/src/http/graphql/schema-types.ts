// GraphQL types made of JSON Schema. What GraphQL cannot say (a choice between shapes, an object of any names) is `JSON`, and
// comes as it is. The same shape is the same type wherever it stands.
import type { JsonSchema } from '@mcpvault/contract/json-schema';
import {
  GraphQLBoolean,
  GraphQLEnumType,
  type GraphQLFieldConfigMap,
  GraphQLFloat,
  GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLScalarType,
  GraphQLString,
  valueFromASTUntyped,
} from 'graphql';

export interface SchemaTypes {
  output(schema: JsonSchema, name: string): GraphQLOutputType;
  input(schema: JsonSchema, name: string): GraphQLInputType;
}

/** What else an object shows, by the prefix of its id; asked when the schema is complete. */
export type MoreFields<Context> = (prefix: string) => GraphQLFieldConfigMap<Record<string, unknown>, Context>;

export const json = new GraphQLScalarType({
  name: 'JSON',
  description: 'Any JSON value, as it is.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
});

const properName = /^[_a-zA-Z][_a-zA-Z0-9]*$/;
const int32 = 2_147_483_647;

export function createSchemaTypes<Context>(moreFields: MoreFields<Context>): SchemaTypes {
  const names = new Set<string>(['Query', 'Mutation', 'JSON']);
  const outputs = new Map<string, GraphQLObjectType>();
  const inputs = new Map<string, GraphQLInputObjectType>();
  const enums = new Map<string, GraphQLEnumType>();

  function unused(name: string): string {
    let chosen = name;
    for (let number = 2; names.has(chosen); number++) chosen = `${name}${number}`;
    names.add(chosen);
    return chosen;
  }

  function choice(values: readonly string[], name: string) {
    // The same words in another order are the same choice, and none of them may be one of GraphQL's own.
    if (!values.every((value) => properName.test(value) && !reserved.has(value))) return GraphQLString;
    const key = values.toSorted().join(' ');
    const known = enums.get(key);
    if (known !== undefined) return known;
    const made = new GraphQLEnumType({
      name: unused(name),
      values: Object.fromEntries(values.map((value) => [value, { value }])),
    });
    enums.set(key, made);
    return made;
  }

  /** null for what only `JSON` can say. */
  function plain(schema: JsonSchema, name: string) {
    const { enum: values } = schema;
    if (Array.isArray(values)) {
      return values.every((value) => typeof value === 'string') ? choice(values as string[], name) : null;
    }
    switch (schema.type) {
      case 'string':
        return GraphQLString;
      case 'boolean':
        return GraphQLBoolean;
      case 'integer':
        return withinInt(schema) ? GraphQLInt : GraphQLFloat;
      case 'number':
        return GraphQLFloat;
      default:
        return null;
    }
  }

  const types: SchemaTypes = {
    output(given, name) {
      const { schema } = withoutNull(given);
      const items = itemsOf(schema);
      if (items !== null) return new GraphQLList(demanded(types.output(items, singular(name)), items));
      const properties = fieldsOf(schema);
      if (properties === null) return plain(schema, name) ?? json;
      const key = JSON.stringify(schema);
      const known = outputs.get(key);
      if (known !== undefined) return known;
      const made = new GraphQLObjectType<Record<string, unknown>, Context>({
        name: unused(name),
        fields: () => together(moreFields(prefixOf(properties['id'])), own()),
      });
      outputs.set(key, made);
      const own = () =>
        mapped(properties, (member, property) => {
          const type = types.output(property, `${made.name}${capital(member)}`);
          return { type: isDemanded(schema, member) ? demanded(type, property) : type };
        });
      return made;
    },

    input(given, name) {
      const { schema } = withoutNull(given);
      const items = itemsOf(schema);
      if (items !== null) return new GraphQLList(demanded(types.input(items, singular(name)), items));
      const properties = fieldsOf(schema);
      if (properties === null) return plain(schema, name) ?? json;
      const key = JSON.stringify(schema);
      const known = inputs.get(key);
      if (known !== undefined) return known;
      const made = new GraphQLInputObjectType({
        name: unused(`${name}Input`),
        fields: () =>
          mapped(properties, (member, property) => {
            const type = types.input(property, `${name}${capital(member)}`);
            return { type: isDemanded(schema, member) ? demanded(type, property) : type };
          }),
      });
      inputs.set(key, made);
      return made;
    },
  };
  return types;
}

/** A field that hides another would be one thing here and another there. */
function together<Fields extends object>(more: Fields, own: Fields): Fields {
  const hidden = Object.keys(more).find((name) => Object.hasOwn(own, name));
  if (hidden !== undefined) throw new Error(`the relation ${hidden} has the name of a field`);
  return { ...more, ...own };
}

const reserved: ReadonlySet<string> = new Set(['true', 'false', 'null']);

export function isDemanded(schema: JsonSchema, member: string): boolean {
  return schema.required?.includes(member) === true && schema.properties?.[member]?.['default'] === undefined;
}

/** Not null where the schema allows none. */
export function demanded<Type extends GraphQLOutputType | GraphQLInputType>(
  type: Type,
  schema: JsonSchema,
): Type | GraphQLNonNull<Type & (GraphQLOutputType | GraphQLInputType)> {
  if (type instanceof GraphQLNonNull || type === json || withoutNull(schema).mayBeNull) return type;
  return new GraphQLNonNull(type) as unknown as GraphQLNonNull<Type & (GraphQLOutputType | GraphQLInputType)>;
}

export function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function singular(name: string): string {
  return name.endsWith('ies') ? `${name.slice(0, -3)}y` : name.replace(/s$/, '');
}

function withoutNull(schema: JsonSchema): { readonly schema: JsonSchema; readonly mayBeNull: boolean } {
  const { type } = schema as { readonly type?: unknown };
  if (Array.isArray(type)) {
    const [only, ...more] = type.filter((each) => each !== 'null') as string[];
    return only === undefined || more.length > 0
      ? { schema: {}, mayBeNull: true }
      : { schema: { ...schema, type: only }, mayBeNull: type.includes('null') };
  }
  const choices = schema['anyOf'];
  if (!Array.isArray(choices)) return { schema, mayBeNull: type === 'null' };
  const others = (choices as JsonSchema[]).filter(({ type }) => type !== 'null');
  const [only] = others;
  const mayBeNull = others.length < choices.length;
  if (others.length === 1 && only !== undefined) return { schema: only, mayBeNull };
  // Whatever the texts look like that it chooses from, a text it is.
  return { schema: others.every(isText) ? { type: 'string' } : schema, mayBeNull };
}

function isText({ type, enum: values, const: value }: JsonSchema): boolean {
  if (Array.isArray(values)) return values.every((each) => typeof each === 'string');
  return type === 'string' || typeof value === 'string';
}

function itemsOf(schema: JsonSchema): JsonSchema | null {
  const items = schema['items'];
  return schema.type === 'array' && typeof items === 'object' && items !== null ? (items as JsonSchema) : null;
}

/** null where it is no object of known names, or of names that GraphQL cannot spell. */
function fieldsOf({ type, properties, additionalProperties }: JsonSchema) {
  if (type !== 'object' || properties === undefined || typeof additionalProperties === 'object') return null;
  const names = Object.keys(properties);
  return names.length > 0 && names.every((name) => properName.test(name)) ? properties : null;
}

function prefixOf(id: JsonSchema | undefined): string {
  const pattern = id?.['pattern'];
  return (typeof pattern === 'string' ? /^\^([a-z]+)_/.exec(pattern)?.[1] : undefined) ?? '';
}

function withinInt({ minimum, maximum }: JsonSchema): boolean {
  return typeof maximum === 'number' && maximum <= int32 && typeof minimum === 'number' && minimum >= -int32;
}

function mapped<Made>(
  properties: Readonly<Record<string, JsonSchema>>,
  make: (name: string, schema: JsonSchema) => Made,
): Record<string, Made> {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, make(name, schema)]));
}
