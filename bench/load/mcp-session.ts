import { connect, type Socket } from 'node:net';
import { type Answer, valueOf } from './answer-reader.ts';
import { Connection } from './connection.ts';
import type { Caller } from './echo-call.ts';

/** Where sessions are opened, on this machine. */
export interface Endpoint {
  readonly port: number;
  readonly path: string;
  /** Bearer credential; null where none is asked for. */
  readonly token: string | null;
}

const protocol = '2025-06-18';

/** One client's session with an MCP endpoint over Streamable HTTP. */
export class McpSession implements Caller {
  readonly #endpoint: Endpoint;
  readonly #connection: Connection;
  #conversation = '';
  #stream: Socket | null = null;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
    this.#connection = new Connection(endpoint.port);
  }

  get connection(): Connection {
    return this.#connection;
  }

  async open(): Promise<void> {
    const params = {
      protocolVersion: protocol,
      capabilities: {},
      clientInfo: { name: 'mcpvault-bench', version: '1' },
    };
    const { head } = await this.ask({ id: 1, method: 'initialize', params }, 200);
    const id = valueOf(head, 'mcp-session-id');
    const named = id === null ? '' : `mcp-session-id: ${id}\r\n`;
    this.#conversation = `${named}mcp-protocol-version: ${protocol}\r\n`;
    await this.ask({ method: 'notifications/initialized' }, 202);
  }

  /** Names of the tools of the first page. */
  async tools(): Promise<readonly string[]> {
    const { body } = await this.ask({ id: 2, method: 'tools/list', params: {} }, 200);
    const answer = JSON.parse(textOf(body)) as { result?: { tools?: readonly { name: string }[] } };
    if (answer.result?.tools === undefined) throw new Error(`no tools in ${textOf(body).slice(0, 300)}`);
    return answer.result.tools.map((tool) => tool.name);
  }

  /** Opens the stream on which the server may speak unasked, and keeps it; resolves with its status. */
  listen(): Promise<number> {
    const socket = connect({ host: '127.0.0.1', port: this.#endpoint.port, noDelay: true });
    this.#stream = socket;
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('data', (data: Buffer) => resolve(Number(data.toString('latin1', 9, 12))));
      socket.write(this.request('GET', ''));
    });
  }

  /** Ends the session and every connection of it; never throws. */
  async end(): Promise<void> {
    this.#stream?.destroy();
    await this.#exchange(this.request('DELETE', '')).catch(() => undefined);
    this.#connection.close();
  }

  async ask(message: object, expected: number): Promise<Answer> {
    const answer = await this.#exchange(this.request('POST', JSON.stringify({ jsonrpc: '2.0', ...message })));
    if (answer.status === expected) return answer;
    throw new Error(`HTTP ${answer.status} instead of ${expected}: ${answer.body.toString().slice(0, 300)}`);
  }

  toolCall(id: number, tool: string, args: string): Buffer {
    const params = `{"name":"${tool}","arguments":${args}}`;
    return this.request('POST', `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":${params}}`);
  }

  /** A whole request as bytes, to be sent on `connection` any number of times. */
  request(method: 'POST' | 'GET' | 'DELETE', body: string): Buffer {
    const { port, path, token } = this.#endpoint;
    const posted = `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
    return Buffer.from(
      `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\naccept: application/json, text/event-stream\r\n` +
        (token === null ? '' : `authorization: Bearer ${token}\r\n`) +
        `${this.#conversation}${method === 'POST' ? posted : ''}\r\n${body}`,
    );
  }

  #exchange(request: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#connection.exchange(request, (error, answer) => {
        if (answer === null) reject(error ?? new Error('no answer'));
        else resolve(answer);
      });
    });
  }
}

/** The JSON in an answer's body, be it plain or the last event of a stream. */
function textOf(body: Buffer): string {
  const text = body.toString();
  const at = text.lastIndexOf('\ndata:');
  if (text.startsWith('{')) return text;
  return text.slice(text.startsWith('data:') && at < 0 ? 5 : at + 6).trim();
}
