// Byte fidelity: what nobody changes leaves as the bytes it came in as, both ways, whatever carries it. Random JSON with
// numbers that no language holds, odd space, escapes, key order, and members, content types and methods that nobody knows.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { type BareClient, createBareClient } from '../actors/bare-client.ts';
import { actor, type MemoryGateway, overHttp, overStdio, startMemoryGateway } from '../actors/memory-gateway.ts';
import { type RudeHttp, startRudeHttp } from '../actors/rude-http.ts';
import { verifies } from '../requirements.ts';

let exact: RudeHttp;
let gateway: MemoryGateway;

before(async () => {
  exact = await startRudeHttp({ mode: 'exact' });
  const script = [actor('rude-server.ts'), 'exact'];
  const servers = [overHttp('http', exact.url), overStdio('stdio', script), overStdio('shared', script, 'shared')];
  gateway = await startMemoryGateway({ servers });
});

after(async () => {
  await gateway?.[Symbol.asyncDispose]();
  await exact?.close();
});

const space = fc.stringMatching(/^[ \t]{0,2}$/);
const leaf = fc.oneof(
  fc.constantFrom('null', 'true', '-0', '0.10', '1E+400', '12345678901234567890.12345678901234567890', '{}', '[ ]'),
  fc.string({ unit: 'binary', maxLength: 12 }).map((text) => JSON.stringify(text)),
  fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => escaped(text)),
);
const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc
      .array(fc.tuple(space, tie('value')), { maxLength: 4 })
      .map((items) => `[${items.map((each) => each.join('')).join(',')}]`),
    fc
      .array(
        fc.tuple(fc.constantFrom('name', 'type', 'zzz', 'a.b', '10', '2', 'é', '__proto__'), space, tie('value')),
        { maxLength: 4 },
      )
      .map(
        (members) =>
          `{${members.map(([key, gap, text]) => `${gap}${JSON.stringify(key)}${gap}:${gap}${text}`).join(',')}}`,
      ),
  ),
}));

function escaped(text: string): string {
  const units = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at).toString(16).padStart(4, '0'));
  return `"${units.map((unit) => `\\u${unit}`).join('')}"`;
}

const id = fc.oneof(
  fc.maxSafeInteger().map(String),
  fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => JSON.stringify(text)),
);

for (const server of ['http', 'stdio', 'shared'])
  describe(`through the endpoint of the server ${server}`, () => {
    let client: BareClient;
    before(async () => {
      client = createBareClient(gateway.mcp(server), gateway.token);
      await client.open();
    });
    after(() => client.close());

    test('a result reaches the client as the bytes that the server wrote', async () => {
      await fc.assert(
        fc.asyncProperty(value, id, async (result, id) => {
          const args = `{"json":${JSON.stringify(result)}}`;
          const body = `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"say","arguments":${args}}}`;
          const reply = await client.send({ body });
          assert.equal(reply.status, 200);
          const asWritten = `{"jsonrpc":"2.0","id":${JSON.stringify(JSON.parse(id))},"result":${result}}`;
          assert.equal(
            reply.body.toString(),
            server === 'http' ? asWritten : asWritten.replace(JSON.stringify(JSON.parse(id)), () => id),
          );
        }),
        { numRuns: 60 },
      );
    });

    test('a call reaches the server as the bytes that the client wrote', async () => {
      verifies('CP-115');
      await fc.assert(
        fc.asyncProperty(value, value, id, space, async (args, extra, id, gap) => {
          const written = (id: string) =>
            `${gap}{${gap}"params":{"_meta":{"x":${extra}},${gap}"name":"heard","arguments":${args},"odd":${extra}},"method":"tools/call","id"${gap}:${id},"vendor":${extra},"jsonrpc":"2.0"}`;
          const reply = await client.send({ body: written(id) });
          const [said] = reply.message?.result?.content as { text: string }[];
          // Many conversations can share a process, so that on stdio a request has an id of that hop.
          const hop = server === 'http' ? id : (JSON.parse(said?.text ?? '') as { id: number }).id;
          assert.equal(said?.text, written(String(hop)));
        }),
        { numRuns: 60 },
      );
    });

    test('methods, content types and result members that nobody knows pass', async () => {
      const unknown = await client.call('vendor/never-heard-of', { a: 1 });
      assert.equal(unknown.message?.error?.message, 'Method not found: vendor/never-heard-of');
      const result = '{"content":[{"type":"hologram","depth":3.10}],"resultish":[],"_meta":{"vendor/x":1e2}}';
      const reply = await client.call('tools/call', { name: 'say', arguments: { json: result } }, 'an id');
      assert.equal(reply.body.toString(), `{"jsonrpc":"2.0","id":"an id","result":${result}}`);
    });

    test('an answer of a megabyte passes whole', async () => {
      const result = `{"content":[{"type":"text","text":"${'é"'.replace('"', '\\"').repeat(300_000)}"}]}`;
      const reply = await client.call('tools/call', { name: 'say', arguments: { json: result } }, 1);
      assert.equal(reply.body.toString(), `{"jsonrpc":"2.0","id":1,"result":${result}}`);
    });
  });

test('over stdio, a message keeps to its line whatever space it has', async () => {
  const client = createBareClient(gateway.mcp('stdio'), gateway.token);
  await client.open();
  const body = '{\n"jsonrpc":"2.0",\r\n"id":1,"method":"tools/call",\n"params":{"name":"heard","arguments":{\n}}\n}\n';
  const [said] = (await client.send({ body })).message?.result?.content as { text: string }[];
  assert.deepEqual(JSON.parse(said?.text ?? ''), {
    ...(JSON.parse(body) as object),
    id: JSON.parse(said?.text ?? '{}').id,
  });
  client.close();
});

test('an id that a client writes in an odd way comes back as the server writes it, or as the client did', async () => {
  for (const [server, expected] of [
    ['http', '10'],
    ['stdio', '1.0e1'],
  ] as const) {
    const client = createBareClient(gateway.mcp(server), gateway.token);
    await client.open();
    const body = '{"jsonrpc":"2.0","id":1.0e1,"method":"tools/list"}';
    const reply = await client.send({ body });
    assert.match(reply.body.toString(), new RegExp(`"id":${expected.replaceAll('.', '\\.')}[,}]`));
    client.close();
  }
});
