// A proxy on loopback that adds a bearer token, for peers that cannot send one. It passes on bytes as they come, both ways,
// and leaves every other header as it was: Host and Origin reach the target untouched, so the target's own checks are tested.

import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

export interface AuthShim {
  /** The shim's own address with the target's path; `localhost`. */
  readonly url: string;
  /** Cuts what is still open. */
  close(): Promise<void>;
}

/** `target` is an `http:` URL; the paths of requests are passed on as they come. */
export async function startAuthShim({ target, token }: { target: string; token: string }): Promise<AuthShim> {
  const to = new URL(target);
  const agent = new Agent({ keepAlive: true });

  function forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const onward = request({
      agent,
      host: to.hostname,
      port: to.port,
      method: incoming.method,
      path: incoming.url,
      setHost: false,
      headers: [...without(incoming.rawHeaders, 'authorization', 'connection'), 'Authorization', `Bearer ${token}`],
    });
    onward.setNoDelay(true);
    onward.once('response', (answer) => passBack(answer, outgoing));
    onward.once('error', () => giveUp(outgoing));
    outgoing.once('close', () => onward.destroy());
    incoming.pipe(onward);
  }

  const server = createServer(forward);
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The shim has no port.');
  return {
    url: `http://localhost:${address.port}${to.pathname}${to.search}`,
    async close() {
      server.closeAllConnections();
      agent.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function passBack(answer: IncomingMessage, outgoing: ServerResponse): void {
  outgoing.sendDate = false;
  outgoing.writeHead(
    answer.statusCode ?? 502,
    answer.statusMessage,
    without(answer.rawHeaders, 'connection', 'keep-alive'),
  );
  outgoing.flushHeaders();
  outgoing.socket?.setNoDelay(true);
  answer.once('error', () => giveUp(outgoing));
  answer.pipe(outgoing);
}

/** A target that broke off must look broken off to the client as well, never complete. */
function giveUp(outgoing: ServerResponse): void {
  if (outgoing.headersSent) outgoing.destroy();
  else outgoing.writeHead(502).end('The target did not answer.');
}

/** `rawHeaders` alternates names and values, as Node gives them. */
function without(rawHeaders: readonly string[], ...names: string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    const value = rawHeaders[index + 1];
    if (name !== undefined && value !== undefined && !names.includes(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
}
