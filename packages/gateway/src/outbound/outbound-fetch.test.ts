import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { Failure } from '@mcpvault/domain/failure';
import type { Resolve } from './guarded-lookup.ts';
import { createOutboundFetch, type OutboundBounds, type OutboundFetch } from './outbound-fetch.ts';
import { createOutboundRules, OutboundRefused } from './outbound-rules.ts';

const ends: (() => void)[] = [];
after(() => {
  for (const end of ends) end();
});

/** Resolves with the port. */
async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

interface Asking {
  readonly allowed?: readonly string[];
  readonly resolve?: Resolve;
  readonly bounds?: Partial<OutboundBounds>;
}

function fetchWith({ allowed = ['127.0.0.0/8'], ...deps }: Asking = {}): OutboundFetch {
  return createOutboundFetch({ rules: createOutboundRules({ allowed, trust: 'none' }), ...deps });
}

function refusedWith(code: Failure['code'], text: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof Failure, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, text);
    return true;
  };
}

const here: Resolve = async () => [{ address: '127.0.0.1', family: 4 }];

test('an answer comes with its status, headers and body', async () => {
  const port = await serve(({ method, headers }, response) => {
    response.writeHead(201, { 'x-seen': `${method} ${headers['content-type']}` }).end('{"a":1}');
  });
  const answer = await fetchWith()(`http://127.0.0.1:${port}/token`, {
    method: 'POST',
    body: new URLSearchParams({ a: 'b' }),
  });
  assert.equal(answer.status, 201);
  assert.equal(answer.headers.get('x-seen'), 'POST application/x-www-form-urlencoded;charset=UTF-8');
  assert.deepEqual(await answer.json(), { a: 1 });
});

test('a place that is not allowed is never connected to', async () => {
  let asked = 0;
  const port = await serve((_request, response) => response.end(String(++asked)));
  await assert.rejects(fetchWith({ allowed: [] })(`http://127.0.0.1:${port}/`), OutboundRefused);
  await assert.rejects(fetchWith({ allowed: [], resolve: here })(`https://auth.example.com:${port}/`), OutboundRefused);
  assert.equal(asked, 0);
});

test('DNS rebinding: the connection goes to the very address that was judged, and each connection is judged anew', async () => {
  const port = await serve((request, response) => response.end(request.headers.host));
  const answers = ['127.0.0.1', '127.0.0.2', '10.0.0.1'];
  const given: string[] = [];
  const resolve: Resolve = async () => {
    const address = answers.shift() ?? '10.0.0.1';
    given.push(address);
    return [{ address, family: 4 }];
  };
  const fetch = fetchWith({ allowed: ['127.0.0.1'], resolve });
  const url = `http://rebound.example:${port}/`;
  assert.equal(await (await fetch(url)).text(), `rebound.example:${port}`);
  assert.deepEqual(given, ['127.0.0.1'], 'one look-up, of which the address is used');
  await assert.rejects(fetchWith({ allowed: ['127.0.0.1'], resolve })(url), OutboundRefused);
  await assert.rejects(fetchWith({ allowed: ['127.0.0.1'], resolve })(url), OutboundRefused);
});

test('a name with one address that may not be reached is refused with all its others', async () => {
  const port = await serve((_request, response) => response.end());
  const resolve: Resolve = async () => [
    { address: '127.0.0.1', family: 4 },
    { address: '169.254.169.254', family: 4 },
  ];
  await assert.rejects(fetchWith({ resolve })(`http://two.example:${port}/`), OutboundRefused);
});

test('redirects are followed, each hop judged, and credentials stay with their origin', async () => {
  const seen: (string | undefined)[] = [];
  const target = await serve(({ headers }, response) => {
    seen.push(headers.authorization);
    response.end('there');
  });
  const port = await serve(({ url }, response) => {
    response
      .writeHead(302, { location: url === '/inner' ? 'http://10.0.0.1/secret' : `http://127.0.0.1:${target}/` })
      .end();
  });
  const headers = { authorization: 'Bearer secret' };
  assert.equal(await (await fetchWith()(`http://127.0.0.1:${port}/`, { headers })).text(), 'there');
  assert.deepEqual(seen, [undefined]);
  await assert.rejects(fetchWith()(`http://127.0.0.1:${port}/inner`), OutboundRefused);
});

test('a chain of redirects ends at its bound, and what sends data never follows one', async () => {
  let hops = 0;
  const port = await serve((_request, response) => response.writeHead(307, { location: `/${++hops}` }).end());
  const url = `http://127.0.0.1:${port}/`;
  await assert.rejects(fetchWith()(url), refusedWith('upstream_invalid', /too often/));
  assert.equal(hops, 4);
  await assert.rejects(
    fetchWith()(url, { method: 'POST', body: 'code=x' }),
    refusedWith('upstream_invalid', /not followed/),
  );
  assert.equal(hops, 5);
  assert.equal((await fetchWith()(url, { redirect: 'manual' })).status, 307);
});

test('a redirect to another scheme is refused', async () => {
  const port = await serve((_request, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end());
  await assert.rejects(fetchWith()(`http://127.0.0.1:${port}/`), OutboundRefused);
});

test('a body without end is cut at its bound', async () => {
  let open = true;
  const port = await serve((_request, response) => {
    response.on('close', () => (open = false));
    const more = (): void => {
      while (open && response.write('x'.repeat(65_536)));
      if (open) response.once('drain', more);
    };
    more();
  });
  const fetch = fetchWith({ bounds: { maxBytes: 200_000 } });
  await assert.rejects(fetch(`http://127.0.0.1:${port}/`), refusedWith('upstream_invalid', /more than 200000 bytes/));
});

test('a body that says it is compressed is not unpacked', async () => {
  const port = await serve((_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'));
  await assert.rejects(fetchWith()(`http://127.0.0.1:${port}/`), refusedWith('upstream_invalid', /compressed/));
});

for (const [what, listener] of [
  ['never answers', () => {}],
  ['begins an answer and hangs', (_request, response) => void response.writeHead(200).write('{')],
] as const satisfies readonly (readonly [string, RequestListener])[])
  test(`whoever ${what} is given up`, async () => {
    const port = await serve(listener);
    const fetch = fetchWith({ bounds: { timeout: 150 } });
    await assert.rejects(fetch(`http://127.0.0.1:${port}/`), refusedWith('upstream_timeout', /did not answer/));
  });

test('a look-up that never ends is given up', async () => {
  const fetch = fetchWith({ bounds: { timeout: 50 }, resolve: () => new Promise(() => {}) });
  await assert.rejects(fetch('http://slow.example/'), refusedWith('upstream_timeout', /did not answer/));
});

test('whoever asked can give up first', async () => {
  const port = await serve(() => {});
  const controller = new AbortController();
  const asked = fetchWith()(`http://127.0.0.1:${port}/`, { signal: controller.signal });
  controller.abort(new Error('changed my mind'));
  await assert.rejects(asked, /changed my mind/);
});

test('where nothing listens, the failure says so without the rest of the URL', async () => {
  const port = await serve(() => {});
  ends.splice(0).forEach((end) => end());
  await assert.rejects(fetchWith()(`http://127.0.0.1:${port}/?code=secret`), (error) => {
    assert.ok(error instanceof Failure);
    assert.equal(error.code, 'upstream_unavailable');
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });
});
