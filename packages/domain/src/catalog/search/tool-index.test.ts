import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { searchTools, ToolIndex, type ToolText } from './tool-index.ts';
import { stemOf, wordsOf } from './words.ts';

function found(question: string, tools: readonly ToolText[]): string[] {
  return searchTools([new ToolIndex('srv', tools)], question, 10).map(({ tool }) => tools[tool]?.name ?? '');
}

test('words are cut at every change of letters, without endings and without those that every sentence has', () => {
  assert.deepEqual(wordsOf('searchJiraIssuesUsingJql'), ['search', 'jira', 'issu', 'jql']);
  assert.deepEqual(wordsOf('Please show me the files in my HTTPServer'), ['show', 'fil', 'http', 'server']);
  assert.equal(stemOf('issues'), stemOf('issue'));
  assert.equal(stemOf('queries'), stemOf('query'));
  assert.equal(stemOf('running'), stemOf('run'));
  assert.equal(stemOf('status'), 'status');
});

test('a word in the name counts for more than one in the description, and that for more than a parameter', () => {
  const tools = [
    { name: 'one', inputSchema: { type: 'object', properties: { invoice: { description: 'x' } } } },
    { name: 'two', description: 'Handles an invoice.' },
    { name: 'send_invoice', description: 'x' },
    { name: 'none', description: 'x' },
  ];
  assert.deepEqual(found('invoice', tools), ['send_invoice', 'two', 'one']);
});

test('other words for the same thing, and words that are spelled nearly right, are understood', () => {
  const tools = [{ name: 'delete_repository' }, { name: 'get_forecast' }, { name: 'list_channels' }];
  assert.deepEqual(found('remove repo', tools), ['delete_repository']);
  assert.deepEqual(found('weather', tools), ['get_forecast']);
  assert.deepEqual(found('repositroy', tools), ['delete_repository']);
});

test('what answers all of a question stands before what answers a part', () => {
  const tools = [{ name: 'create_issue' }, { name: 'create_comment' }, { name: 'list_comments' }];
  assert.equal(found('create a comment', tools)[0], 'create_comment');
});

test('a question that no tool answers finds none', () => {
  assert.deepEqual(found('', [{ name: 'a' }]), []);
  assert.deepEqual(found('zzzzzz', [{ name: 'a' }]), []);
  assert.deepEqual(searchTools([], 'anything', 5), []);
});

test('whatever a server writes about its tools, and whatever is asked, gives at most so many tools, best first', () => {
  const tool = fc.record({
    name: fc.string(),
    title: fc.anything(),
    description: fc.anything(),
    inputSchema: fc.anything(),
  });
  fc.assert(
    fc.property(
      fc.array(tool, { maxLength: 12 }),
      fc.string(),
      fc.integer({ min: 1, max: 5 }),
      (tools, question, most) => {
        const result = searchTools([new ToolIndex('a', tools), new ToolIndex('b', tools)], question, most);
        assert.ok(result.length <= most);
        for (const [at, { score }] of result.entries())
          assert.ok(score > 0 && score <= (result[at - 1]?.score ?? score));
      },
    ),
  );
});
