import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pair } from './pairs.ts';
import {
  changedTransport,
  draftOf,
  emptyTransport,
  nameProblem,
  newTransport,
  suggestedName,
  transportProblem,
} from './transport-draft.ts';

test('a written command becomes a transport', () => {
  const draft = { ...emptyTransport, command: 'npx -y "a b"', cwd: ' /srv ', env: [pair('KEY', 'v'), pair('', 'x')] };
  assert.equal(transportProblem(draft), null);
  assert.deepEqual(newTransport(draft), {
    type: 'stdio',
    command: 'npx',
    args: ['-y', 'a b'],
    cwd: '/srv',
    env: { KEY: 'v' },
  });
});

test('a stored transport can be written back without its secrets', () => {
  const stdio = { type: 'stdio', command: '/bin/x y', args: ['--a', ''], env: ['KEY'] } as const;
  assert.deepEqual(changedTransport(draftOf({ ...stdio, args: [...stdio.args], env: [...stdio.env] })), {
    ...stdio,
    env: { KEY: null },
  });
  const http = { type: 'streamable-http', url: 'https://h/mcp', headers: ['X-Key'] } as const;
  assert.deepEqual(changedTransport(draftOf({ ...http, headers: [...http.headers] })), {
    ...http,
    headers: { 'X-Key': null },
  });
});

test('an era is said only where it is not to be found out', () => {
  const http = { type: 'streamable-http', url: 'https://h/mcp', headers: [], era: 'modern' } as const;
  const draft = draftOf({ ...http, headers: [] });
  assert.equal(changedTransport(draft).era, 'modern');
  assert.equal('era' in changedTransport({ ...draft, era: 'auto' }), false);
  assert.equal(newTransport({ ...emptyTransport, command: 'server', era: 'legacy' }).era, 'legacy');
});

test('what cannot be a transport says where and why', () => {
  const problem = (part: Partial<typeof emptyTransport>) => transportProblem({ ...emptyTransport, ...part })?.field;
  assert.equal(problem({ command: '' }), 'command');
  assert.equal(problem({ command: '"open' }), 'command');
  assert.equal(problem({ command: 'cat /etc/passwd | server' }), 'command');
  assert.equal(problem({ type: 'streamable-http', url: 'example.com/mcp' }), 'url');
  assert.equal(problem({ type: 'streamable-http', url: 'ftp://example.com' }), 'url');
  assert.equal(problem({ type: 'streamable-http', url: ' https://example.com/mcp ' }), undefined);
  assert.equal(problem({ type: 'sse', url: 'https://example.com/sse' }), undefined);
  assert.equal(problem({ type: 'websocket', url: 'https://example.com/mcp' }), 'url');
  assert.equal(problem({ type: 'websocket', url: 'wss://example.com/mcp' }), undefined);
});

test('a name is suggested as soon as it can be told', () => {
  assert.equal(
    suggestedName({ ...emptyTransport, command: 'npx -y @modelcontextprotocol/server-everything' }),
    'everything',
  );
  assert.equal(
    suggestedName({ ...emptyTransport, type: 'streamable-http', url: 'https://mcp.linear.app/mcp' }),
    'linear',
  );
  assert.equal(suggestedName({ ...emptyTransport, type: 'streamable-http', url: 'https:' }), '');
});

test('a name that is taken or cannot be one says so', () => {
  assert.equal(nameProblem('files', ['other']), null);
  assert.match(nameProblem('files', ['files']) ?? '', /exists already/);
  assert.match(nameProblem('My Files', []) ?? '', /lower-case/);
});
