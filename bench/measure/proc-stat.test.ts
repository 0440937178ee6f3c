import assert from 'node:assert/strict';
import test from 'node:test';
import { parseProportionalSize, parseResidentSize, parseStat } from './proc-stat.ts';

test('a process is read whatever its name holds', () => {
  const numbers = Array.from({ length: 50 }, (_, at) => at);
  const text = `4711 (a name) with) brackets) S ${numbers.slice(4).join(' ')}`;
  assert.deepEqual(parseStat(text), { parent: 4, started: 22, cpu: (14 + 15) * 10 });
});

test('memory is read in kibibytes', () => {
  assert.equal(parseProportionalSize('Rss:    900 kB\nPss:    312 kB\nPss_Anon: 1 kB\n'), 312);
  assert.equal(parseResidentSize('Name:\tnode\nVmHWM:\t  950 kB\nVmRSS:\t  900 kB\n'), 900);
  assert.equal(parseResidentSize('Name:\tgone\n'), 0);
});
