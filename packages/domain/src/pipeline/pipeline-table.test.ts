// The table of stages as ARCHITECTURE.md shows it. `UPDATE=1 node --test` writes it there; otherwise a difference fails.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Stage } from './stage.ts';
import { stages } from './stages.ts';

const page = fileURLToPath(new URL('../../../../ARCHITECTURE.md', import.meta.url));
const begin = '<!-- pipeline:begin -->\n';
const end = '<!-- pipeline:end -->';

test('ARCHITECTURE.md shows the table of stages as it is', () => {
  const text = readFileSync(page, 'utf8');
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  assert.ok(from >= 0 && to > from, 'the markers of the pipeline are missing');
  const shown = text.slice(from + begin.length, to);
  if (process.env['UPDATE'] === '1') {
    writeFileSync(page, `${text.slice(0, from + begin.length)}${table()}${text.slice(to)}`);
    return;
  }
  assert.equal(shown, table(), 'run this test with UPDATE=1 to write the table anew');
});

test('every stage judges something, somewhere, under a name of its own', () => {
  for (const stage of stages) {
    assert.ok(stage.call !== undefined || stage.result !== undefined, stage.name);
    assert.ok(stage.layers.length > 0, stage.name);
  }
  assert.equal(new Set(stages.map((stage) => stage.name)).size, stages.length);
});

function table(): string {
  const rows = stages.map(
    (stage) =>
      `| ${stage.name} | ${stage.decides} | ${yes(stage, 'hub')} | ${yes(stage, 'workstation')} | ${asked(stage)} |\n`,
  );
  return `| stage | decides | hub | workstation | on |\n|---|---|---|---|---|\n${rows.join('')}`;
}

function yes(stage: Stage, layer: 'hub' | 'workstation'): string {
  return stage.layers.includes(layer) ? 'yes' : 'no';
}

function asked(stage: Stage): string {
  return [stage.call && 'call', stage.result && 'result'].filter(Boolean).join(', ');
}
