// How well tools are found: over the catalogues of many public servers, with questions that were written before the ranking
// was first run over them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { searchTools, ToolIndex } from './tool-index.ts';

interface Catalogued {
  readonly server: string;
  readonly tools: { name: string; description: string }[];
}

function linesOf(file: string): string[] {
  const text = readFileSync(new URL(`evaluation/${file}`, import.meta.url), 'utf8');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('# '));
}

function catalogueOf(lines: readonly string[]): Catalogued[] {
  const servers: Catalogued[] = [];
  for (const line of lines) {
    if (line.startsWith('## ')) servers.push({ server: line.slice(3), tools: [] });
    else {
      const end = line.indexOf(': ');
      servers.at(-1)?.tools.push({ name: line.slice(0, end), description: line.slice(end + 2) });
    }
  }
  return servers;
}

const catalogue = catalogueOf(linesOf('catalogue.txt'));
const indexes = catalogue.map(({ server, tools }) => new ToolIndex(server, tools));
const questions = linesOf('queries.txt').map((line) => {
  const [question = '', answers = ''] = line.split(' => ');
  return { question, answers: answers.split(', ') };
});

function foundFor(question: string, most: number): string[] {
  return searchTools(indexes, question, most).map(({ index, tool }) => {
    const { server, tools } = catalogue[index] ?? { server: '', tools: [] };
    return `${server}/${tools[tool]?.name}`;
  });
}

/** The share of the questions for which a right tool is among the first `most`, in tenths of a percent. */
function hits(most: number): number {
  const right = questions.filter(({ question, answers }) =>
    foundFor(question, most).some((each) => answers.includes(each)),
  );
  return Math.round((right.length / questions.length) * 1000) / 10;
}

test('every answer of the published questions is a tool of the catalogue', () => {
  const all = new Set(catalogue.flatMap(({ server, tools }) => tools.map(({ name }) => `${server}/${name}`)));
  for (const { question, answers } of questions)
    for (const answer of answers) assert.ok(all.has(answer), `${question}: ${answer}`);
});

test('the right tool is among the first five', (t) => {
  t.diagnostic(`${questions.length} questions, ${indexes.reduce((sum, { size }) => sum + size, 0)} tools`);
  for (const most of [1, 3, 5, 10]) t.diagnostic(`among the first ${most}: ${hits(most)} %`);
  assert.ok(hits(5) >= 90);
});
