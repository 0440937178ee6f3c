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

/** How the hub's own refusals end a command; its other failures end it with `general`. */
const refusals: Readonly<Record<string, ExitName>> = {
  unauthenticated: 'not_signed_in',
  invalid_credentials: 'not_signed_in',
  forbidden: 'forbidden',
  refused_by_policy: 'forbidden',
};

function mcpFailure(error: unknown, hub: string): unknown {
  if (!(error instanceof McpError)) return cutOff(error, hub) ?? error;
  const { code, fix } = said(error);
  if (code !== null) return new CommandFailure(refusals[code] ?? 'general', code, error.message, { fix });
  if (error.status === 401) return notSignedIn(hub);
  if (error.status === 403) return new CommandFailure('forbidden', 'forbidden', error.message);
  if (error.code === 0) return error.status === 404 || error.status === 405 ? notAHub(hub) : unusable(error);
  return new CommandFailure('tool_error', 'server_error', `The server answered: ${error.message}`);
}

/** The failure's name, where the hub itself answered: its codes are positive, those of servers mostly are not. */
function said({ code, data }: McpError): { readonly code: string | null; readonly fix: string | null } {
  const details = typeof data === 'object' && data !== null ? (data as Readonly<Record<string, unknown>>) : {};
  return {
    code: code > 0 && typeof details.code === 'string' ? details.code : null,
    fix: typeof details.fix === 'string' ? details.fix : null,
  };
}

function unusable(error: McpError): CommandFailure {
  return new CommandFailure('general', 'unexpected_answer', error.message);
}
