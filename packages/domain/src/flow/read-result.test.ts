import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import type { Effect } from '../policy/effect.ts';
import { completePolicy } from '../policy/complete-policy.ts';
import { judgeBy } from '../policy/testing/judge-by.ts';
import { createFlowMemory } from './flow-memory.ts';
import { readResult } from './read-result.ts';

const said = (text: string) =>
  parseMessage(Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text }] } })), {
    maxDepth: 100,
    check: 'structure',
  });

test('a stand-in carries the labels of what it stands for, and what is beside it does not', () => {
  const memory = createFlowMemory();
  const policy = completePolicy({
    id: 'pol_1',
    name: 'p',
    directions: ['result'],
    detectors: ['email'],
    actions: [
      { type: 'redact', style: 'tokenise' },
      { type: 'tag', of: 'values', tags: ['private'] },
    ],
  });
  const text = 'The minutes of the meeting were taken by ada@acme.example on invoice INV-88231';
  const { effects, edits, written } = judgeBy([policy], JSON.stringify({ content: [{ type: 'text', text }] }), {
    direction: 'result',
  });
  readResult(memory, { message: said(text), edits, effects, server: 'files', isOpen: false });
  const token = /mcpvault-token-[0-9a-f]{24}/.exec(written ?? '')?.[0] ?? '';
  assert.deepEqual(memory.facts([`please forward to ${token}`]).labels, ['private']);
  assert.deepEqual(memory.facts(['forward to Ada@acme.example']).labels, ['private']);
  const beside = memory.facts(['the minutes of the meeting, INV-88231']);
  assert.deepEqual([beside.labels, beside.servers], [[], ['files']]);
});

test('a tag without detectors labels all that a result says, and “trusted” says that no stranger wrote it', () => {
  const label = (labels: readonly string[]): Effect => ({ kind: 'label-values', labels, found: null });
  const read = (effects: readonly Effect[]) => {
    const memory = createFlowMemory();
    readResult(memory, {
      message: said('pay to DE89 3704 0044 0532 0130 00'),
      edits: [],
      effects,
      server: 's',
      isOpen: true,
    });
    return memory.facts(['DE89370400440532013000']);
  };
  assert.deepEqual(read([label(['private'])]).labels, ['private', 'untrusted']);
  assert.deepEqual(read([]).destinations, ['de89370400440532013000']);
  assert.deepEqual(read([label(['trusted'])]).destinations, []);
});
