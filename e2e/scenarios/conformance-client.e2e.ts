// The official conformance suite, client leg: its servers stand behind a gateway, and see a proper client of their era,
// whichever era the client in front of the gateway speaks. Authorization has a file of its own.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { clientScenarios, listClientScenarios, runClientScenario } from '../actors/conformance-client-runner.ts';

const sets = ['2025-11-25', '2026-07-28'] as const;
let outDir: string;

before(async () => {
  outDir = await mkdtemp(join(tmpdir(), 'conformance-client-'));
});

after(() => rm(outDir, { recursive: true, force: true }));

for (const requirements of sets)
  test(`the scenarios that are run are those that ${requirements} scores, but for authorization`, async () => {
    const listed = await listClientScenarios(requirements);
    assert.deepEqual(
      [...clientScenarios[requirements]].toSorted(),
      listed.filter((name) => !name.startsWith('auth/')).toSorted(),
    );
  });

for (const requirements of sets)
  for (const clientEra of ['legacy', 'modern'] as const)
    describe(`a ${clientEra} client at a server of ${requirements}`, { concurrency: 2 }, () => {
      for (const scenario of clientScenarios[requirements])
        test(scenario, async () => {
          const run = () => runClientScenario({ scenario, requirements, clientEra, outDir });
          let verdict = await run();
          // It judges milliseconds, which a busy machine does not have.
          if (scenario === 'sse-retry' && verdict.failures.length > 0) verdict = await run();
          assert.deepEqual(verdict.failures, [], verdict.output);
          assert.ok(verdict.successes.length > 0, verdict.output);
        });
    });
