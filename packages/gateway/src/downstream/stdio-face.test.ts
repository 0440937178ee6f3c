import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { completePolicy } from '@mcpvault/domain/policy/complete-policy';
import { startGateway } from '../testing/compose.ts';

/** A server that greets, and echoes what it is called with. */
const echo = `require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  const greeting = { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'e', version: '1' } };
  const result = method === 'initialize' ? greeting : { content: [{ type: 'text', text: JSON.stringify(params) }] };
  if (id !== undefined) console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
})`;
const secret = 'ghp_EXAMPLEexampleEXAMPLEexample0123456789';

async function conversation(begin: (gateway: Awaited<ReturnType<typeof startGateway>>) => void) {
  const gateway = await startGateway();
  gateway.host.addToken('t');
  gateway.host.addServer({
    name: 'tools',
    transport: { type: 'stdio', command: process.execPath, args: ['-e', echo], env: {} },
  });
  begin(gateway);
  const input = new PassThrough();
  const output = new PassThrough();
  const interruption = new AbortController();
  const caller = gateway.host.identity.identify('t');
  if (caller === null || caller instanceof Promise) throw new Error('the token is known');
  const stdio = { input, output, caller, credential: 't', endpoint: 'tools', interrupted: interruption.signal };
  const over = gateway.gateway.converse(stdio);
  const said: Record<string, unknown>[] = [];
  let rest = '';
  const waiting: (() => void)[] = [];
  output.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) said.push(JSON.parse(line) as Record<string, unknown>);
    for (const go of waiting.splice(0)) go();
  });
  return {
    gateway,
    over,
    input,
    interruption,
    said,
    tell: (message: object) => void input.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`),
    async answer(id: number): Promise<Record<string, unknown>> {
      for (;;) {
        const found = said.find((message) => message.id === id);
        if (found !== undefined) return found;
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
  };
}

const hello = {
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};

test('a client over stdio is answered by its server, its messages are judged and recorded, and its end ends all', async () => {
  const talk = await conversation(({ host }) =>
    host.setPolicies([
      completePolicy({
        id: 'pol_1',
        name: 'Secrets',
        reason: 'no secrets',
        detectors: ['secrets'],
        actions: [{ type: 'redact', style: 'label' }],
      }),
    ]),
  );
  talk.tell(hello);
  assert.ok('result' in (await talk.answer(1)));
  talk.tell({ method: 'notifications/initialized' });
  talk.tell({ id: 2, method: 'tools/call', params: { name: 'echo', arguments: { message: `so ${secret}` } } });
  const answer = JSON.stringify(await talk.answer(2));
  assert.match(answer, /redacted:github-token/);
  assert.ok(!answer.includes(secret));
  talk.input.end();
  assert.equal(await talk.over, 'the client has said its last');
  const { records } = talk.gateway.host;
  assert.ok(records.some(({ draft }) => draft.method === 'tools/call' && draft.requestEdits.length === 1));
  assert.equal(talk.gateway.gateway.load().sessions, 0);
  await talk.gateway.close();
});

test('what is no message is answered, and being asked to end ends the conversation', async () => {
  const talk = await conversation(() => undefined);
  talk.input.write('this is no JSON\n');
  talk.tell(hello);
  await talk.answer(1);
  assert.ok(talk.said.some((message) => message.id === null && 'error' in message));
  talk.interruption.abort();
  assert.equal(await talk.over, 'it was asked to end');
  await talk.gateway.close();
});
