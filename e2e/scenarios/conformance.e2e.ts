// The official conformance suite, server leg, through the real hub: a server behind its own endpoint answers as it does
// directly, whatever carries it and in both eras. What the suite does not score is reported, not judged.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type AuthShim, startAuthShim } from '../actors/auth-shim.ts';
import { explainFailures, runConformance } from '../actors/conformance-runner.ts';
import { type ConformanceServer, startConformanceServer } from '../actors/conformance-server.ts';
import { actor } from '../actors/memory-gateway.ts';
import { type Hub, startHub } from '../actors/start-hub.ts';
import { verifies } from '../requirements.ts';

const scored = { '2025-11-25': 30, '2026-07-28': 37 } as const;

let hub: Hub;
let fixture: ConformanceServer;
let outDir: string;
const shims = new Map<string, AuthShim>();

before(async () => {
  outDir = await mkdtemp(join(tmpdir(), 'conformance-'));
  fixture = await startConformanceServer();
  hub = await startHub();
  const transports = {
    'over-http': { type: 'streamable-http', url: fixture.url },
    'over-stdio': { type: 'stdio', command: process.execPath, args: [actor('conformance-server.ts'), '--stdio'] },
  };
  const { token } = await hub.createToken();
  for (const [name, transport] of Object.entries(transports)) {
    await hub.api('POST', '/api/v1/mcp/servers', { name, transport });
    shims.set(name, await startAuthShim({ target: hub.mcp(name), token }));
  }
});

after(async () => {
  for (const shim of shims.values()) await shim.close();
  await hub?.[Symbol.asyncDispose]();
  await fixture?.close();
  await rm(outDir, { recursive: true, force: true });
});

for (const name of ['over-http', 'over-stdio'])
  for (const requirements of ['2025-11-25', '2026-07-28'] as const)
    test(`a server ${name.replace('-', ' ')} passes all that ${requirements} requires, through the hub`, async (t) => {
      verifies('MV-REQ-080');
      const shim = shims.get(name);
      assert.ok(shim, 'the server has an endpoint');
      const report = await runConformance({ url: shim.url, requirements, outDir });
      for (const [scenario, { scored: counts, passed }] of Object.entries(report.details))
        if (!counts && !passed) t.diagnostic(`not scored and not passed: ${scenario}`);
      assert.equal(report.scored, scored[requirements]);
      assert.equal(explainFailures(report), '');
    });
