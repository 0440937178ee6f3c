import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import fc from 'fast-check';
import { apply } from '../redaction/apply.ts';
import { combineEdits } from '../redaction/combine-edits.ts';
import type { Edit } from '../redaction/edit.ts';
import { renamed } from './rename.ts';

function called(name: string) {
  const raw = Buffer.from(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":${name}}}`);
  const message = parseMessage(raw, { maxDepth: 9, check: 'strict' });
  const span = message.marks.target;
  assert.ok(span);
  return { message, span };
}

function nameIn(message: Buffer): unknown {
  return (JSON.parse(message.toString()) as { params: { name: unknown } }).params.name;
}

/** The same text with every character escaped that `which` names by its place. */
function escaped(text: string, which: readonly number[]): string {
  const unit = (code: string): string => `\\u${code.charCodeAt(0).toString(16).padStart(4, '0')}`;
  const plain = [...text].map((character, at) =>
    which.includes(at) ? character.split('').map(unit).join('') : JSON.stringify(character).slice(1, -1),
  );
  return `"${plain.join('')}"`;
}

test('a prefix, or a part in the middle, is cut out however the client spelled the string, and the rest keeps its bytes', () => {
  const part = fc.string({ unit: 'grapheme', maxLength: 8 });
  const places = fc.array(fc.nat(30), { maxLength: 8 });
  fc.assert(
    fc.property(part, fc.stringMatching(/^[a-z]{1,6}__$/), part, places, (before, cut, after, which) => {
      const { message, span } = called(escaped(`${before}${cut}${after}`, which));
      const edit = renamed(message, span, `${before}${after}`, 'a test');
      assert.equal(edit.replacement, '');
      assert.equal(nameIn(apply(message.raw, [edit])), `${before}${after}`);
    }),
    { numRuns: 500 },
  );
});

test('a part is put in however the string is spelled, and the rest keeps its bytes', () => {
  const part = fc.string({ unit: 'grapheme', maxLength: 8 });
  const places = fc.array(fc.nat(30), { maxLength: 8 });
  fc.assert(
    fc.property(part, fc.stringMatching(/^[a-z]{1,6}\.mcpvault\/$/), part, places, (before, put, after, which) => {
      const { message, span } = called(escaped(`${before}${after}`, which));
      const edit = renamed(message, span, `${before}${put}${after}`, 'a test');
      assert.equal(edit.start, edit.end);
      assert.equal(nameIn(apply(message.raw, [edit])), `${before}${put}${after}`);
    }),
    { numRuns: 500 },
  );
});

test('a name that is no part of the other replaces the whole string', () => {
  const { message, span } = called('"s__long_12345678"');
  const edit = renamed(message, span, 'a "long" name', 'a test');
  assert.equal(nameIn(apply(message.raw, [edit])), 'a "long" name');
});

test('a redaction inside the name outlives the renaming, also where the name is spelled with escapes', () => {
  for (const name of ['"files__SECRET_x"', '"files__\\u0053ECRET_x"', '"f\\u0069les__SECRET_x"']) {
    const { message, span } = called(name);
    const from = message.text.search(/(S|\\u0053)ECRET/);
    const redaction: Edit = {
      start: from,
      end: message.text.indexOf('_x"', from),
      replacement: '[key]',
      layer: 'hub',
      policy: 'pol_1',
      reason: 'a secret',
      detector: 'secrets',
    };
    const edits = combineEdits([renamed(message, span, 'SECRET_x', 'a test'), redaction]);
    assert.equal(nameIn(apply(message.raw, edits)), '[key]_x');
  }
});

test('a redaction over prefix and name leaves neither', () => {
  const { message, span } = called('"files__SECRET"');
  const edit: Edit = {
    start: span.start + 3,
    end: span.end - 1,
    replacement: '[key]',
    layer: 'hub',
    policy: 'pol_1',
    reason: 'a secret',
    detector: 'secrets',
  };
  const edits = combineEdits([renamed(message, span, 'SECRET', 'a test'), edit]);
  assert.doesNotMatch(apply(message.raw, edits).toString(), /SECRET/);
  assert.equal(typeof nameIn(apply(message.raw, edits)), 'string');
});
