import { Connection } from './connection.ts';
import type { Caller } from './echo-call.ts';
import type { Endpoint } from './mcp-session.ts';

const protocol = '2026-07-28';

/** A client of the modern era: no session, every request says all there is to say. */
export class ModernClient implements Caller {
  readonly #endpoint: Endpoint;
  readonly connection: Connection;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
    this.connection = new Connection(endpoint.port);
  }

  toolCall(id: number, tool: string, args: string): Buffer {
    const meta =
      `"io.modelcontextprotocol/protocolVersion":"${protocol}","io.modelcontextprotocol/clientCapabilities":{},` +
      '"io.modelcontextprotocol/clientInfo":{"name":"mcpvault-bench","version":"1"}';
    const params = `{"name":"${tool}","arguments":${args},"_meta":{${meta}}}`;
    const body = `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":${params}}`;
    const { port, path, token } = this.#endpoint;
    return Buffer.from(
      `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\naccept: application/json, text/event-stream\r\n` +
        (token === null ? '' : `authorization: Bearer ${token}\r\n`) +
        `mcp-protocol-version: ${protocol}\r\nmcp-method: tools/call\r\nmcp-name: ${tool}\r\n` +
        `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }

  async end(): Promise<void> {
    this.connection.close();
  }
}
