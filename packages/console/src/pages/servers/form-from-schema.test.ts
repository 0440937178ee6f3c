import assert from 'node:assert/strict';
import { test } from 'node:test';
import { argumentsFrom, draftsOf, formFromSchema } from './form-from-schema.ts';

function form(properties: object, required: string[] = [], more: object = {}) {
  const fields = formFromSchema({ type: 'object', properties, required, ...more });
  assert.ok(fields);
  return fields;
}

test('simple properties become the controls one expects, needed ones first', () => {
  const fields = form(
    {
      verbose: { type: 'boolean' },
      level: { enum: ['low', 'high'], default: 'high' },
      count: { type: 'integer', minimum: 1, default: 3 },
      tags: { type: 'array', items: { type: 'string' } },
      path: { type: 'string', description: 'Where', title: 'Path' },
    },
    ['path'],
  );
  assert.deepEqual(
    fields.map(({ name, kind, required }) => [name, kind, required]),
    [
      ['path', 'text', true],
      ['verbose', 'switch', false],
      ['level', 'choice', false],
      ['count', 'number', false],
      ['tags', 'lines', false],
    ],
  );
  assert.equal(fields[0]?.label, 'Path');
  assert.deepEqual(draftsOf(fields), { path: '', verbose: null, level: '1', count: '3', tags: '' });
});

test('what is left alone is left out, defaults are sent as shown', () => {
  const fields = form({
    a: { type: 'string' },
    b: { type: 'number' },
    c: { type: 'boolean' },
    d: { type: 'number', default: 2 },
  });
  assert.deepEqual(argumentsFrom(fields, draftsOf(fields)), { args: { d: 2 }, errors: {} });
});

test('drafts become typed arguments', () => {
  const fields = form({
    text: { type: 'string' },
    number: { type: 'number' },
    choice: { enum: [1, 'two', null] },
    lines: { type: 'array', items: { type: 'integer' } },
    json: { type: 'array', items: { type: 'object' } },
    group: { type: 'object', properties: { deep: { type: 'boolean' } } },
  });
  const drafts = { text: ' x ', number: '1.5', choice: '0', lines: '1\n\n2', json: '[{"a":1}]', group: { deep: true } };
  assert.deepEqual(argumentsFrom(fields, drafts), {
    args: { text: ' x ', number: 1.5, choice: 1, lines: [1, 2], json: [{ a: 1 }], group: { deep: true } },
    errors: {},
  });
});

test('what cannot be sent is said at its field', () => {
  const fields = form(
    {
      whole: { type: 'integer' },
      small: { type: 'number', maximum: 5 },
      json: { type: 'object' },
      lines: { type: 'array', items: { type: 'number' } },
      group: { type: 'object', properties: { deep: { type: 'number' } }, required: ['deep'] },
      pick: { enum: ['a'] },
    },
    ['group', 'pick'],
  );
  const { errors } = argumentsFrom(fields, { whole: '1.5', small: '6', json: '{', lines: 'a' });
  assert.deepEqual(Object.keys(errors).sort(), ['group.deep', 'json', 'lines', 'pick', 'small', 'whole']);
});

test('an empty text is a value where one is needed', () => {
  const fields = form({ message: { type: 'string' } }, ['message']);
  assert.deepEqual(argumentsFrom(fields, draftsOf(fields)), { args: { message: '' }, errors: {} });
});

test('references and "or null" are followed, titled choices too', () => {
  const fields = form(
    {
      place: { $ref: '#/$defs/Place' },
      maybe: { anyOf: [{ type: 'string' }, { type: 'null' }], description: 'Or not' },
      typed: { type: ['integer', 'null'] },
      titled: {
        oneOf: [
          { const: 'a', title: 'First' },
          { const: 'b', title: 'Second' },
        ],
      },
    },
    [],
    { $defs: { Place: { type: 'object', properties: { city: { type: 'string' } } } } },
  );
  assert.deepEqual(
    fields.map(({ kind }) => kind),
    ['group', 'text', 'number', 'choice'],
  );
  assert.equal(fields[1]?.description, 'Or not');
});

test('a schema that refers to itself still makes a form', () => {
  const loop = {
    type: 'object',
    properties: { self: { $ref: '#' }, again: { $ref: '#/$defs/a' } },
    $defs: { a: { $ref: '#/$defs/a' } },
  };
  const fields = formFromSchema(loop);
  assert.deepEqual(
    fields?.map(({ kind }) => kind),
    ['group', 'json'],
  );
});

test('schemas that are no plain object are edited as JSON', () => {
  assert.equal(formFromSchema({ type: 'array' }), null);
  assert.equal(formFromSchema({ oneOf: [{ type: 'object' }] }), null);
  assert.equal(formFromSchema({ type: 'object', additionalProperties: { type: 'string' } }), null);
  assert.deepEqual(formFromSchema({ type: 'object' }), []);
});
