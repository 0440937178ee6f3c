// `POST /api/v1/graphql`: the operations of the contract as one graph. Only for who is signed in, introspection too; each
// field is refused or answered as its operation would be over REST. The library is loaded with the first request.
import type { OperationKey } from '@mcpvault/contract/operations';
import { Failure } from '@mcpvault/domain/failure';
import type { Log } from '@mcpvault/gateway/ports';
import type * as graphql from 'graphql';
import type { ExecutionResult, GraphQLError, GraphQLSchema } from 'graphql';
import type { Actor } from '../../actor.ts';
import type { Execute } from '../../execute.ts';
import { problemOf } from '../problem.ts';
import type { GraphQLContext } from './build-schema.ts';
import type * as bounds from './limits.ts';

export interface GraphQLRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>> | null;
  readonly operationName: string | null;
}

export interface GraphQLAnswer {
  readonly status: 200 | 400;
  readonly body: object;
}

export type AnswerGraphQL = (body: Readonly<Record<string, unknown>>, actor: Actor) => Promise<GraphQLAnswer>;

export function createGraphQL({ execute, log }: { readonly execute: Execute; readonly log: Log }): AnswerGraphQL {
  let loading: Promise<Loaded> | undefined;

  return async (body, actor) => {
    const request = readRequest(body);
    loading ??= load();
    const { library, schema, limits } = await loading;
    const { parse, validate, specifiedRules, execute: run } = library;
    let document: ReturnType<typeof parse>;
    try {
      document = parse(request.query, { maxTokens: limits.graphqlLimits.tokens, noLocation: true });
    } catch (error) {
      throw new Failure('invalid_request', `query: ${error instanceof Error ? error.message : 'it cannot be read'}`);
    }
    const wrong = validate(schema, document, specifiedRules, { maxErrors: 5 });
    if (wrong.length > 0) return { status: 400, body: { errors: wrong.map(({ message }) => ({ message })) } };
    limits.demandBounded(document);
    let asked = 0;
    const inTurn = turns(atOnce);
    const contextValue: GraphQLContext = {
      ask(key, input) {
        asked += 1;
        if (asked > limits.graphqlLimits.operations)
          throw limits.tooMuch('operations', limits.graphqlLimits.operations);
        // `execute` parses it: its type is a hope until then.
        return inTurn(() => execute(key as OperationKey, structuredClone({ ...input }) as never, actor));
      },
    };
    const { variables: variableValues, operationName } = request;
    const result: ExecutionResult = await run({ schema, document, contextValue, variableValues, operationName });
    const errors = result.errors?.map((error) => shown(error, actor, log));
    return { status: 200, body: { ...('data' in result && { data: result.data }), ...(errors && { errors }) } };
  };
}

/** Operations of one request under way at once: others want the database as well. */
const atOnce = 4;

function turns(most: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let under = 0;
  return async (work) => {
    if (under >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else under += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) under -= 1;
      else next();
    }
  };
}

interface Loaded {
  readonly library: typeof graphql;
  readonly schema: GraphQLSchema;
  readonly limits: Pick<typeof bounds, 'demandBounded' | 'graphqlLimits' | 'tooMuch'>;
}

async function load(): Promise<Loaded> {
  const [library, { buildGraphQLSchema }, { demandBounded, graphqlLimits, tooMuch }] = await Promise.all([
    import('graphql'),
    import('./build-schema.ts'),
    import('./limits.ts'),
  ]);
  return { library, schema: await buildGraphQLSchema(), limits: { demandBounded, graphqlLimits, tooMuch } };
}

function readRequest({ query, variables, operationName }: Readonly<Record<string, unknown>>): GraphQLRequest {
  if (typeof query !== 'string' || query === '') {
    throw new Failure('invalid_request', 'query: this should be a GraphQL document.');
  }
  if (variables !== undefined && (typeof variables !== 'object' || Array.isArray(variables))) {
    throw new Failure('invalid_request', 'variables: this should be an object.');
  }
  return {
    query,
    variables: (variables as GraphQLRequest['variables']) ?? null,
    operationName: typeof operationName === 'string' ? operationName : null,
  };
}

/** A failure as over REST; a mistake in the request as the library words it; a bug without a word of its own. */
function shown({ message, path, originalError }: GraphQLError, { requestId }: Actor, log: Log): object {
  if (originalError === undefined || originalError === null) return { message, path };
  const problem = problemOf(originalError, requestId, log);
  return { message: problem.detail, path, extensions: problem };
}
