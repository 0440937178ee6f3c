import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { eachLine } from './lines-of.ts';
import { readQuestion } from './question.ts';

async function linesOf(...chunks: string[]): Promise<(string | undefined)[]> {
  const found: (string | undefined)[] = [];
  for await (const lines of eachLine(Readable.from(chunks.map((chunk) => Buffer.from(chunk)))))
    for (const { line, number } of lines) found[number - 1] = line?.toString();
  return found;
}

test('lines are whole wherever the chunks were cut, and the last needs no line feed', async () => {
  assert.deepEqual(await linesOf('a\nb', 'c\n', '\n', 'd'), ['a', 'bc', '', 'd']);
  assert.deepEqual(await linesOf(), []);
  assert.deepEqual(await linesOf('a\n'), ['a']);
});

test('a question has a text, and may have an id and a channel', () => {
  const read = (value: unknown) => readQuestion(Buffer.from(JSON.stringify(value)), 7);
  assert.deepEqual(read({ id: 'x', text: 't', channel: 'result' }), { id: 'x', text: 't', channel: 'result' });
  assert.deepEqual(read({ text: 't' }), { id: 7, text: 't', channel: 'prompt' });
  assert.deepEqual(read({ text: 't', channel: 'tool_result' }), { id: 7, text: 't', channel: 'result' });
});

test('what is wrong with a line is said without repeating any of it', () => {
  for (const line of [
    '{"text": "s3cret',
    '[]',
    '"s3cret"',
    '{"text": 5, "id": "s3cret"}',
    '{"text": "s3cret", "channel": "s3cret"}',
  ]) {
    const found = readQuestion(Buffer.from(line), 1);
    assert.ok(found !== null && 'problem' in found);
    assert.doesNotMatch(found.problem, /s3cret/);
  }
  assert.equal(readQuestion(Buffer.from('  '), 1), null);
});
