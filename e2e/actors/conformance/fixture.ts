// The fixture server itself: everything the official conformance suite asks a server for, in one factory that serves both
// eras. One call builds one server instance: for a session, for a stdio connection, or for a single modern request.

import { randomBytes } from 'node:crypto';
import {
  type ClientCapabilities,
  createRequestStateCodec,
  fromJsonSchema,
  type JsonSchemaType,
  McpServer,
  type RequestStateCodec,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { askingTools } from './asking-tools.ts';
import { changingTools } from './changing-tools.ts';
import { plainTools } from './plain-tools.ts';
import { registerPrompts } from './prompts.ts';
import { registerResources, watchedUri } from './resources.ts';
import type { FixtureTool, RoundState } from './tool.ts';
import type { World } from './world.ts';

export interface Fixture {
  /**
   * A new instance. One that lives longer than a single request follows the world: it sends what changed to its own client,
   * until it is closed.
   */
  build(lifetime: 'connection' | 'request'): McpServer;
}

const table: readonly FixtureTool[] = [...plainTools, ...askingTools, ...changingTools];

export function createFixture(world: World): Fixture {
  const state = createRequestStateCodec<RoundState>({ key: randomBytes(32) });
  return {
    build(lifetime) {
      const server = new McpServer(
        { name: 'mcpvault-conformance-fixture', version: '1.0.0' },
        {
          capabilities: {
            tools: { listChanged: true },
            prompts: { listChanged: true },
            resources: { subscribe: true, listChanged: true },
            completions: {},
            logging: {},
          },
          instructions: 'A server for tests. Its tools do what their names say.',
          requestState: { verify: state.verify },
        },
      );
      for (const tool of table) registerTool(server, tool, world, state);
      registerPrompts(server);
      registerResources(server, world);
      registerCompletion(server);
      const subscriptions = registerSubscriptions(server);
      const appearing = registerAppearing(server, world);
      if (lifetime === 'connection') followWorld(server, world, subscriptions, appearing);
      return server;
    },
  };
}

function registerTool(server: McpServer, tool: FixtureTool, world: World, state: RequestStateCodec<RoundState>): void {
  const config = {
    description: tool.description,
    inputSchema: arguments_(tool.input ?? { type: 'object', properties: {} }),
    ...(tool.output && { outputSchema: arguments_(tool.output) }),
  };
  server.registerTool(tool.name, config, (args, ctx) =>
    tool.run({ args, ctx, world, state, client: capabilitiesOf(ctx, server) }),
  );
}

/** A modern client says with each request what it can do, a legacy one once for its connection. */
function capabilitiesOf(ctx: ServerContext, server: McpServer): ClientCapabilities {
  const envelope: { readonly 'io.modelcontextprotocol/clientCapabilities'?: ClientCapabilities } =
    ctx.mcpReq.envelope ?? {};
  return envelope['io.modelcontextprotocol/clientCapabilities'] ?? server.server.getClientCapabilities() ?? {};
}

function arguments_(schema: JsonSchemaType) {
  return fromJsonSchema<Record<string, unknown>>(schema);
}

function registerCompletion(server: McpServer): void {
  const words = ['paris', 'park', 'party', 'test', 'testValue1', 'testValue2'];
  server.server.setRequestHandler('completion/complete', ({ params }) => {
    const values = words.filter((word) => word.startsWith(params.argument.value));
    return { completion: { values, total: values.length, hasMore: false } };
  });
}

/** What this legacy client watches. A modern client says it in its own listen request instead. */
function registerSubscriptions(server: McpServer): Set<string> {
  const uris = new Set<string>();
  server.server.setRequestHandler('resources/subscribe', ({ params }) => {
    uris.add(params.uri);
    return {};
  });
  server.server.setRequestHandler('resources/unsubscribe', ({ params }) => {
    uris.delete(params.uri);
    return {};
  });
  return uris;
}

interface Appearing {
  showTool(shown: boolean): void;
  showPrompt(shown: boolean): void;
}

function registerAppearing(server: McpServer, world: World): Appearing {
  const tool = server.registerTool('appearing_tool', { description: 'Comes and goes' }, () => ({ content: [] }));
  const prompt = server.registerPrompt('appearing_prompt', { description: 'Comes and goes' }, () => ({ messages: [] }));
  const show = (thing: { enable(): void; disable(): void }) => (shown: boolean) =>
    shown ? thing.enable() : thing.disable();
  const appearing = { showTool: show(tool), showPrompt: show(prompt) };
  appearing.showTool(world.showsAppearingTool);
  appearing.showPrompt(world.showsAppearingPrompt);
  return appearing;
}

function followWorld(server: McpServer, world: World, subscriptions: Set<string>, appearing: Appearing): void {
  const stop = world.listen((what) => {
    if (what === 'tools') appearing.showTool(world.showsAppearingTool);
    else if (what === 'prompts') appearing.showPrompt(world.showsAppearingPrompt);
    else if (subscriptions.has(watchedUri) || isModern(server)) {
      void server.server.sendResourceUpdated({ uri: watchedUri });
    }
  });
  server.server.onclose = stop;
}

/** On a modern connection the library itself delivers only to those who listen. */
function isModern(server: McpServer): boolean {
  return server.server.getNegotiatedProtocolVersion() === '2026-07-28';
}
