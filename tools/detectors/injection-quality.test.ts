// What the console shows of how well injections are found is what docs/detection.md publishes, which `npm run detection`
// writes from its measurement. `UPDATE=1` carries it over.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type MeasuredTable, measuredTables } from '@mcpvault/domain/inspection/measured-tables';

const fileAt = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const source = fileAt('../../packages/domain/src/inspection/measured-tables.ts');
const [begin, end] = ['<!-- figures:begin -->', '<!-- figures:end -->'];

function published(): readonly MeasuredTable[] {
  const page = readFileSync(fileAt('../../docs/detection.md'), 'utf8');
  const figures = page.split(begin)[1]?.split(end)[0] ?? '';
  return figures
    .split(/^### /m)
    .slice(1)
    .map((section) => {
      const cells = section
        .split('\n')
        .filter((line) => line.startsWith('|'))
        .map((line) =>
          line
            .split('|')
            .slice(1, -1)
            .map((cell) => cell.trim().replaceAll('`', '')),
        );
      const [head = [], , ...rows] = cells;
      return { title: section.split('\n')[0]?.trim() ?? '', head, rows };
    });
}

function sourceOf(tables: readonly MeasuredTable[]): string {
  const text = (value: string) => `'${value.replaceAll("'", String.raw`\'`)}'`;
  const line = (cells: readonly string[]) => `[${cells.map(text).join(', ')}]`;
  const shown = tables.map(
    ({ title, head, rows }) =>
      `    {\n      title: ${text(title)},\n      head: ${line(head)},\n      rows: [\n${rows.map((row) => `        ${line(row)},\n`).join('')}      ],\n    },\n`,
  );
  return `// Written by tools/detectors/injection-quality.test.ts with UPDATE=1, from docs/detection.md.

/** Figures as they are published, ready to be shown. */
export interface MeasuredTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** By detector, for those that are measured on texts that others labelled. */
export const measuredTables: Readonly<Record<string, readonly MeasuredTable[]>> = {
  injection: [
${shown.join('')}  ],
};
`;
}

test('the figures of the injection detector that the console shows are the published ones', () => {
  const tables = published();
  if (process.env['UPDATE'] === '1') {
    writeFileSync(source, sourceOf(tables));
    return;
  }
  assert.equal(tables.length, 3);
  assert.deepEqual(measuredTables['injection'], tables, 'run this file with UPDATE=1');
});
