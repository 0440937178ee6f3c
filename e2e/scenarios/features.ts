// What MCP offers, used by real clients of both SDK lines and both eras through one server's endpoint.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { eventually, textOf } from '../actors/eventually.ts';
import type { MemoryGateway } from '../actors/memory-gateway.ts';
import { type ClientOptions, connectV1, connectV2, type Elicited } from '../actors/sdk-clients.ts';
import type { Era } from '../actors/conformance-server.ts';

export interface ServerUnderTest {
  readonly name: string;
  /** The eras of a server whose one process several conversations share; null where each has its own. */
  readonly shared: Era | null;
}

const watched = 'test://watched-resource';
const answering: ClientOptions = {
  sampling: () => 'Paris',
  elicitation({ message }) {
    const content: Elicited['content'] = message.includes('color') ? { color: 'blue' } : { name: 'Ada' };
    return { action: 'accept', content };
  },
  roots: ['file:///somewhere'],
};

const clients = {
  'a 1.x client': (url: string, options: ClientOptions) => connectV1(url, options),
  'a 2.x client in the legacy era': (url: string, options: ClientOptions) =>
    connectV2(url, { ...options, era: 'legacy' }),
  'a 2.x client in the modern era': (url: string, options: ClientOptions) =>
    connectV2(url, { ...options, era: 'modern' }),
  'a 2.x client that asks first': (url: string, options: ClientOptions) => connectV2(url, { ...options, era: 'auto' }),
};

