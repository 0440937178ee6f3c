// MCP over plain HTTP, byte for byte: for scenarios about what exactly is said, and about what no proper client would say.

import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { patienceMs } from './eventually.ts';

export interface BareRequest {
  readonly method?: string;
  readonly body?: string | Buffer;
  /** Further headers; undefined takes one of the usual ones away. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

export interface BareReply {
  readonly status: number;
  readonly headers: Readonly<NodeJS.Dict<string | string[]>>;
  readonly body: Buffer;
  /** Of a stream; empty for anything else. */
  readonly events: readonly BareEvent[];
  /** The last message: the body, or the last event that had data. Undefined where there is none. */
  readonly message: BareMessage | undefined;
}

export interface BareEvent {
  readonly id: string | undefined;
  readonly data: string;
}

export interface BareMessage {
  readonly id?: string | number | null;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: {
    readonly code: number;
    readonly message: string;
    readonly data?: Readonly<Record<string, unknown>>;
  };
}

/** A reply that is still coming in. */
export interface BareStream {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** Those so far. */
  readonly events: BareEvent[];
  readonly done: Promise<BareReply>;
  /** Resolves once this many events have come. */
  atLeast(count: number): Promise<readonly BareEvent[]>;
  /** Breaks the connection off. */
  cut(): void;
}

export interface BareClient {
  readonly url: string;
  /** Sent with every request; changed by `open`. */
  readonly headers: Record<string, string>;
  /** Begins a legacy session. */
  open(protocol?: string): Promise<BareReply>;
  send(request: BareRequest): Promise<BareReply>;
  stream(request: BareRequest): Promise<BareStream>;
  /** Posts a JSON-RPC request; `params` may be JSON text. */
  call(method: string, params?: object | string, id?: string | number): Promise<BareReply>;
  notify(method: string, params?: object): Promise<BareReply>;
  /** Ends what is still open. */
  close(): void;
}

export function createBareClient(url: string, token: string | null): BareClient {
  const agent = new Agent({ keepAlive: true });
  const headers: Record<string, string> = {
    ...(token !== null && { authorization: `Bearer ${token}` }),
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  };
  let ids = 0;

  function stream({ method = 'POST', body, headers: own }: BareRequest): Promise<BareStream> {
    const sent = Object.entries({ ...headers, ...own }).filter(([, value]) => value !== undefined) as [
      string,
      string,
    ][];
    const { promise, resolve, reject } = Promise.withResolvers<BareStream>();
    const setHost = own?.host === undefined;
    const outgoing = httpRequest(url, { method, agent, headers: Object.fromEntries(sent), setHost });
    outgoing.setNoDelay(true);
    outgoing.once('error', reject);
    outgoing.once('response', (incoming) => resolve(receive(incoming)));
    outgoing.end(body);
    return promise;
  }

  const client: BareClient = {
    url,
    headers,
    stream,
    send: async (request) => (await stream(request)).done,
    async open(protocol = '2025-11-25') {
      const clientInfo = { name: 'bare', version: '1.0.0' };
      const reply = await client.call('initialize', { protocolVersion: protocol, capabilities: {}, clientInfo });
      const id = reply.headers['mcp-session-id'];
      if (typeof id !== 'string') throw new Error(`No session: ${reply.status} ${reply.body.toString()}`);
      headers['mcp-session-id'] = id;
      headers['mcp-protocol-version'] = String(reply.message?.result?.protocolVersion);
      await client.notify('notifications/initialized');
      return reply;
    },
    call(method, params = {}, id = ++ids) {
      const text = typeof params === 'string' ? params : JSON.stringify(params);
      const body = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"method":${JSON.stringify(method)},"params":${text}}`;
      return client.send({ body });
    },
    notify: (method, params) =>
      client.send({ body: JSON.stringify({ jsonrpc: '2.0', method, ...(params !== undefined && { params }) }) }),
    close: () => agent.destroy(),
  };
  return client;
}

function receive(incoming: IncomingMessage): BareStream {
  const chunks: Buffer[] = [];
  const events: BareEvent[] = [];
  const done = Promise.withResolvers<BareReply>();
  done.promise.catch(() => undefined);
  const isStream = incoming.headers['content-type']?.startsWith('text/event-stream') === true;
  let rest = '';
  incoming.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    if (!isStream) return;
    const parts = (rest + chunk.toString('latin1')).split('\n\n');
    rest = parts.pop() ?? '';
    for (const part of parts) events.push(...eventIn(part));
  });
  incoming.once('error', done.reject);
  incoming.once('end', () => {
    const body = Buffer.concat(chunks);
    const text = isStream ? events.findLast(({ data }) => data !== '')?.data : body.toString();
    done.resolve({
      status: incoming.statusCode ?? 0,
      headers: incoming.headers,
      body,
      events,
      message: messageIn(text),
    });
  });
  return {
    status: incoming.statusCode ?? 0,
    headers: incoming.headers,
    events,
    done: done.promise,
    async atLeast(count) {
      for (let waited = 0; events.length < count; waited += 10) {
        if (waited > patienceMs) throw new Error(`Only ${events.length} of ${count} events came.`);
        await setTimeout(10);
      }
      return events;
    },
    cut: () => incoming.destroy(),
  };
}

/** Only what our own encoder writes: fields in lines that end with a line feed. Comments give no event. */
function eventIn(part: string): BareEvent[] {
  const fields = part.split('\n').map((line) => /^(\w*): ?(.*)$/s.exec(line) ?? [line, '', '']);
  const of = (name: string) => fields.filter((field) => field[1] === name).map((field) => field[2] ?? '');
  if (of('data').length === 0) return [];
  return [{ id: of('id')[0], data: Buffer.from(of('data').join('\n'), 'latin1').toString() }];
}

function messageIn(text: string | undefined): BareMessage | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    return JSON.parse(text) as BareMessage;
  } catch {
    return undefined;
  }
}
