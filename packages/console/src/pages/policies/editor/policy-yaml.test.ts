import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readValues, withValue } from './policy-yaml.ts';

const text = `# Ours.
name: A # the name
reason: r
actions:
  - type: refuse # hard
  - type: alert
`;

test('a value that changes in the form changes in the text, and comments stay', () => {
  assert.equal(withValue(text, ['name'], 'B'), text.replace('name: A', 'name: B'));
  assert.equal(
    withValue(text, ['actions'], [{ type: 'refuse' }, { type: 'hold' }]),
    text.replace('type: alert', 'type: hold'),
  );
  assert.equal(withValue(text, ['actions', 1, 'title'], 'T'), `${text}    title: T\n`);
});

test('what is new goes where it is usually written', () => {
  assert.match(withValue(text, ['severity'], 'high'), /reason: r\nseverity: high\nactions:/);
  assert.match(withValue(text, ['scope', 'tools'], ['a']), /reason: r\nscope:\n {2}tools:\n {4}- a\nactions:/);
});

test('what is taken away leaves nothing empty behind', () => {
  const scoped = withValue(text, ['scope', 'tools'], ['a']);
  assert.equal(withValue(scoped, ['scope', 'tools'], undefined), text);
});

test('an unreadable text is left alone', () => {
  assert.equal(readValues('name: [A'), null);
  assert.equal(readValues('- a\n'), null);
  assert.equal(withValue('name: [A', ['name'], 'B'), 'name: [A');
  assert.deepEqual(readValues(''), {});
});

test('any text that is put in is read back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (value) => {
      for (const key of ['name', 'condition']) {
        const read = readValues(withValue(text, [key], value));
        assert.equal(read?.[key], value);
      }
    }),
    { numRuns: 200 },
  );
});
