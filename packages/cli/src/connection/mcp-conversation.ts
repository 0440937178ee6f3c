// A session with a server through the hub's real MCP endpoint, as an AI client would have it.
import { type Conversation, converse, type McpClientSettings, McpError } from '@mcpvault/contract/mcp-client';
import { CommandFailure } from '../command-failure.ts';
import type { ExitName } from '../exit-codes.ts';
import { version } from '../version.ts';
import type { HubConnection } from './hub-connection.ts';
import { cutOff, notAHub, notSignedIn } from './hub-failure.ts';

interface Listening {
  /** Ends the opening; what comes after takes its own. */
  readonly interrupted: AbortSignal;
  readonly onNotification: NonNullable<McpClientSettings['onNotification']>;
}

/** `server` is its name. Runs `use` and ends the session, whatever happened. */
export async function withConversation<T>(
  hub: HubConnection,
  server: string,
  { interrupted, onNotification }: Listening,
  use: (conversation: Conversation) => Promise<T>,
): Promise<T> {
  const settings: McpClientSettings = {
    endpoint: `${hub.hub}/mcp/${encodeURIComponent(server)}`,
    credential: () => hub.bearer(),
    client: { name: 'mcpvault-cli', version },
    fetch: hub.lastingFetch,
    onNotification,
  };
  try {
    const conversation = await open(settings, hub, interrupted);
    try {
      return await use(conversation);
    } finally {
      await conversation.close();
    }
  } catch (error) {
    throw mcpFailure(error, hub.hub);
  }
}

async function open(settings: McpClientSettings, hub: HubConnection, interrupted: AbortSignal): Promise<Conversation> {
  try {
    return await converse(settings, interrupted);
  } catch (error) {
    if (!(error instanceof McpError) || error.status !== 401 || !(await hub.renew())) throw error;
    return converse(settings, interrupted);
  }
}

/** JSON-RPC codes with which the hub itself answers; all others are the server's. */
const refusals: ReadonlyMap<number, readonly [ExitName, string]> = new Map([
  [4010, ['not_signed_in', 'unauthenticated']],
  [4011, ['not_signed_in', 'invalid_credentials']],
  [4030, ['forbidden', 'forbidden']],
  [4031, ['forbidden', 'refused_by_policy']],
  [4040, ['general', 'not_found']],
  [4290, ['general', 'too_many_attempts']],
  [4291, ['general', 'busy']],
  [5010, ['general', 'unsupported_pairing']],
  [5020, ['general', 'upstream_invalid']],
  [5030, ['general', 'upstream_unavailable']],
  [5031, ['general', 'record_unavailable']],
  [5032, ['general', 'database_unavailable']],
  [5033, ['general', 'shutting_down']],
  [5040, ['general', 'upstream_timeout']],
]);

function mcpFailure(error: unknown, hub: string): unknown {
  if (!(error instanceof McpError)) return cutOff(error, hub) ?? error;
  const [exit, code] = refusals.get(error.code) ?? [undefined, undefined];
  if (exit !== undefined) return new CommandFailure(exit, code, error.message, { fix: fixIn(error.data) });
  if (error.status === 401) return notSignedIn(hub);
  if (error.status === 403) return new CommandFailure('forbidden', 'forbidden', error.message);
  if (error.code === 0) return error.status === 404 || error.status === 405 ? notAHub(hub) : unusable(error);
  return new CommandFailure('tool_error', 'server_error', `The server answered: ${error.message}`);
}

function unusable(error: McpError): CommandFailure {
  return new CommandFailure('general', 'unexpected_answer', error.message);
}

function fixIn(details: unknown): string | null {
  if (typeof details !== 'object' || details === null || !('fix' in details)) return null;
  return typeof details.fix === 'string' ? details.fix : null;
}
