// A task of the reference server, which knows the tasks of 2025-11-25 only, as clients of 2026-07-28 see it: with the tasks
// extension, and without it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type BareClient, type BareMessage, createBareClient } from '../actors/bare-client.ts';
import { eventually } from '../actors/eventually.ts';
import { type MemoryGateway, overStdio, startMemoryGateway } from '../actors/memory-gateway.ts';
import { verifies } from '../requirements.ts';

const program = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'));
let gateway: MemoryGateway;
let client: BareClient;

before(async () => {
  gateway = await startMemoryGateway({ servers: [overStdio('everything', [program, 'stdio'])] });
  client = createBareClient(gateway.mcp('everything'), gateway.token);
});

after(async () => {
  client?.close();
  await gateway?.[Symbol.asyncDispose]();
});

interface Asking {
  readonly name?: string;
  readonly taskId?: string;
  readonly [member: string]: unknown;
}

async function ask(method: string, params: Asking, takesTasks: boolean): Promise<BareMessage> {
  const extensions = takesTasks ? { extensions: { 'io.modelcontextprotocol/tasks': {} } } : {};
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': { elicitation: {}, ...extensions },
  };
  const named = params.name ?? params.taskId;
  const headers = {
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': method,
    ...(named !== undefined && { 'mcp-name': named }),
  };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta } });
  const { message } = await client.send({ body, headers });
  assert.ok(message);
  return message;
}

test('a client with the extension gets a task, answers its question, and finds its result in it', async () => {
  verifies('MV-REQ-081');
  const { result: discovered } = await ask('server/discover', {}, true);
  const { extensions } = discovered?.capabilities as { extensions?: object };
  assert.deepEqual(extensions, { 'io.modelcontextprotocol/tasks': {} });
  const query = { name: 'simulate-research-query', arguments: { topic: 'bridges', ambiguous: true } };
  const { result: made } = await ask('tools/call', query, true);
  assert.equal(made?.resultType, 'task');
  const taskId = String(made?.taskId);
  const states: unknown[] = [];
  let last: BareMessage['result'];
  await eventually(async () => {
    last = (await ask('tasks/get', { taskId }, true)).result;
    states.push(last?.status);
    const [key] = Object.keys((last?.inputRequests as object | undefined) ?? {});
    if (key !== undefined) {
      const inputResponses = { [key]: { action: 'accept', content: { interpretation: 'technical' } } };
      assert.equal((await ask('tasks/update', { taskId, inputResponses }, true)).result?.resultType, 'complete');
    }
    return last?.status === 'completed';
  }, 'the end of the task');
  assert.ok(states.includes('input_required'));
  assert.match(JSON.stringify(last?.result), /Research Report: bridges \(technical\)/);
  assert.equal((await ask('tasks/get', { taskId: 'unknown' }, true)).error?.code, -32602);
  assert.equal((await ask('tasks/get', { taskId }, false)).error?.code, -32021);
});

test('a client without the extension just waits for the result', async () => {
  const query = { name: 'simulate-research-query', arguments: { topic: 'ferries' } };
  const { result } = await ask('tools/call', query, false);
  assert.equal(result?.resultType, 'complete');
  assert.match(JSON.stringify(result?.content), /Research Report: ferries/);
});
