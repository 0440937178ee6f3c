// The OpenAPI 3.1 document, made from the contract.
import { schemaOf } from './json-schema.ts';
import type { Operation } from './operation.ts';
import { operations } from './operations.ts';
import { problem, problemType } from './problem.ts';
import { apiRoot, mediaTypes, pathParameters, takesBody } from './route.ts';

/** `url` is how clients reach the hub, e.g. `http://127.0.0.1:7717`. */
export function openApi(about: { readonly version: string; readonly url: string }): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of Object.values(operations)) {
    (paths[operation.path] ??= {})[operation.method.toLowerCase()] = describe(operation);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'MCPVault',
      version: about.version,
      description:
        'The control plane between AI clients and MCP servers. Failures are answered as RFC 9457 problem documents ' +
        'with a stable `code`. Lists answer `{ items, next }`; send `next` back as `cursor` for the following page.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: about.url + apiRoot }],
    security: [{ bearer: [] }],
    tags: [...new Set(Object.values(operations).map(areaOf))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'An access token from signing in. Personal tokens only list servers and tools.',
        },
      },
      schemas: { Problem: schemaOf(problem, 'output') },
    },
  };
}

function describe(operation: Operation): object {
  const { properties = {}, required = [] } = schemaOf(operation.input, 'input');
  const inPath = pathParameters(operation.path);
  const others = Object.keys(properties).filter((name) => !inPath.includes(name));
  const parameters = [
    ...inPath.map((name) => ({ name, in: 'path', required: true, schema: properties[name] ?? { type: 'string' } })),
    ...(takesBody(operation) ? [] : others).map((name) => ({
      name,
      in: 'query',
      required: required.includes(name),
      schema: properties[name],
    })),
  ];
  return {
    operationId: operation.name,
    tags: [areaOf(operation)],
    summary: operation.summary,
    ...(operation.permission === 'anyone' ? { security: [] } : {}),
    'x-permission': operation.permission,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(takesBody(operation) && others.length > 0
      ? {
          requestBody: content(operation.takes, pick(properties, others, required), {
            required: required.some((name) => others.includes(name)),
          }),
        }
      : {}),
    responses: {
      [String(operation.status)]:
        operation.status === 204
          ? { description: 'Done.' }
          : { description: 'Done.', ...content('json', schemaOf(operation.output, 'output')) },
      default: {
        description: 'It was not done; the problem says why.',
        content: { [problemType]: { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

function areaOf(operation: Operation): string {
  return operation.name.split('.')[0] ?? operation.name;
}

function content(takes: Operation['takes'], schema: object, more: object = {}): object {
  return { ...more, content: { [mediaTypes[takes]]: { schema } } };
}

function pick(properties: Readonly<Record<string, object>>, names: readonly string[], required: readonly string[]) {
  const kept = required.filter((name) => names.includes(name));
  return {
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, properties[name]])),
    ...(kept.length === 0 ? {} : { required: kept }),
    additionalProperties: false,
  };
}
