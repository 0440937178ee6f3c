// Everything that MCP offers where client and server are of different eras: real clients of both SDK lines and both eras,
// with servers that speak one era only.
import { after, before } from 'node:test';
import { type ConformanceServer, type Era, startConformanceServer } from '../actors/conformance-server.ts';
import { actor, type MemoryGateway, overHttp, overStdio, startMemoryGateway } from '../actors/memory-gateway.ts';
import { describeFeatures } from './features.ts';

const eras: readonly Era[] = ['legacy', 'modern'];
const fixtures: ConformanceServer[] = [];
let gateway: MemoryGateway;

before(async () => {
  const servers = [];
  for (const era of eras) {
    const fixture = await startConformanceServer({ era });
    fixtures.push(fixture);
    const program = [actor('conformance-server.ts'), '--stdio', '--era', era];
    servers.push(
      overHttp(`${era}-http`, fixture.url),
      overStdio(`${era}-stdio`, program),
      overStdio(`${era}-shared`, program, 'shared'),
    );
  }
  gateway = await startMemoryGateway({ servers });
});

after(async () => {
  await gateway?.[Symbol.asyncDispose]();
  for (const fixture of fixtures) await fixture.close();
});

for (const era of eras)
  for (const kind of ['http', 'stdio', 'shared']) {
    describeFeatures(() => gateway, { name: `${era}-${kind}`, shared: kind === 'shared' ? era : null });
  }
