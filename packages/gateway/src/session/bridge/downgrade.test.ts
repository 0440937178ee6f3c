import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ObjectText } from '@mcpvault/protocol/jsonrpc/object-text';
import { legacyRevisions } from '@mcpvault/protocol/mcp/revision';
import { downgradedQuestion, downgradedResult } from './downgrade.ts';

const audio = { type: 'audio', data: 'AAAA', mimeType: 'audio/wav' };
const link = { type: 'resource_link', uri: 'a://b', name: 'b', description: 'a thing' };
const picture = { type: 'image', data: 'AAAA', mimeType: 'image/png' };

function result(method: string, json: object, revision: string): Record<string, unknown> {
  return JSON.parse(downgradedResult(method, ObjectText.of(JSON.stringify(json)), revision).toString());
}

function question(params: object, revision: string, method = 'elicitation/create'): object | string {
  const asked = downgradedQuestion(method, ObjectText.of(JSON.stringify(params)), revision);
  return typeof asked === 'string' ? asked : JSON.parse(asked.toString());
}

test('content that came later becomes words, and what is known stays', () => {
  const types = (revision: string): unknown[] =>
    (result('tools/call', { content: [audio, link, picture] }, revision)['content'] as { type: string }[]).map(
      ({ type }) => type,
    );
  assert.deepEqual(types('2024-11-05'), ['text', 'text', 'image']);
  assert.deepEqual(types('2025-03-26'), ['audio', 'text', 'image']);
  assert.deepEqual(types('2025-06-18'), ['audio', 'resource_link', 'image']);
  const prompt = result('prompts/get', { messages: [{ role: 'user', content: link }] }, '2025-03-26');
  assert.match(JSON.stringify(prompt), /\[a resource: b, a:\/\/b, a thing\]/);
});

test('a result that needs no change keeps its text', () => {
  const text = '{"content":[{"type":"text","text":"audio"}],"n":1.50}';
  for (const revision of legacyRevisions) {
    assert.equal(downgradedResult('tools/call', ObjectText.of(text), revision).toString(), text);
  }
});

test('structure goes where it is not known, and becomes an object where it has to be one', () => {
  const structured = { content: [], structuredContent: [1, 2] };
  const old = result('tools/call', structured, '2025-03-26');
  assert.deepEqual(old, { content: [{ type: 'text', text: '[1,2]' }] });
  assert.deepEqual(result('tools/call', structured, '2025-11-25')['structuredContent'], { value: [1, 2] });
  const object = { content: [], structuredContent: { a: 1 } };
  assert.deepEqual(result('tools/call', object, '2025-06-18'), object);
  const tools = [
    { name: 'a', outputSchema: { type: 'array' } },
    { name: 'b', outputSchema: { type: 'object' } },
    { name: 'c', outputSchema: { anyOf: [{ $ref: '#/$defs/x' }] } },
    { name: 'd' },
  ];
  assert.deepEqual(result('tools/list', { tools }, '2025-11-25')['tools'], [
    { name: 'a', outputSchema: { type: 'object', properties: { value: { type: 'array' } }, required: ['value'] } },
    tools[1],
    { name: 'c' },
    { name: 'd' },
  ]);
  assert.equal(JSON.stringify(result('tools/list', { tools }, '2025-03-26')).includes('outputSchema'), false);
});

test('a question is put in words that the client knows, or not at all', () => {
  const form = (properties: object): object => ({ message: 'm', requestedSchema: { type: 'object', properties } });
  const titled = form({ c: { type: 'string', oneOf: [{ const: 'a', title: 'A' }, { const: 'b' }] } });
  assert.equal(typeof question(titled, '2025-03-26'), 'string');
  assert.deepEqual(
    question(titled, '2025-06-18'),
    form({ c: { type: 'string', enum: ['a', 'b'], enumNames: ['A', 'b'] } }),
  );
  assert.deepEqual(question(titled, '2025-11-25'), titled);
  assert.match(String(question(form({ c: { type: 'array' } }), '2025-06-18')), /several/);
  assert.match(String(question({ mode: 'url', url: 'https://x' }, '2025-06-18')), /web page/);
  const sampling = { messages: [{ role: 'user', content: [{ type: 'text', text: 'a' }, picture] }] };
  assert.deepEqual(question(sampling, '2025-06-18', 'sampling/createMessage'), {
    messages: [
      { role: 'user', content: { type: 'text', text: 'a' } },
      { role: 'user', content: picture },
    ],
  });
});