/** `gateway` answers once the tests run; by then the server is there. */
export function describeFeatures(gateway: () => MemoryGateway, { name: server, shared }: ServerUnderTest): void {
  for (const [who, connectTo] of Object.entries(clients))
    describe(`${who}, with the server ${server}`, () => {
      const modern = who.includes('modern') || who.includes('asks');
      const connect = (options: ClientOptions = answering) =>
        connectTo(gateway().mcp(server), { ...options, token: gateway().token });

      test('uses tools, prompts, resources and completion', async () => {
        const { client, close } = await connect();
        const { tools } = await client.listTools();
        assert.ok(tools.some(({ name }) => name === 'test_simple_text'));
        const call = (name: string, args: Record<string, unknown> = {}) => client.callTool({ name, arguments: args });
        assert.equal(textOf(await call('test_simple_text')), 'This is a simple text response for testing.');
        assert.deepEqual((await call('add_numbers', { a: 20, b: 22 })).structuredContent, { sum: 42 });
        assert.equal((await call('test_error_handling')).isError, true);
        await assert.rejects(call('no_such_tool'), /no_such_tool/);
        const kinds = await call('test_multiple_content_types');
        assert.deepEqual(
          (kinds.content as { type: string }[]).map(({ type }) => type),
          ['text', 'image', 'resource'],
        );
        const { prompts } = await client.listPrompts();
        assert.ok(prompts.some(({ name }) => name === 'test_simple_prompt'));
        const prompt = await client.getPrompt({
          name: 'test_prompt_with_arguments',
          arguments: { arg1: 'one', arg2: 'two' },
        });
        assert.match(JSON.stringify(prompt.messages), /arg1='one', arg2='two'/);
        const { resources } = await client.listResources();
        assert.ok(resources.some(({ uri }) => uri === 'test://static-text'));
        const { resourceTemplates } = await client.listResourceTemplates();
        assert.equal(resourceTemplates[0]?.uriTemplate, 'test://template/{id}/data');
        const read = await client.readResource({ uri: 'test://template/7/data' });
        assert.match(JSON.stringify(read.contents), /Data for ID: 7/);
        const { completion } = await client.complete({
          ref: { type: 'ref/prompt', name: 'test_prompt_with_arguments' },
          argument: { name: 'arg1', value: 'par' },
        });
        assert.ok(Array.isArray(completion.values));
        await close();
      });

      test('hears the progress of its own calls, side by side', async () => {
        const { client, close } = await connect();
        const stepsOfOne = async () => {
          const steps: number[] = [];
          const onprogress = ({ progress }: { progress: number }) => void steps.push(progress);
          await callTool(client, 'test_tool_with_progress', {}, { onprogress });
          return steps;
        };
        // The client drops steps that come in one piece with the answer: then the next calls show them.
        await eventually(async () => {
          const heard = await Promise.all([stepsOfOne(), stepsOfOne(), stepsOfOne()]);
          return heard.every((steps) => isDeepStrictEqual(steps, [0, 50, 100]));
        }, 'the steps of all calls');
        await close();
      });

      test('cancels a call, and the server notices', async () => {
        const { client, close } = await connect();
        const cancelled = async () => Number(textOf(await client.callTool({ name: 'count_cancelled' })));
        const before = await cancelled();
        const stop = new AbortController();
        const begun = Promise.withResolvers<void>();
        const options = { signal: stop.signal, onprogress: () => begun.resolve() };
        const waiting = callTool(client, 'wait_for_cancel', { milliseconds: 120_000 }, options);
        await Promise.race([begun.promise, waiting]);
        stop.abort();
        await assert.rejects(waiting);
        await eventually(async () => (await cancelled()) > before, 'the cancellation');
        await close();
        await gateway().quiet();
      });

      test('is told what changes', async () => {
        const watcher = await connect();
        const uri = watched;
        const { client } = watcher;
        if (modern) {
          assert.ok('listen' in client);
          await client.listen({ toolsListChanged: true, resourceSubscriptions: [uri] });
        } else await client.subscribeResource({ uri });
        // A client opens its stream without waiting for it, and what is said before that is nobody's.
        const heard = () => watcher.inbox.received.some(({ method }) => method === 'notifications/resources/updated');
        await eventually(async () => {
          await client.callTool({ name: 'touch_watched_resource' });
          return heard();
        }, 'the news of the resource');
        assert.equal((await watcher.inbox.next('notifications/resources/updated')).params?.uri, uri);
        await client.callTool({ name: 'test_trigger_tool_change' });
        await watcher.inbox.next('notifications/tools/list_changed');
        await client.callTool({ name: 'test_trigger_tool_change' });
        if (!modern) {
          await client.unsubscribeResource({ uri });
          // What is said on one stream arrives in its order: once these changes are heard, nothing is on its way before them.
          const toggleTools = async () => {
            await client.callTool({ name: 'test_trigger_tool_change' });
            await watcher.inbox.next('notifications/tools/list_changed');
          };
          await watcher.inbox.next('notifications/tools/list_changed');
          await toggleTools();
          const before = watcher.inbox.received.length;
          await client.callTool({ name: 'touch_watched_resource' });
          await toggleTools();
          const later = watcher.inbox.received.slice(before).filter(({ method }) => method.includes('updated'));
          assert.deepEqual(later, []);
        }
        await watcher.close();
        await gateway().quiet();
      });

      // A process that several legacy sessions share was opened by MCPVault, and cannot ask any one of them.
      const canAsk = shared !== 'legacy' && (modern || shared !== 'both');

      if (canAsk)
        test('answers what the server asks', async () => {
          const { client, close } = await connect();
          const call = async (name: string, args = {}) => textOf(await client.callTool({ name, arguments: args }));
          assert.equal(await call('test_sampling', { prompt: 'Where?' }), 'LLM response: Paris');
          assert.equal(await call('test_input_required_result_list_roots'), 'Roots: file:///somewhere');
          assert.equal(await call('test_input_required_result_elicitation'), 'Hello, Ada!');
          assert.equal(await call('test_input_required_result_multi_round'), 'Ada likes blue');
          assert.match(await call('test_input_required_result_multiple_inputs'), /Ada: .*1 roots/);
          assert.equal(await call('test_streaming_elicitation'), 'Hello, Ada!');
          await close();
        });

      const getsLogs = shared === null;

      test(`${getsLogs ? 'gets' : 'gets no'} log messages of its calls`, async () => {
        const { client, inbox, close } = await connect();
        if (!modern) await client.setLoggingLevel('debug');
        const logLevel = modern ? { _meta: { 'io.modelcontextprotocol/logLevel': 'debug' } } : {};
        await client.callTool({ name: 'test_tool_with_logging', ...logLevel });
        if (getsLogs) {
          assert.equal((await inbox.next('notifications/message')).params?.data, 'Tool execution started');
          await inbox.next('notifications/message');
          await inbox.next('notifications/message');
        } else {
          // Nothing says whose they are, and the process works for others as well.
          assert.ok(!inbox.received.some(({ method }) => method === 'notifications/message'));
        }
        await close();
      });
    });
}

type V1 = Awaited<ReturnType<typeof connectV1>>['client'];
type V2 = Awaited<ReturnType<typeof connectV2>>['client'];

interface CallOptions {
  readonly signal?: AbortSignal;
  onprogress?(progress: { progress: number }): void;
}

/** The two lines take options at different places. */
function callTool(client: V1 | V2, name: string, args: Record<string, unknown>, options: CallOptions): Promise<object> {
  const call = { name, arguments: args };
  return 'listen' in client ? client.callTool(call, options) : client.callTool(call, undefined, options);
}
