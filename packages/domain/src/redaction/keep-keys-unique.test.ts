import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apply } from './apply.ts';
import type { Edit } from './edit.ts';
import { keepKeysUnique } from './keep-keys-unique.ts';

/** Replaces each occurrence of `what` by `by`, in keys and elsewhere. */
function replacing(json: string, what: RegExp, by: string): string {
  const edits: Edit[] = [...json.matchAll(what)].map((match) => ({
    start: Buffer.byteLength(json.slice(0, match.index)),
    end: Buffer.byteLength(json.slice(0, match.index + match[0].length)),
    replacement: by,
    layer: 'hub',
    policy: null,
    reason: 'a test',
    detector: null,
  }));
  const raw = Buffer.from(json);
  return apply(raw, keepKeysUnique(raw, edits)).toString();
}

test('keys that become equal get numbers', () => {
  assert.equal(replacing('{"a1":1,"a2":2,"a3":3}', /a\d/g, 'x'), '{"x":1,"x-2":2,"x-3":3}');
});

test('a name that is there already is stepped over, however it is spelled', () => {
  assert.equal(replacing('{"x":0,"a1":1,"\\u0078-2":2}', /a\d/g, 'x'), '{"x":0,"x-3":1,"\\u0078-2":2}');
});

test('objects do not disturb each other, and values stay as they are', () => {
  assert.equal(replacing('{"a1":{"a1":"a1"},"b":[{"a2":"a2"}]}', /a\d/g, 'x'), '{"x":{"x":"x"},"b":[{"x":"x"}]}');
});

test('the number goes behind the replacement, inside a longer key too', () => {
  assert.equal(replacing('{"é a1 b":1,"é a2 b":2}', /a\d/g, 'x'), '{"é x b":1,"é x-2 b":2}');
});

test('keys that were equal before stay equal', () => {
  assert.equal(replacing('{"a1":1,"a2":2,"a2":3}', /a\d/g, 'x'), '{"x":1,"x-2":2,"x-2":3}');
});

test('edits that need no number are handed back as they are', () => {
  const edits: Edit[] = [];
  assert.equal(keepKeysUnique(Buffer.from('{}'), edits), edits);
});
