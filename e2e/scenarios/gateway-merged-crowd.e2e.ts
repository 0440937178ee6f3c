// A thousand servers with ten tools each behind the merged endpoint: listed whole, searched, and called, while a
// hundred others are away. What it took is printed, and not judged here: the machine may have much else to do.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { createBareClient } from '../actors/bare-client.ts';
import { type CatalogueServer, startCatalogueServer } from '../actors/catalogue-server.ts';
import { textOf } from '../actors/eventually.ts';
import { type MemoryGateway, overHttp, startMemoryGateway } from '../actors/memory-gateway.ts';

/** Every eleventh is away. */
const servers = 1_100;
const perServer = 10;
const verbs = ['list', 'get', 'create', 'update', 'delete', 'search', 'export', 'import', 'archive', 'share'];

let upstream: CatalogueServer;
let gateway: MemoryGateway;

before(async () => {
  upstream = await startCatalogueServer();
  gateway = await startMemoryGateway({ settings: { callTimeout: 60_000, connectTimeout: 60_000 } });
  for (let at = 0; at < servers; at++) {
    const name = `server-${String(at).padStart(4, '0')}`;
    // The address of the others answers that nobody is home.
    if (at % 11 !== 10) upstream.set(name, { tools: toolsOf(at) });
    await gateway.order({ do: 'add-server', server: overHttp(name, upstream.url(name)) });
  }
});

after(async () => {
  await gateway?.[Symbol.asyncDispose]();
  await upstream?.close();
});

function toolsOf(server: number): object[] {
  return verbs.slice(0, perServer).map((verb) => ({
    name: `${verb}_records_${server}`,
    title: `${verb} records`,
    description: `Lets you ${verb} the records of department ${server}. ${'It answers with what it found. '.repeat(8)}`,
    inputSchema: {
      type: 'object',
      properties: { id: { type: 'string', description: 'Which record.' }, limit: { type: 'integer' } },
    },
  }));
}

function memory(): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${gateway.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}

test('ten thousand tools of a thousand servers are listed, searched and called', async (t) => {
  const client = createBareClient(gateway.mcp(), gateway.token);
  const timed = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const done = await work();
    t.diagnostic(`${what}: ${Math.round(performance.now() - began)} ms, ${Math.round(memory())} MB resident`);
    return done;
  };
  const list = async (): Promise<string[]> => {
    const { message, body } = await client.call('tools/list');
    const result = message?.result as { tools: { name: string }[]; _meta: Record<string, unknown[]> };
    assert.equal(result._meta['io.mcpvault/unavailable']?.length, servers / 11);
    t.diagnostic(`${body.length} bytes`);
    return result.tools.map(({ name }) => name);
  };
  t.diagnostic(`before: ${Math.round(memory())} MB resident`);
  await timed('initialize', () => client.open());
  const names = await timed('the first list', list);
  assert.equal(new Set(names).size, (servers - servers / 11) * perServer);
  assert.deepEqual(await timed('the second list', list), names);

  const called = await client.call('tools/call', { name: 'server-0500__get_records_500', arguments: { id: '1' } });
  assert.equal(textOf(called.message?.result ?? {}), 'get_records_500 {"id":"1"}');

  const searching = createBareClient(gateway.mcp('_search'), gateway.token);
  await searching.open();
  const search = (query: string) => searching.call('tools/call', { name: 'search_tools', arguments: { query } });
  await timed('the first search', () => search('anything'));
  const found = await timed('the second search', () => search('delete records of department 321'));
  const { tools } = JSON.parse(textOf(found.message?.result ?? {})) as { tools: { name: string }[] };
  assert.equal(tools[0]?.name, 'server-0321__delete_records_321');
  for (const each of [client, searching]) {
    await each.send({ method: 'DELETE' });
    each.close();
  }
  await gateway.quiet();
});
