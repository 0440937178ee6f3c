import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startAuthShim } from './auth-shim.ts';
import { explainFailures, runConformance } from './conformance-runner.ts';
import { type Requirements, scoredScenarios } from './conformance-scenarios.ts';
import { type ConformanceServer, startConformanceServer } from './conformance-server.ts';

const sets: readonly Requirements[] = ['2025-11-25', '2026-07-28'];

describe('the conformance suite', () => {
  let server: ConformanceServer;
  let outDir: string;
  before(async () => {
    server = await startConformanceServer();
    outDir = await mkdtemp(join(tmpdir(), 'conformance-'));
  });
  after(async () => {
    await server.close();
    await rm(outDir, { recursive: true });
  });

  for (const requirements of sets) {
    it(`scores the scenarios that we list for ${requirements}`, async () => {
      assert.deepEqual([...scoredScenarios[requirements]].sort(), await listedBySuite(requirements));
    });

    it(`passes every scored scenario of ${requirements} against the fixture itself`, async () => {
      const report = await runConformance({ url: server.url, requirements, outDir });
      assert.equal(explainFailures(report), '');
      assert.equal(report.passed.length, report.scored);
    });

    it(`passes every scored scenario of ${requirements} through the auth shim`, async () => {
      const shim = await startAuthShim({ target: server.url, token: 'unused' });
      try {
        const report = await runConformance({ url: shim.url, requirements, outDir });
        assert.equal(explainFailures(report), '');
        assert.equal(report.passed.length, report.scored);
      } finally {
        await shim.close();
      }
    });
  }

  it('fails every scored scenario where no server answers', async () => {
    const gone = await startConformanceServer();
    await gone.close();
    const report = await runConformance({ url: gone.url, requirements: '2025-11-25', outDir });
    assert.deepEqual(report.passed, []);
    assert.equal(report.failed.length, 30);
  });
});

async function listedBySuite(requirements: Requirements): Promise<string[]> {
  const list = import.meta.resolve(`@modelcontextprotocol/conformance/requirements/${requirements}.yaml`);
  const lines = (await readFile(fileURLToPath(list), 'utf8')).split('\n');
  const section = lines.slice(lines.indexOf('server:') + 1, lines.indexOf('client:'));
  return section.flatMap((line) => /^ {2}- (\S+)$/.exec(line)?.[1] ?? []).sort();
}
