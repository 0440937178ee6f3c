import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type LinkEvent, linkEvents, type LinkState, linkStates, linkTable } from './link-states.ts';

test('the table of links in SPEC.md is the one of the code', () => {
  const spec = readFileSync(new URL('../../SPEC.md', import.meta.url), 'utf8');
  const shown = /<!-- links:begin -->\n([\s\S]*)<!-- links:end -->/.exec(spec)?.[1];
  const events = Object.keys(linkEvents) as LinkEvent[];
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`.replace('|  |', '| |');
  const lines = (Object.keys(linkStates) as LinkState[]).map((state) =>
    row([state, ...events.map((event) => linkTable[state][event].replace('refused', '–'))]),
  );
  const expected = [row(['', ...events]), `|${'---|'.repeat(events.length + 1)}`, ...lines, ''].join('\n');
  assert.equal(shown, expected);
});
