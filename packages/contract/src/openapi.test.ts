import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openApi } from './openapi.ts';
import { operations } from './operations.ts';

interface Described {
  readonly operationId: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, object>>;
}

const document = openApi({ version: '1.2.3', url: 'https://vault.example.com' }) as {
  readonly openapi: string;
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
};

test('every operation is described at its route, with its status', () => {
  for (const operation of Object.values(operations)) {
    const described = document.paths[operation.path]?.[operation.method.toLowerCase()];
    assert.equal(described?.operationId, operation.name);
    assert.ok(described.responses[String(operation.status)], operation.name);
    assert.equal(described.security?.length === 0, operation.permission === 'anyone', operation.name);
  }
});

test('it is OpenAPI 3.1, addressed to this hub, and plain JSON', () => {
  assert.equal(document.openapi, '3.1.0');
  assert.equal(document.servers[0]?.url, 'https://vault.example.com/api/v1');
  assert.deepEqual(JSON.parse(JSON.stringify(document)), document);
});

test('path parameters are required, reads take the rest from the query, writes from a body', () => {
  const tools = document.paths['/mcp/servers/{id}/tools']?.['get'];
  assert.deepEqual(
    tools?.parameters?.map((parameter) => [parameter.name, parameter.in, parameter.required]),
    [
      ['id', 'path', true],
      ['limit', 'query', false],
      ['cursor', 'query', false],
    ],
  );
  assert.equal(tools?.requestBody, undefined);
  assert.ok(document.paths['/grants']?.['post']?.requestBody);
});
