// Recorded multi-tool sessions, as benchmarks of agents publish them: a JSON list of conversations whose assistant calls the
// tools of many servers through one tool named `execute-tool`. What the person asked for is left out: a gateway never sees it.
import { readFileSync } from 'node:fs';
import type { ToolFacts } from '@mcpvault/domain/policy/message-facts';

export interface RecordedCall {
  readonly server: string;
  readonly tool: string;
  readonly arguments: unknown;
  /** As the agent was given it. */
  readonly result: string;
}

interface SaidMessage {
  readonly role: string;
  readonly content?: unknown;
  readonly tool_call_id?: string;
  readonly tool_calls?:
    | readonly { readonly id: string; readonly function: { readonly name: string; readonly arguments: string } }[]
    | null;
}

/** Those with at least one call. */
export function readSessions(path: string): readonly (readonly RecordedCall[])[] {
  const conversations = JSON.parse(readFileSync(path, 'utf8')) as readonly {
    readonly messages?: readonly SaidMessage[];
  }[];
  return conversations.map(({ messages = [] }) => callsOf(messages)).filter((calls) => calls.length > 0);
}

function callsOf(messages: readonly SaidMessage[]): RecordedCall[] {
  const results = new Map(messages.map(({ tool_call_id = '', content }) => [tool_call_id, textOf(content)]));
  return messages.flatMap(({ tool_calls }) =>
    (tool_calls ?? []).flatMap(({ id, function: called }) => {
      const asked = called.name === 'execute-tool' ? readObject(called.arguments) : null;
      if (asked === null || typeof asked['tool_name'] !== 'string') return [];
      const server = textOf(asked['server_name']);
      return [{ server, tool: asked['tool_name'], arguments: asked['params'] ?? {}, result: results.get(id) ?? '' }];
    }),
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function readObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

interface ListedTool {
  readonly name: string;
  readonly description?: string;
  readonly annotations?: {
    readonly readOnlyHint?: boolean;
    readonly openWorldHint?: boolean;
    readonly destructiveHint?: boolean;
  } | null;
}
interface ListedServer {
  readonly tools: Readonly<Record<string, { readonly tools: readonly ListedTool[] }>>;
}

/** What the servers of those sessions say of their tools, by name; most say next to nothing. */
export function readTools(path: string): ReadonlyMap<string, ToolFacts> {
  const servers = JSON.parse(readFileSync(path, 'utf8')) as readonly ListedServer[];
  const tools = servers.flatMap(({ tools: some }) => Object.values(some).flatMap((one) => one.tools));
  return new Map(
    tools.map(({ name, description = '', annotations }) => [
      name,
      {
        name,
        description,
        readOnly: annotations?.readOnlyHint ?? false,
        destructive: annotations?.destructiveHint ?? true,
        idempotent: false,
        openWorld: annotations?.openWorldHint ?? true,
        fingerprint: '',
        firstSeen: null,
      },
    ]),
  );
}
