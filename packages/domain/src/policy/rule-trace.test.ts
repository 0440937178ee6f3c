import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRuleTrace, type RuleTrace, writeRuleTrace } from './rule-trace.ts';

test('a line of the trace reads back as it was written', () => {
  const rule = { policy: 'pol_01abc', version: 12 } as const;
  const table: readonly (readonly [string, RuleTrace])[] = [
    ['pol_01abc@12+refuse,alert', { ...rule, said: 'matched', actions: ['refuse', 'alert'], shadow: false }],
    ['pol_01abc@12+redact~', { ...rule, said: 'matched', actions: ['redact'], shadow: true }],
    ['pol_01abc@12-0', { ...rule, said: 'missed', part: 0 }],
    ['pol_01abc@12-f', { ...rule, said: 'missed', part: null }],
    ['pol_01abc@12!absent', { ...rule, said: 'failed', why: 'absent', actions: [], shadow: false }],
    ['pol_01abc@12!too_costly+hold~', { ...rule, said: 'failed', why: 'too_costly', actions: ['hold'], shadow: true }],
  ];
  for (const [text, trace] of table) {
    assert.equal(writeRuleTrace(trace), text);
    assert.deepEqual(readRuleTrace(text), trace);
  }
});

test('what is no line of a trace is null', () => {
  for (const text of ['', 'pol_1', 'pol_1@x+a', 'srv_1@1+a', 'pol_1@1-', 'pol_1@1+a b'])
    assert.equal(readRuleTrace(text), null);
});
