// The official conformance suite, authorization leg: the hub as authorization server of a protected MCP server, for both
// revisions. The frozen requirement sets score no authorization server, so that all that the suite has for one is run, and
// nothing of it may fail, be warned of, or be left out.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { listAuthorizationScenarios, runAuthorizationLeg } from '../actors/conformance-authorization-runner.ts';
import { createPerson } from '../actors/oauth-person.ts';
import { type Hub, startHub } from '../actors/start-hub.ts';

const checks = {
  'authorization-server-metadata-endpoint': ['authorization-server-metadata', 'authorization-server-metadata-cimd'],
  'authorization-code-grant': ['authorization-code-grant'],
};

let hub: Hub;
let outDir: string;
before(async () => {
  outDir = await mkdtemp(join(tmpdir(), 'conformance-authorization-'));
  hub = await startHub();
});
after(async () => {
  await hub?.[Symbol.asyncDispose]();
  await rm(outDir, { recursive: true, force: true });
});

async function register(redirect: string): Promise<string> {
  const answer = await fetch(`${hub.url}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_name: 'Conformance', redirect_uris: [redirect] }),
  });
  assert.equal(answer.status, 201);
  return ((await answer.json()) as { client_id: string }).client_id;
}

async function browse(address: string): Promise<URL> {
  const { location, status, text } = await createPerson(hub).visit(address);
  return location ?? assert.fail(`${status}: ${text}`);
}

for (const revision of ['2025-11-25', '2026-07-28'] as const)
  test(`the hub passes all that the suite asks of an authorization server of ${revision}`, async () => {
    const listed = await listAuthorizationScenarios(revision);
    assert.deepEqual(listed.toSorted(), Object.keys(checks).toSorted());
    const issuer = hub.url;
    const run = { issuer, revision, resource: hub.mcp(), register, browse, outDir };
    const { scenarios, output } = await runAuthorizationLeg(run);
    const passed = Object.fromEntries(Object.entries(checks).map(([name, ids]) => [name, { SUCCESS: ids }]));
    assert.deepEqual(scenarios, passed, output);
  });
