import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { PolicyId } from '../ids.ts';
import { compileInspector } from '../inspection/inspect.ts';
import { completePolicy } from '../policy/complete-policy.ts';
import type { Policy } from '../policy/policy.ts';
import { judgeBy } from '../policy/testing/judge-by.ts';
import { randomMessage } from './testing/random-message.ts';

function redacting(style: 'label' | 'mask'): Policy {
  return completePolicy({
    id: 'pol_everything' satisfies PolicyId,
    name: 'Everything',
    reason: 'None of this may leave.',
    detectors: ['secrets', 'cards', 'email', 'personal'],
    directions: ['call'],
    actions: [{ type: 'redact', style }],
  });
}

/** The arguments of a call that holds this JSON, before and after. */
function redact(policy: Policy, json: string) {
  const judged = judgeBy([policy], `{"value":${json}}`);
  const delivered = judged.delivered();
  assert.ok(delivered !== null && judged.written !== null);
  return { findings: judged.findings, edits: judged.edits, delivered, value: valueIn(judged.written) };
}

function valueIn(written: string): unknown {
  return (JSON.parse(written) as { value: unknown }).value;
}

/** Every string of a JSON value, keys included, and those of the JSON that strings hold. */
function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value, ...(holdsJson(value) ? strings(JSON.parse(value)) : [])];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [...strings(key), ...strings(member)]);
}

function holdsJson(text: string): boolean {
  if (!/^[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The value with every string and number made equal, except that JSON in a string stays JSON; keys may change. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shape);
  if (typeof value === 'object' && value !== null) return { members: Object.values(value).map(shape) };
  if (typeof value === 'string' && holdsJson(value)) return { json: shape(JSON.parse(value)) };
  return typeof value === 'string' || typeof value === 'number' ? 'text' : value;
}

for (const style of ['label', 'mask'] as const) {
  const policy = redacting(style);

  test(`what was planted is gone, and the message keeps its shape (${style})`, () => {
    fc.assert(
      fc.property(randomMessage, ({ json, planted }) => {
        const { delivered, value } = redact(policy, json);
        assert.deepEqual(shape(value), shape(JSON.parse(json)));
        const left = [...strings(value), delivered.toString()];
        for (const secret of planted) assert.ok(!left.some((text) => text.includes(secret)), 'a secret was left');
      }),
      { numRuns: 300 },
    );
  });

  test(`bytes outside the edits are untouched (${style})`, () => {
    fc.assert(
      fc.property(randomMessage, ({ json }) => {
        const { edits, delivered } = redact(policy, json);
        const raw = judgeBy([], `{"value":${json}}`).delivered() ?? Buffer.alloc(0);
        let from = 0;
        let at = 0;
        for (const { start, end, replacement } of edits) {
          const kept = raw.subarray(from, start);
          assert.deepEqual(delivered.subarray(at, at + kept.length), kept);
          at += kept.length + Buffer.byteLength(replacement);
          from = end;
        }
        assert.deepEqual(delivered.subarray(at), raw.subarray(from));
      }),
      { numRuns: 300 },
    );
  });

  test(`nothing is found in what was redacted (${style})`, () => {
    fc.assert(
      fc.property(randomMessage, ({ json }) => {
        const { delivered } = redact(policy, json);
        assert.deepEqual(compileInspector(policy.detectors).inspect(delivered), []);
      }),
      { numRuns: 300 },
    );
  });
}

test('findings and edits never contain what was found', () => {
  const policy = redacting('label');
  fc.assert(
    fc.property(randomMessage, ({ json, planted }) => {
      const { findings, edits } = redact(policy, json);
      const told = JSON.stringify([findings, edits]);
      for (const secret of planted) assert.ok(!told.includes(JSON.stringify(secret).slice(1, -1)));
    }),
    { numRuns: 300 },
  );
});
