import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestParts } from './route.ts';

test('path parameters are escaped, and left out of the body', () => {
  assert.deepEqual(requestParts({ method: 'PUT', path: '/things/{id}' }, { id: 'a/b ?', name: 'x', gone: undefined }), {
    path: '/things/a%2Fb%20%3F',
    query: '',
    body: { name: 'x' },
  });
});

test('reads carry the rest in the query', () => {
  assert.deepEqual(requestParts({ method: 'GET', path: '/things' }, { limit: 5, q: 'a&b', cursor: undefined }), {
    path: '/things',
    query: '?limit=5&q=a%26b',
    body: undefined,
  });
});

test('a missing path parameter is an error, not a request to the list', () => {
  assert.throws(() => requestParts({ method: 'DELETE', path: '/things/{id}' }, {}), TypeError);
  assert.throws(() => requestParts({ method: 'DELETE', path: '/things/{id}' }, { id: '' }), TypeError);
});
