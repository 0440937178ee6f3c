// Real clients for scenarios: the official SDK in both of its lines. 1.x speaks the legacy revisions; 2.x also the modern one.
// What a client can be asked (a model's answer, a person's, roots) is what its options say; it declares only those.

import {
  Client as ClientV2,
  StreamableHTTPClientTransport as HttpV2,
  type VersionNegotiationMode,
} from '@modelcontextprotocol/client';
import { StdioClientTransport as StdioV2 } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { createInbox, type Inbox } from './inbox.ts';

/** A URL, or a command to start and to speak to over stdio. */
export type Target =
  | string
  | { readonly command: string; readonly args: string[]; readonly env?: Record<string, string> };

export interface ClientOptions {
  /** Sent as `Authorization: Bearer …`; HTTP only. */
  readonly token?: string;
  /** Further headers; HTTP only. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The model's answer. */
  sampling?(asked: { messages: readonly unknown[] }): string | Promise<string>;
  /** The person's answer. */
  elicitation?(asked: { message: string }): Elicited | Promise<Elicited>;
  /** URIs, `file:///…`. */
  readonly roots?: readonly string[];
}

export interface Elicited {
  readonly action: 'accept' | 'decline' | 'cancel';
  readonly content?: Record<string, string | number | boolean | string[]>;
}

export interface Connection<Client> {
  readonly client: Client;
  /** Every notification that the server sent and the client itself did not use up. */
  readonly inbox: Inbox;
  /** Undefined over stdio, and where the server gave none. */
  sessionId(): string | undefined;
  /** Ends the session at the server as well. */
  close(): Promise<void>;
}

const identity = { name: 'mcpvault-e2e', version: '1.0.0' };

export async function connectV1(target: Target, options: ClientOptions = {}): Promise<Connection<ClientV1>> {
  const client = new ClientV1(identity, { capabilities: capabilitiesOf(options) });
  const { sampling, elicitation, roots } = options;
  if (sampling) {
    client.setRequestHandler(CreateMessageRequestSchema, async ({ params }) => asSampled(await sampling(params)));
  }
  if (elicitation)
    client.setRequestHandler(ElicitRequestSchema, async ({ params }) => ({ ...(await elicitation(params)) }));
  if (roots) client.setRequestHandler(ListRootsRequestSchema, () => asRoots(roots));
  const inbox = createInbox();
  client.fallbackNotificationHandler = async (notification) => inbox.put(notification);
  const http = typeof target === 'string' ? new HttpV1(new URL(target), requestOptions(options)) : undefined;
  await client.connect(http ?? new StdioV1(asStdio(target)));
  return { client, inbox, sessionId: () => http?.sessionId, close: () => closeBoth(client, http) };
}

/** `legacy` is what 2.x speaks by itself; `auto` asks the server first; `modern` insists on 2026-07-28. */
export async function connectV2(
  target: Target,
  options: ClientOptions & { readonly era?: 'legacy' | 'auto' | 'modern' } = {},
): Promise<Connection<ClientV2>> {
  const era = options.era ?? 'auto';
  const mode: VersionNegotiationMode = era === 'modern' ? { pin: '2026-07-28' } : era;
  const client = new ClientV2(identity, { capabilities: capabilitiesOf(options), versionNegotiation: { mode } });
  const { sampling, elicitation, roots } = options;
  if (sampling) {
    client.setRequestHandler('sampling/createMessage', async ({ params }) => asSampled(await sampling(params)));
  }
  if (elicitation)
    client.setRequestHandler('elicitation/create', async ({ params }) => ({ ...(await elicitation(params)) }));
  if (roots) client.setRequestHandler('roots/list', () => asRoots(roots));
  const inbox = createInbox();
  client.fallbackNotificationHandler = async (notification) => inbox.put(notification);
  const http = typeof target === 'string' ? new HttpV2(new URL(target), requestOptions(options)) : undefined;
  await client.connect(http ?? new StdioV2(asStdio(target)));
  return { client, inbox, sessionId: () => http?.sessionId, close: () => closeBoth(client, http) };
}

function capabilitiesOf({ sampling, elicitation, roots }: ClientOptions) {
  return {
    ...(sampling && { sampling: {} }),
    ...(elicitation && { elicitation: {} }),
    ...(roots && { roots: {} }),
  };
}

function requestOptions({ token, headers }: ClientOptions) {
  return { requestInit: { headers: { ...headers, ...(token !== undefined && { Authorization: `Bearer ${token}` }) } } };
}

function asStdio(target: Target) {
  if (typeof target === 'string') throw new Error('A URL is not reached over stdio.');
  return { ...target, stderr: 'ignore' as const };
}

function asSampled(text: string) {
  return {
    role: 'assistant' as const,
    content: { type: 'text' as const, text },
    model: 'a-test',
    stopReason: 'endTurn',
  };
}

function asRoots(uris: readonly string[]) {
  return { roots: uris.map((uri) => ({ uri })) };
}

async function closeBoth(
  client: { close(): Promise<void> },
  http: { readonly sessionId: string | undefined; terminateSession(): Promise<void> } | undefined,
): Promise<void> {
  // The server may be gone already, which is as good as a session that ended.
  if (http?.sessionId !== undefined) await http.terminateSession().catch(() => undefined);
  await client.close();
}
