import assert from 'node:assert/strict';
import test from 'node:test';
import { mostOpenFiles, parseMostOpenFiles } from './open-files.ts';

test('the hard limit counts', () => {
  const line = (hard: string) =>
    `Max processes   100   100   processes\nMax open files            1024                 ${hard}  files\n`;
  assert.equal(parseMostOpenFiles(line('20000')), 20_000);
  assert.equal(parseMostOpenFiles(line('unlimited')), Number.POSITIVE_INFINITY);
  assert.equal(parseMostOpenFiles(''), 1024);
});

test('this process may open some files', { skip: process.platform !== 'linux' }, () => {
  assert.ok(mostOpenFiles() >= 64);
});
