import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shellWords } from '@mcpvault/contract/client-config';
import fc from 'fast-check';
import { joinCommand } from './command-line.ts';

test('words survive being written as a line and read again', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (words) => {
      assert.deepEqual(shellWords(joinCommand(words)), { words });
    }),
  );
});

test('plain words are written plainly', () => {
  assert.equal(
    joinCommand(['npx', '-y', '@scope/pkg@1.2', 'a b', "it's", '']),
    String.raw`npx -y @scope/pkg@1.2 'a b' 'it'\''s' ''`,
  );
});
