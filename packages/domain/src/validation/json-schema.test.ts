import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createJsonSchema, mostProblems } from './json-schema.ts';

function verdict(schema: unknown, value: unknown): string {
  const validity = createJsonSchema(schema).validate(value);
  if (validity.kind === 'invalid') return validity.problems.map(({ pointer }) => pointer).join(' ') || 'invalid';
  return validity.kind;
}
const valid = (schema: unknown, ...values: unknown[]) => {
  for (const value of values) assert.equal(verdict(schema, value), 'valid', JSON.stringify([schema, value]));
};
const wrong = (schema: unknown, ...values: unknown[]) => {
  for (const value of values)
    assert.equal(createJsonSchema(schema).validate(value).kind, 'invalid', JSON.stringify([schema, value]));
};

test('types, values and bounds are checked', () => {
  valid({ type: 'integer', minimum: 1, exclusiveMaximum: 5 }, 1, 4);
  wrong({ type: 'integer', minimum: 1, exclusiveMaximum: 5 }, 0, 5, 1.5, '1', null);
  valid({ type: ['string', 'null'], maxLength: 3 }, 'abc', null, '🙂🙂🙂');
  wrong({ type: ['string', 'null'], maxLength: 3 }, 'abcd', 1);
  valid({ enum: [1, { a: [2] }] }, 1, { a: [2] });
  wrong({ enum: [1, { a: [2] }] }, 2, { a: [3] });
  wrong({ const: 'x' }, 'y');
  valid({ multipleOf: 0.1 }, 0.3, 1);
  wrong({ multipleOf: 0.1 }, 0.35);
  valid({ pattern: '^a+$' }, 'aaa', 5);
  wrong({ pattern: '^a+$' }, 'ab');
  valid(true, 1);
  wrong(false, 1);
});

test('members and elements are checked, and problems say where', () => {
  const schema = {
    type: 'object',
    required: ['id', 'tags'],
    properties: {
      id: { type: 'string' },
      tags: { type: 'array', items: { type: 'string' }, uniqueItems: true, maxItems: 3 },
    },
    patternProperties: { '^x-': { type: 'number' } },
    additionalProperties: false,
  };
  valid(schema, { id: 'a', tags: ['b', 'c'], 'x-n': 1 });
  assert.equal(verdict(schema, { id: 1, tags: ['a', 2], 'x-n': 'y', 'a/b': 0 }), '/id /tags/1 /x-n /a~1b');
  assert.equal(verdict(schema, {}), ' ');
  wrong(schema, { id: 'a', tags: ['b', 'b'] }, { id: 'a', tags: ['1', '2', '3', '4'] }, []);
  valid({ prefixItems: [{ type: 'string' }], items: { type: 'number' } }, ['a', 1, 2], []);
  wrong({ items: [{ type: 'string' }], additionalItems: false }, ['a', 1], [1]);
  valid({ contains: { const: 1 }, maxContains: 2 }, [1, 1, 2]);
  wrong({ contains: { const: 1 }, maxContains: 2 }, [2], [1, 1, 1]);
  wrong({ dependentRequired: { a: ['b'] } }, { a: 1 });
  wrong({ propertyNames: { maxLength: 2 } }, { abc: 1 });
});

test('alternatives, conditions and references are followed', () => {
  valid({ anyOf: [{ type: 'string' }, { minimum: 3 }] }, 'a', 4);
  wrong({ anyOf: [{ type: 'string' }, { minimum: 3 }] }, 2);
  wrong({ oneOf: [{ type: 'number' }, { minimum: 3 }] }, 4);
  wrong({ not: { type: 'string' } }, 'a');
  wrong({ if: { type: 'string' }, then: { minLength: 2 }, else: { minimum: 2 } }, 'a', 1);
  const tree = {
    $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } } } },
    $ref: '#/$defs/node',
  };
  valid(tree, { next: { next: {} } });
  wrong(tree, { next: { next: 1 } });
  wrong({ $defs: { s: { $anchor: 's', type: 'string' } }, $ref: '#s' }, 1);
});

test('what reaches outside, runs in circles or costs too much is unusable and not guessed', () => {
  let deep: object = { type: 'string' };
  for (let level = 0; level < 200; level++) deep = { allOf: [deep] };
  let wide: object = { type: 'string' };
  for (let level = 0; level < 30; level++) wide = { anyOf: [wide, wide, wide] };
  for (const [schema, value] of [
    [{ $ref: 'https://example.com/schema' }, 1],
    [{ $ref: 'file:///etc/passwd' }, 1],
    [{ $ref: '#' }, 1],
    [{ $ref: '#/nowhere' }, 1],
    [{ $ref: '#/__proto__' }, 1],
    [{ pattern: '(?=a)b' }, 'x'],
    [{ pattern: '(a{900}){900}' }, 'x'],
    [deep, 'a'],
    [wide, 1],
    [
      { items: { items: { type: 'string' } } },
      Array.from({ length: 500 }, () => Array.from({ length: 500 }, () => 'a')),
    ],
    [{ uniqueItems: true }, Array.from({ length: 20_000 }, (_, at) => at)],
    [{ properties: { a: 7 } }, { a: 1 }],
  ] as const)
    assert.equal(verdict(schema, value), 'unusable');
});

test('a pattern that hangs other engines is checked like any other', () => {
  wrong({ pattern: '^(a+)+$' }, `${'a'.repeat(30_000)}!`);
});

test('there are never more problems than anybody reads, and none repeats a value', () => {
  const validity = createJsonSchema({ items: { type: 'string' } }).validate(Array.from({ length: 1000 }, () => 4711));
  assert.ok(validity.kind === 'invalid' && validity.problems.length === mostProblems);
  assert.doesNotMatch(JSON.stringify(validity.problems), /4711/);
});

test('whatever schema and value are, there is an answer', () => {
  const keyword = fc.constantFrom(
    'type',
    'items',
    'properties',
    'anyOf',
    'not',
    '$ref',
    'enum',
    'required',
    'pattern',
    'if',
    'then',
    'contains',
  );
  const schema = fc.letrec((tie) => ({
    schema: fc.oneof(
      { maxDepth: 4 },
      fc.jsonValue(),
      fc.dictionary(keyword, fc.oneof(tie('schema'), fc.array(tie('schema'), { maxLength: 3 }))),
    ),
  })).schema;
  fc.assert(
    fc.property(schema, fc.jsonValue(), (given, value) => {
      const { kind } = createJsonSchema(given).validate(value);
      assert.ok(['valid', 'invalid', 'unusable'].includes(kind));
    }),
    { numRuns: 500 },
  );
});
