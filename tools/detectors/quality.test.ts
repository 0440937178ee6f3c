// The published quality of detectors is what they measure now. `UPDATE=1` writes it anew.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { detectorCatalog } from '@mcpvault/domain/inspection/detector-catalog';
import { measureDetectors, type Quality } from './measure.ts';

const fileAt = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const source = fileAt('../../packages/domain/src/inspection/measured-quality.ts');
const page = fileAt('../../docs/detectors.md');
const [begin, end] = ['<!-- quality:begin -->', '<!-- quality:end -->'];

function sourceOf(measured: readonly Quality[]): string {
  const entries = measured.map(
    ({ detector, texts, found, lookAlikes, taken }) =>
      `  ${/^[a-z]+$/.test(detector) ? detector : `'${detector}'`}: { texts: ${texts}, found: ${found}, lookAlikes: ${lookAlikes}, taken: ${taken} },\n`,
  );
  return `// Written by tools/detectors/quality.test.ts with UPDATE=1.

/** How well a detector did on made-up texts, and on texts that only look like what it is for. */
export interface MeasuredQuality {
  readonly texts: number;
  /** In how many of them it was found, and nothing around it. */
  readonly found: number;
  readonly lookAlikes: number;
  /** In how many of those something was seen all the same. */
  readonly taken: number;
}

export const measuredQuality: Readonly<Record<string, MeasuredQuality>> = {
${entries.join('')}};
`;
}

function tableOf(measured: readonly Quality[]): string {
  const percent = (part: number, whole: number): string =>
    `${((100 * part) / whole).toFixed(part > 0 && part / whole < 0.01 ? 2 : 1)} %`;
  const title = (id: string): string => detectorCatalog.find((one) => one.id === id)?.title ?? id;
  return [
    '| detector | finds | found of made-up texts | seen in look-alikes |',
    '| --- | --- | ---: | ---: |',
    ...measured.map(
      ({ detector, texts, found, lookAlikes, taken }) =>
        `| \`${detector}\` | ${title(detector)} | ${percent(found, texts)} | ${percent(taken, lookAlikes)} |`,
    ),
  ].join('\n');
}

test('the published quality of detectors is the measured one', () => {
  const measured = measureDetectors();
  const text = readFileSync(page, 'utf8');
  const written = `${text.split(begin)[0]}${begin}\n\n${tableOf(measured)}\n\n${end}${text.split(end)[1]}`;
  if (process.env['UPDATE'] === '1') {
    writeFileSync(source, sourceOf(measured));
    writeFileSync(page, written);
    return;
  }
  assert.equal(readFileSync(source, 'utf8'), sourceOf(measured), 'run this file with UPDATE=1');
  assert.equal(text, written, 'run this file with UPDATE=1');
});

test('nearly all of what was made up is found, and nearly nothing else', () => {
  for (const { detector, texts, found, lookAlikes, taken } of measureDetectors()) {
    assert.ok(found / texts > 0.95, `${detector} finds ${found} of ${texts}`);
    assert.ok(taken / lookAlikes < 0.005, `${detector} sees ${taken} in ${lookAlikes}`);
  }
});
