// The official conformance suite, the authorization scenarios of its client leg: its servers are added to a real hub, where a
// member signs in at them as with a browser, and the suite judges what its server and its authorization server saw.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  authScenarios,
  type ClientScenario,
  listClientScenarios,
  machineScenarios,
  runClientScenario,
} from '../actors/conformance-client-runner.ts';
import { type Hub, startHub } from '../actors/start-hub.ts';

const sets = ['2025-11-25', '2026-07-28'] as const;
let outDir: string;
let running: Hub;
let hub: NonNullable<ClientScenario['hub']>;

before(async () => {
  outDir = await mkdtemp(join(tmpdir(), 'conformance-client-auth-'));
  // The suite's servers are on this machine, and it knows one metadata document by its address.
  running = await startHub({
    env: {
      MCPVAULT_PRIVATE_NETWORKS: 'localhost,127.0.0.0/8,::1',
      MCPVAULT_PUBLIC_URL: 'https://conformance-test.local',
    },
  });
  const { accessToken: access } = await running.signIn();
  const { token } = await running.createToken(access);
  hub = { url: running.url, access, token };
});

after(async () => {
  await running[Symbol.asyncDispose]();
  await rm(outDir, { recursive: true, force: true });
});

for (const requirements of sets)
  test(`the scenarios that are run are those about authorization that ${requirements} scores`, async () => {
    const listed = await listClientScenarios(requirements);
    assert.deepEqual(
      [...authScenarios[requirements]].toSorted(),
      listed.filter((name) => name.startsWith('auth/')).toSorted(),
    );
  });

for (const requirements of sets) {
  const clientEra = requirements === '2025-11-25' ? 'legacy' : 'modern';
  describe(`signing in at a server of ${requirements}`, { concurrency: 2 }, () => {
    const unscored = requirements === '2026-07-28' ? machineScenarios : [];
    for (const scenario of [...authScenarios[requirements], ...unscored])
      test(scenario, async () => {
        const verdict = await runClientScenario({ scenario, requirements, clientEra, outDir, hub });
        assert.deepEqual(verdict.failures, [], verdict.output);
        assert.ok(verdict.successes.length > 0, verdict.output);
      });
  });
}
