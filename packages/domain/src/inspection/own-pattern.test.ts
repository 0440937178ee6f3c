import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { compileInspector } from './inspect.ts';
import { compileOwnPattern, fixedPartOf } from './own-pattern.ts';

const found = (pattern: string, text: string) => {
  const own = [compileOwnPattern({ name: 'x', pattern })];
  const raw = Buffer.from(JSON.stringify({ text }));
  return compileInspector([], undefined, own)
    .inspect(raw)
    .map(({ detector, start, end, confidence, pointer }) => ({
      detector,
      pointer,
      confidence,
      text: raw.toString('utf8', start, end),
    }));
};

test('an own pattern is found at its place, behind escapes and in base64 too', () => {
  const expected = { detector: 'own:x', pointer: '/text', confidence: 0.9, text: 'INV-004711' };
  assert.deepEqual(found('INV-\\d{6}', 'pay INV-004711, überfällig'), [expected]);
  assert.deepEqual(found('(?i)inv-\\d{6}', 'pay INV-004711'), [expected]);
  const escaped = Buffer.from('{"text":"I\\u004eV-004711"}');
  assert.equal(
    compileInspector([], undefined, [compileOwnPattern({ name: 'x', pattern: 'INV-\\d{6}' })]).inspect(escaped).length,
    1,
  );
  assert.equal(found('INV-\\d{6}', Buffer.from('the invoice is INV-004711').toString('base64')).length, 1);
  assert.deepEqual(found('INV-\\d{6}', 'INV-47 and INV-'), []);
});

test('the fixed part of a pattern is in all that it matches', () => {
  for (const [pattern, fixed] of [
    ['INV-\\d{6}', 'INV-'],
    ['(?i)project (falcon|eagle)s?', 'project '],
    ['ab?cdef', 'cdef'],
    ['abc*def+g', 'def'],
    ['a{3}bcd', 'bcd'],
    ['\\d+\\.example\\.com', '.example.com'],
    ['[abc]def[^]x]ghi', 'def'],
    ['one|two', null],
    ['[A-Z]{3}\\d{6}', null],
    ['ab', null],
  ] as const)
    assert.equal(fixedPartOf(pattern), fixed, pattern);
  const piece = fc.constantFrom('abc', 'de', 'f?', 'g*', 'h+', '(ij|k)', '[lm]', '\\.', '\\d', '{2}', '.', '(n(o)p)?');
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 6 }),
      fc.string({ unit: fc.constantFrom(...'abcdefghijklmnop.12'), maxLength: 30 }),
      (pieces, text) => {
        let matcher: ReturnType<RE2JS['matcher']>;
        try {
          matcher = RE2JS.compile(pieces.join('')).matcher(text);
        } catch {
          return;
        }
        const fixed = fixedPartOf(pieces.join(''));
        if (fixed !== null && matcher.find()) assert.ok(matcher.group()?.includes(fixed), `${pieces.join('')} ${text}`);
      },
    ),
    { numRuns: 2_000 },
  );
});

test('a pattern that could run away runs through a long hostile text once', () => {
  const text = 'x'.repeat(400_000);
  assert.equal(found('(x+x+)+y', text)[0]?.confidence, 0.3);
  const many = found('aaa(a|aa)*b', 'aaa'.repeat(100_000));
  assert.ok(many.every(({ confidence }) => confidence === 0.3));
});

test('names and patterns that cannot be are refused in words', () => {
  const wrong = (name: string, pattern: string) => () => compileOwnPattern({ name, pattern });
  assert.throws(wrong('Rechnung', 'x+'), /no name of a pattern/);
  assert.throws(wrong('x', 'x*'), /matches an empty text/);
  assert.throws(wrong('x', '(?=x)y'), /not one that RE2 knows/);
  assert.throws(wrong('x', 'grün'), /plain ASCII/);
  assert.throws(wrong('x', '('.repeat(2_000)), /characters/);
});
