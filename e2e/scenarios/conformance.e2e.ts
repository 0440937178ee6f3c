// The official conformance suite, server leg, through the real hub: a server behind its own endpoint answers as it does
// directly, whatever carries it and in both eras; and a server that speaks one era only serves clients of the other. What
// the suite does not score is reported, not judged.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { type AuthShim, startAuthShim } from '../actors/auth-shim.ts';
import { type ConformanceReport, explainFailures, runConformance } from '../actors/conformance-runner.ts';
import type { Requirements } from '../actors/conformance-scenarios.ts';
import { type ConformanceServer, type Era, startConformanceServer } from '../actors/conformance-server.ts';
import { type DuplexServer, startDuplexServer } from '../actors/duplex-server.ts';
import { actor } from '../actors/memory-gateway.ts';
import { type Hub, startHub } from '../actors/start-hub.ts';
import { verifies } from '../requirements.ts';
import { cannotPass } from './conformance-cannot-pass.ts';

const scored = { '2025-11-25': 30, '2026-07-28': 37 } as const;
const eras: readonly Era[] = ['both', 'legacy', 'modern'];

let hub: Hub;
let outDir: string;
let duplex: DuplexServer;
const fixtures: ConformanceServer[] = [];
const shims = new Map<string, AuthShim>();

before(async () => {
  outDir = await mkdtemp(join(tmpdir(), 'conformance-'));
  hub = await startHub();
  const { token } = await hub.createToken();
  for (const era of eras) {
    const fixture = await startConformanceServer({ era });
    fixtures.push(fixture);
    const args = [actor('conformance-server.ts'), '--stdio', '--era', era];
    const transports = {
      http: { type: 'streamable-http', url: fixture.url },
      stdio: { type: 'stdio', command: process.execPath, args },
    };
    for (const [kind, transport] of Object.entries(transports)) {
      const name = `${era}-over-${kind}`;
      await hub.api('POST', '/api/v1/mcp/servers', { name, transport });
      shims.set(name, await startAuthShim({ target: hub.mcp(name), token }));
    }
  }
  duplex = await startDuplexServer();
  const transports = {
    'legacy-over-sse': { type: 'sse', url: duplex.sseUrl },
    'both-over-websocket': { type: 'websocket', url: duplex.webSocketUrl },
  };
  for (const [name, transport] of Object.entries(transports)) {
    await hub.api('POST', '/api/v1/mcp/servers', { name, transport });
    shims.set(name, await startAuthShim({ target: hub.mcp(name), token }));
  }
});

after(async () => {
  for (const shim of shims.values()) await shim.close();
  await hub?.[Symbol.asyncDispose]();
  for (const fixture of fixtures) await fixture.close();
  await duplex?.close();
  await rm(outDir, { recursive: true, force: true });
});

for (const kind of ['http', 'stdio', 'websocket'])
  for (const requirements of ['2025-11-25', '2026-07-28'] as const)
    test(`a server over ${kind} passes all that ${requirements} requires, through the hub`, async (t) => {
      verifies('MV-REQ-080', 'MV-REQ-125');
      const report = await run(t, `both-over-${kind}`, requirements);
      assert.equal(report.scored, scored[requirements]);
      assert.equal(explainFailures(report), '');
    });

test('a server over sse, which is legacy by nature, passes all that 2025-11-25 requires, through the hub', async (t) => {
  verifies('MV-REQ-080');
  const report = await run(t, 'legacy-over-sse', '2025-11-25');
  assert.equal(report.scored, scored['2025-11-25']);
  assert.equal(explainFailures(report), '');
});

for (const [era, requirements, kinds] of [
  ['legacy', '2026-07-28', ['http', 'stdio', 'sse']],
  ['modern', '2025-11-25', ['http', 'stdio']],
] as const)
  for (const kind of kinds)
    test(`a server over ${kind} that is ${era} only passes what can be passed of ${requirements}`, async (t) => {
      verifies('CP-162', 'CP-163');
      const report = await run(t, `${era}-over-${kind}`, requirements);
      assert.equal(report.scored, scored[requirements]);
      const failed = Object.fromEntries(report.failed.map((scenario) => [scenario, checksOf(report, scenario)]));
      const expected = Object.fromEntries(
        Object.entries(cannotPass[requirements]).map(([scenario, { checks }]) => [scenario, [...checks].toSorted()]),
      );
      assert.deepEqual(failed, expected, explainFailures(report));
    });

async function run(t: TestContext, name: string, requirements: Requirements): Promise<ConformanceReport> {
  const shim = shims.get(name);
  assert.ok(shim, 'the server has an endpoint');
  const report = await runConformance({ url: shim.url, requirements, outDir });
  for (const [scenario, { scored: counts, passed }] of Object.entries(report.details))
    if (!counts && !passed) t.diagnostic(`not scored and not passed: ${scenario}`);
  return report;
}

/** The ids of the checks that failed. */
function checksOf(report: ConformanceReport, scenario: string): readonly string[] {
  const failures = report.details[scenario]?.failures ?? ['left no result'];
  return failures.map((failure) => failure.split(': ', 1)[0] ?? '').toSorted();
}
