import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  request,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { after, describe, it } from 'node:test';
import { startAuthShim } from './auth-shim.ts';

const closers: (() => Promise<unknown>)[] = [];
after(() => Promise.all(closers.map((close) => close())));

describe('the auth shim', () => {
  it('adds the token, in place of any other, and leaves Host, Origin and the body alone', async () => {
    const shim = await shimBefore(async (incoming, outgoing) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk);
      const { authorization, host, origin } = incoming.headers;
      outgoing.end(
        JSON.stringify({ authorization, host, origin, path: incoming.url, body: Buffer.concat(chunks).toString() }),
      );
    });
    const headers = { Host: 'evil.example.com', Origin: 'http://evil.example.com', Authorization: 'Bearer mine' };
    const answer = await send(`${shim}/mcp?x=1`, { method: 'POST', headers, body: 'größer' });
    assert.deepEqual(JSON.parse(await bodyOf(answer)), {
      authorization: 'Bearer secret',
      host: 'evil.example.com',
      origin: 'http://evil.example.com',
      path: '/mcp?x=1',
      body: 'größer',
    });
  });

  it('passes on the status, the reason and repeated headers', async () => {
    const shim = await shimBefore((_, outgoing) => {
      outgoing.writeHead(418, 'Short and stout', ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'X-Kept', 'yes']).end();
    });
    const answer = await send(shim, {});
    assert.equal(answer.statusCode, 418);
    assert.equal(answer.statusMessage, 'Short and stout');
    assert.deepEqual(answer.headers['set-cookie'], ['a=1', 'b=2']);
    assert.equal(answer.headers['x-kept'], 'yes');
  });

  it('delivers the headers and each piece of an answer before the answer is complete', async () => {
    let target: ServerResponse | undefined;
    const shim = await shimBefore((_, outgoing) => {
      target = outgoing.writeHead(200, { 'Content-Type': 'text/event-stream' });
      outgoing.flushHeaders();
    });
    const answer = await send(shim, {});
    for (const piece of ['data: one\n\n', 'data: two\n\n']) {
      target?.write(piece);
      const [chunk] = await once(answer, 'data');
      assert.equal(String(chunk), piece);
    }
    target?.end();
    await once(answer, 'end');
  });

  it('tells the target when the client goes away', async () => {
    const gone = Promise.withResolvers<void>();
    const shim = await shimBefore((_, outgoing) => {
      outgoing.writeHead(200).write('first');
      outgoing.once('close', gone.resolve);
    });
    const answer = await send(shim, {});
    answer.destroy();
    await gone.promise;
  });

  it('breaks off towards the client when the target breaks off', async () => {
    const shim = await shimBefore((_, outgoing) => {
      outgoing.writeHead(200).write('half of it', () => outgoing.destroy());
    });
    const answer = await send(shim, {});
    await assert.rejects(bodyOf(answer), /aborted/);
  });

  it('answers 502 when nobody listens at the target', async () => {
    const target = createServer();
    const port = await listen(target);
    await new Promise((resolve) => target.close(resolve));
    const shim = await startAuthShim({ target: `http://127.0.0.1:${port}/mcp`, token: 'secret' });
    closers.push(shim.close);
    assert.equal((await send(shim.url, {})).statusCode, 502);
  });

  it('closes although a stream is still open', async () => {
    const server = createServer((_, outgoing) => void outgoing.writeHead(200).write('open'));
    const port = await listen(server);
    const shim = await startAuthShim({ target: `http://127.0.0.1:${port}/`, token: 'secret' });
    const answer = await send(shim.url, {});
    answer.once('error', () => undefined);
    await shim.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});

/** The origin of a shim before a target that answers with `listener`. */
async function shimBefore(listener: RequestListener): Promise<string> {
  const target = createServer(listener);
  const port = await listen(target);
  const shim = await startAuthShim({ target: `http://127.0.0.1:${port}`, token: 'secret' });
  closers.push(async () => {
    await shim.close();
    target.closeAllConnections();
    await new Promise((resolve) => target.close(resolve));
  });
  return new URL(shim.url).origin;
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return address.port;
}

interface Sent {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

function send(url: string, { method = 'GET', headers, body }: Sent): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request(url, { method, ...(headers && { headers }), agent: false }, resolve)
      .once('error', reject)
      .end(body);
  });
}

async function bodyOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
