// The MCP endpoint of a fake hub: one session, two tools, and the ways in which a call may end.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';

type Rpc = Readonly<{ id?: number; method?: string; params?: { name?: string; arguments?: Record<string, unknown> } }>;

/** What arrived, in order: methods of messages, and `DELETE` for the end of the session. */
export type Heard = string[];

export async function answerMcp(request: IncomingMessage, response: ServerResponse, heard: Heard): Promise<void> {
  if (request.method === 'DELETE') {
    heard.push('DELETE');
    response.writeHead(204).end();
    return;
  }
  const { id, method, params } = (await json(request)) as Rpc;
  heard.push(method ?? 'answer');
  if (id === undefined) {
    response.writeHead(202).end();
    return;
  }
  const reply = (message: object): string => JSON.stringify({ jsonrpc: '2.0', id, ...message });
  if (method === 'initialize') {
    const result = { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'fake', version: '1' } };
    response.writeHead(200, { 'content-type': 'application/json', 'mcp-session-id': 's1' }).end(reply({ result }));
    return;
  }
  // A hanging tool never answers.
  if (params?.name === 'hang') return;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const progress = {
    jsonrpc: '2.0',
    method: 'notifications/progress',
    params: { progressToken: 'call', progress: 1, total: 2 },
  };
  response.write(`data: ${JSON.stringify(progress)}\n\n`);
  response.end(`data: ${reply(outcome(params?.name ?? '', params?.arguments ?? {}))}\n\n`);
}

function outcome(tool: string, args: Record<string, unknown>): object {
  if (tool === 'fail') return { result: { isError: true, content: [{ type: 'text', text: 'no such file' }] } };
  if (tool === 'forbidden')
    return { error: { code: 4031, message: 'A policy refused it: no secrets.', data: { code: 'refused_by_policy' } } };
  if (tool === 'crash') return { error: { code: -32603, message: 'boom' } };
  if (tool === 'away')
    return {
      error: {
        code: 5030,
        message: 'The server is away.',
        data: { code: 'upstream_unavailable', fix: 'Wait a little.' },
      },
    };
  if (tool === 'mixed') {
    const content = [
      { type: 'text', text: 'red \u001b[31m' },
      { type: 'image', mimeType: 'image/png', data: Buffer.alloc(1500).toString('base64') },
      { type: 'resource_link', name: 'notes', uri: 'file:///notes.txt' },
      { type: 'resource', resource: { uri: 'file:///a', text: 'inside' } },
    ];
    return { result: { content } };
  }
  return { result: { content: [{ type: 'text', text: JSON.stringify(args) }] } };
}
