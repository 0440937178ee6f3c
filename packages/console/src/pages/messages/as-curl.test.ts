import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { asCurl } from './as-curl.ts';

test('a shell hands the request on exactly as it was recorded', () => {
  const text = fc.string({ unit: 'grapheme' }).filter((one) => !one.includes('\0'));
  fc.assert(
    fc.property(text, (said) => {
      const body = JSON.stringify({ said, quote: "it's $HOME `x`" });
      const script = `curl() { for a in "$@"; do printf '%s\\0' "$a"; done; }\n${asCurl('http://h/mcp/a', body, '2025-11-25')}`;
      const seen = execFileSync('sh', ['-c', script], { env: { MCPVAULT_TOKEN: 'mcpv_x' } })
        .toString()
        .split('\0');
      assert.equal(seen[0], 'http://h/mcp/a');
      assert.ok(seen.includes('Authorization: Bearer mcpv_x'));
      assert.equal(seen[seen.indexOf('--data-binary') + 1], body);
    }),
    { numRuns: 20 },
  );
});
