// One tool of the fixture as data. The folder's tables list them; fixture.ts registers them.

import type {
  CallToolResult,
  ClientCapabilities,
  InputRequiredResult,
  JsonSchemaType,
  RequestStateCodec,
  ServerContext,
} from '@modelcontextprotocol/server';
import type { World } from './world.ts';

export interface FixtureTool {
  readonly name: string;
  readonly description: string;
  /** Left out: an object without properties. */
  readonly input?: JsonSchemaType;
  readonly output?: JsonSchemaType;
  run(call: ToolCall): Answer | Promise<Answer>;
}

type Answer = CallToolResult | InputRequiredResult;

export interface ToolCall {
  readonly args: Readonly<Record<string, unknown>>;
  readonly ctx: ServerContext;
  readonly world: World;
  /** What the calling client said it can do: at initialize (legacy) or with this request (modern). */
  readonly client: ClientCapabilities;
  /** Seals what a multi-round tool must remember; the server verifies it before the tool sees it again. */
  readonly state: RequestStateCodec<RoundState>;
}

/** What a multi-round tool remembers between rounds. */
export interface RoundState {
  readonly round: number;
  readonly name?: string;
}

export function text(...lines: string[]): CallToolResult {
  return { content: lines.map((line) => ({ type: 'text' as const, text: line })) };
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
