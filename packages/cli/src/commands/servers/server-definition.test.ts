import assert from 'node:assert/strict';
import { test } from 'node:test';
import { transportFrom } from './server-definition.ts';

test('a command keeps its words, and variables come from the line or from here', () => {
  const given = { command: ['npx', '-y', 'a b'], env: ['A=1=2', 'B', 'EMPTY='], cwd: '/srv' };
  assert.deepEqual(transportFrom(given, { B: 'from here' }), {
    type: 'stdio',
    command: 'npx',
    args: ['-y', 'a b'],
    env: { A: '1=2', B: 'from here', EMPTY: '' },
    cwd: '/srv',
  });
});

test('a header keeps all after its first colon', () => {
  const given = { command: [], url: 'https://a.example/mcp', header: ['Authorization: Bearer a:b ', 'X-Empty:'] };
  assert.deepEqual(transportFrom(given, {}), {
    type: 'streamable-http',
    url: 'https://a.example/mcp',
    headers: { Authorization: 'Bearer a:b', 'X-Empty': '' },
  });
});

test('how a server is spoken to follows from its address unless it is said', () => {
  const typeOf = (url: string, transport?: 'sse') => transportFrom({ command: [], url, transport }, {}).type;
  assert.equal(typeOf('https://a.example/sse'), 'streamable-http');
  assert.equal(typeOf('https://a.example/sse', 'sse'), 'sse');
  assert.equal(typeOf('wss://a.example/mcp'), 'websocket');
});

test('what does not go together is refused, and no value is repeated', () => {
  const refused = (given: Parameters<typeof transportFrom>[0]): void => {
    assert.throws(
      () => transportFrom(given, {}),
      (error: Error) => !error.message.includes('hush'),
    );
  };
  refused({ command: [] });
  refused({ command: ['a'], url: 'http://b' });
  refused({ command: [], url: 'http://b', env: ['A=1'] });
  refused({ command: [], url: 'http://b', cwd: '/' });
  refused({ command: ['a'], header: ['A: b'] });
  refused({ command: ['a'], transport: 'sse' });
  refused({ command: ['a'], env: ['MISSING'] });
  refused({ command: ['a'], env: ['hush hush=1'] });
  refused({ command: [], url: 'http://b', header: ['hush'] });
});

test('who signs in at a server is said with its client, whose secret comes from the environment', () => {
  const given = {
    command: [],
    url: 'https://far.example.org/mcp',
    auth: 'machine',
    clientId: 'us',
    scope: ['a'],
  } as const;
  const made = transportFrom(given, { MCPVAULT_CLIENT_SECRET: 'hidden' });
  assert.deepEqual(made.type !== 'stdio' && made.auth, {
    mode: 'shared',
    grant: 'client-credentials',
    client: { id: 'us', secret: 'hidden' },
    scopes: ['a'],
  });
  assert.throws(
    () => transportFrom({ command: [], url: 'https://a.example', auth: 'machine' }, {}),
    /registered by hand/,
  );
  assert.throws(() => transportFrom({ command: ['x'], auth: 'shared' }, {}), /--auth is for servers with a --url/);
});
