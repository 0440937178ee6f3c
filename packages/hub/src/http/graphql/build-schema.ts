// The GraphQL schema, made of the contract: a query for each operation that reads, a mutation for each that changes, and
// between them what leads from one thing to another. Resolving a field is asking `execute`; it decides nothing. What anyone
// may do without a sign-in is done over REST.
import { setImmediate } from 'node:timers/promises';
import { schemaOf, type JsonSchema } from '@mcpvault/contract/json-schema';
import type { Operation } from '@mcpvault/contract/operation';
import { type OperationKey, operations } from '@mcpvault/contract/operations';
import {
  GraphQLBoolean,
  type GraphQLFieldConfig,
  type GraphQLFieldConfigArgumentMap,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
} from 'graphql';
import { relations } from './relations.ts';
import { capital, createSchemaTypes, demanded, isDemanded, type SchemaTypes } from './schema-types.ts';

export interface GraphQLContext {
  /** Asks one operation for whoever sent the request. */
  ask(key: OperationKey, input: Readonly<Record<string, unknown>>): Promise<unknown>;
}

type Field = GraphQLFieldConfig<Record<string, unknown>, GraphQLContext>;

/** Takes its time, so that others get their turns in between. */
export async function buildGraphQLSchema(): Promise<GraphQLSchema> {
  const asked = (Object.keys(operations) as OperationKey[]).filter((key) => isAsked(operations[key]));
  const shapes: Shapes = new Map();
  for (const key of asked) {
    shapes.set(key, shapesOf(operations[key]));
    await setImmediate();
  }
  const types: SchemaTypes = createSchemaTypes<GraphQLContext>((prefix) =>
    Object.fromEntries(
      (relations[prefix] ?? []).map((each) => [each.field, fieldOf(types, shapes, each.operation, each.by)]),
    ),
  );
  const fields = (isRead: boolean) =>
    Object.fromEntries(
      asked
        .filter((key) => (operations[key].method === 'GET') === isRead)
        .map((key): [string, Field] => [key, fieldOf(types, shapes, key, undefined)]),
    );
  return new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields: fields(true) }),
    mutation: new GraphQLObjectType({ name: 'Mutation', fields: fields(false) }),
  });
}

interface Shape {
  readonly given: JsonSchema;
  /** null where it answers nothing. */
  readonly answers: JsonSchema | null;
}

type Shapes = Map<OperationKey, Shape>;

function shapesOf({ input, output, status }: Operation): Shape {
  return { given: schemaOf(input, 'input'), answers: status === 204 ? null : schemaOf(output, 'output') };
}

function isAsked({ permission, takes }: Operation): boolean {
  return permission !== 'anyone' && takes === 'json';
}

/** `by`: the parameter that the id of what the field hangs on goes into; undefined for a field that hangs on nothing. */
function fieldOf(types: SchemaTypes, shapes: Shapes, key: OperationKey, by: string | null | undefined): Field {
  const operation: Operation = operations[key];
  const name = nameOf(key);
  const { given, answers } = shapes.get(key) ?? shapesOf(operation);
  return {
    description: `${operation.summary}. Needs: ${operation.permission}.`,
    args: argsOf(types, given, name, by),
    // May be empty: whoever is refused it gets the rest.
    type: typeOf(types, answers, name),
    resolve: async (source, args, { ask }) => {
      const more = by === undefined || by === null ? {} : { [by]: source['id'] };
      const answer = await ask(key, { ...args, ...more });
      return answers === null ? true : answer;
    },
  };
}

function typeOf(types: SchemaTypes, answers: JsonSchema | null, name: string) {
  return answers === null ? GraphQLBoolean : types.output(answers, name);
}

function argsOf(
  types: SchemaTypes,
  given: JsonSchema,
  name: string,
  by: string | null | undefined,
): GraphQLFieldConfigArgumentMap {
  const args: GraphQLFieldConfigArgumentMap = {};
  for (const [member, schema] of Object.entries(given.properties ?? {})) {
    if (member === by) continue;
    const type = types.input(schema, `${name}${capital(member)}`);
    const needed = isDemanded(given, member) && demanded(type, schema);
    args[member] = { type: needed instanceof GraphQLNonNull ? needed : type };
  }
  return args;
}

/** `listMembers` answers a page of `Member`. */
function nameOf(key: OperationKey): string {
  return capital(key.replace(/^(list|get)(?=[A-Z])/, ''));
}
