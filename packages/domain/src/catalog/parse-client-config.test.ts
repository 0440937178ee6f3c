import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseClientConfig } from './parse-client-config.ts';
import { serverNamePattern } from './server.ts';

/** Names and transports, for short. */
const servers = (text: string) => parseClientConfig(text).servers.map(({ name, transport }) => [name, transport]);
const problems = (text: string) => parseClientConfig(text).problems.map(({ name, problem }) => `${name}: ${problem}`);
const stdio = (command: string, args: string[] = [], env: Record<string, string> = {}) => ({
  type: 'stdio',
  command,
  args,
  env,
});
const http = (url: string, headers: Record<string, string> = {}) => ({ type: 'streamable-http', url, headers });

test('a file of the most common shape is read, whatever else it holds', () => {
  const text = `{
    "globalShortcut": "Alt+Space",
    "mcpServers": {
      "filesystem": { "command": "npx", "args": ["-y", "@modelcontextprotocol/server-filesystem", "/home/ana"] },
      "github": { "command": "docker", "args": ["run", "-i", "ghcr.io/github/github-mcp-server"], "env": { "PORT": 80, "T": "x" }, "cwd": "/tmp" },
      "figma": { "serverUrl": "https://mcp.figma.com/mcp", "headers": { "X-Figma": "1" } },
      "bq": { "httpUrl": "https://bigquery.googleapis.com/mcp" }
    }
  }`;
  assert.deepEqual(servers(text), [
    ['filesystem', stdio('npx', ['-y', '@modelcontextprotocol/server-filesystem', '/home/ana'])],
    [
      'github',
      { ...stdio('docker', ['run', '-i', 'ghcr.io/github/github-mcp-server'], { PORT: '80', T: 'x' }), cwd: '/tmp' },
    ],
    ['figma', http('https://mcp.figma.com/mcp', { 'X-Figma': '1' })],
    ['bq', http('https://bigquery.googleapis.com/mcp')],
  ]);
  assert.deepEqual(problems(text), []);
});

test('comments, trailing commas, single quotes, bare keys and a byte order mark are read', () => {
  const text = `\ufeff// mine 🙏
  { /* all */ "servers": {
    'docs': { type: "http", "url": "https://docs.example/mcp", }, // pinned
    // "old": { "command": "node" },
  }, }`;
  assert.deepEqual(servers(text), [['docs', http('https://docs.example/mcp')]]);
});

test('the other places where clients keep servers are found', () => {
  const entry = '{"command":"x"}';
  for (const text of [
    `{"context_servers":{"a":${entry}},"agent":{"profiles":{"w":{"context_servers":{"a":{"tools":{"t":false}}}}}}}`,
    `{"mcp":{"servers":{"a":${entry}},"inputs":[]}}`,
    `{"mcp":{"a":${entry}}}`,
    `{"amp.mcpServers":{"a":${entry}}}`,
    `{"settings":{"mcp":{"servers":{"a":${entry}}}}}`,
    `{"projects":{"/src":{"mcpServers":{"a":${entry}}}}}`,
    `{"mcpServers":[{"name":"a","command":"x"}]}`,
    `{"a":${entry}}`,
    `"a": ${entry},`,
    `"mcpServers": {"a":${entry}}`,
  ]) {
    assert.deepEqual(servers(text), [['a', stdio('x')]], text);
    assert.deepEqual(problems(text), [], text);
  }
});

test('commands as lists, commands as objects and transports of their own are read', () => {
  const text = `{"mcp":{
    "everything": {"type":"local","command":["npx","-y","server-everything"],"environment":{"A":"1"},"enabled":true},
    "zed": {"command":{"path":"node","args":["/opt/mcp/index.js"],"env":{"DEBUG":"1"}}},
    "linear": {"transport":{"type":"streamableHttp","url":"https://mcp.linear.app/mcp"}},
    "jb": {"type":"remote","url":"https://jb.example/mcp","requestInit":{"headers":{"Authorization":"Bearer x"}}}
  }}`;
  assert.deepEqual(servers(text), [
    ['everything', stdio('npx', ['-y', 'server-everything'], { A: '1' })],
    ['zed', stdio('node', ['/opt/mcp/index.js'], { DEBUG: '1' })],
    ['linear', http('https://mcp.linear.app/mcp')],
    ['jb', http('https://jb.example/mcp', { Authorization: 'Bearer x' })],
  ]);
});

test('a bare entry gets its name from its package, image, program or host', () => {
  const named = (text: string) => parseClientConfig(text).servers[0]?.name;
  assert.equal(named('{"command":"npx","args":["-y","@modelcontextprotocol/server-memory@1.0"]}'), 'memory');
  assert.equal(named('{"url":"https://mcp.linear.app/mcp"}'), 'linear');
  assert.equal(named('docker run -i --rm -e TOKEN ghcr.io/github/github-mcp-server'), 'github');
  assert.equal(named('uvx mcp-server-git==1.2 --repository .'), 'git');
  assert.equal(named('python3 -m weather_mcp'), 'weather');
  assert.equal(named('node /opt/weather/build/index.js'), 'weather');
  assert.equal(named('http://127.0.0.1:3845/mcp'), '127-0-0-1');
});

test('names become fit for addresses and stay apart, and the written ones are kept', () => {
  const text =
    '{"mcpServers":{"SQL Server (prod)":{"command":"a"},"sql-server-prod":{"command":"b"},"заметки":{"command":"/bin/notes-mcp"},"Über":{"command":"c"},"__proto__":{"command":"d"}}}';
  assert.deepEqual(
    parseClientConfig(text).servers.map(({ name, originalName }) => [name, originalName]),
    [
      ['sql-server-prod', 'SQL Server (prod)'],
      ['sql-server-prod-2', 'sql-server-prod'],
      ['notes', 'заметки'],
      ['uber', 'Über'],
      ['proto', '__proto__'],
    ],
  );
});

test('command lines are split as a shell would', () => {
  assert.deepEqual(servers(`$ A=1 B='2 3' npx -y @x/y --flag "a b" c\\ d`), [
    ['y', stdio('npx', ['-y', '@x/y', '--flag', 'a b', 'c d'], { A: '1', B: '2 3' })],
  ]);
  assert.deepEqual(servers('npx -y \\\n  notes-mcp'), [['notes', stdio('npx', ['-y', 'notes-mcp'])]]);
  assert.deepEqual(servers('uvx a-mcp\n\n# another\nuvx b-mcp'), [
    ['a', stdio('uvx', ['a-mcp'])],
    ['b', stdio('uvx', ['b-mcp'])],
  ]);
});

test('lines that would add a server to a client are read as that server', () => {
  assert.deepEqual(servers('claude mcp add --transport http sentry https://mcp.sentry.dev/mcp --header "X-Key: a b"'), [
    ['sentry', http('https://mcp.sentry.dev/mcp', { 'X-Key': 'a b' })],
  ]);
  assert.deepEqual(servers('claude mcp add airtable -s user -e KEY=v OTHER=w -- npx -y airtable-mcp --env x'), [
    ['airtable', stdio('npx', ['-y', 'airtable-mcp', '--env', 'x'], { KEY: 'v', OTHER: 'w' })],
  ]);
  assert.deepEqual(servers('gemini mcp add --env=A=1 mine node server.js --port 1'), [
    ['mine', stdio('node', ['server.js', '--port', '1'], { A: '1' })],
  ]);
  assert.deepEqual(servers(`claude mcp add-json weather '{"command":"w","args":["--all"]}'`), [
    ['weather', stdio('w', ['--all'])],
  ]);
  assert.deepEqual(servers('codex mcp add docs --url https://docs.example/mcp'), [
    ['docs', http('https://docs.example/mcp')],
  ]);
  assert.deepEqual(servers(`code --add-mcp '{"name":"gh","url":"https://gh.example/mcp"}'`), [
    ['gh', http('https://gh.example/mcp')],
  ]);
});

test('install links are read', () => {
  const config = btoa('{"command":"npx","args":["-y","pg"]}');
  assert.deepEqual(servers(`cursor://anysphere.cursor-deeplink/mcp/install?name=pg&config=${config}`), [
    ['pg', stdio('npx', ['-y', 'pg'])],
  ]);
  const json = encodeURIComponent('{"name":"gh","type":"http","url":"https://gh.example/mcp"}');
  assert.deepEqual(servers(`vscode:mcp/install?${json}`), [['gh', http('https://gh.example/mcp')]]);
  assert.match(problems('cursor://x/mcp/install?config=%%%').join(), /link cannot be read/);
});

test('what only the client can fill in is named, and its value is not', () => {
  const text =
    '{"servers":{"p":{"command":"npx","args":["--key=${KEY}"],"env":{"API_KEY":"sk-${input:key}-tail","REGION":"eu"},"envFile":".env"}}}';
  assert.equal(servers(text).length, 1);
  const told = problems(text);
  assert.match(told[0] ?? '', /^p: It reads variables from a file/);
  assert.match(told[1] ?? '', /^p: The client would fill in the arguments, API_KEY from/);
  assert.ok(!told.join().includes('tail'));
});

test('a Windows wrapper is left out and said so', () => {
  const text = '{"mcpServers":{"o":{"command":"cmd","args":["/c","npx","-y","outlook-mcp"]}}}';
  assert.deepEqual(servers(text), [['o', stdio('npx', ['-y', 'outlook-mcp'])]]);
  assert.match(problems(text).join(), /written for Windows/);
});

test('servers over the older HTTP+SSE and over WebSockets are known by their type, else by their address', () => {
  const text = `{"mcpServers":{
    "typed": {"type":"sse","url":"https://e.example/events","headers":{"X-A":"1"}}, "sse": {"url":"https://e.example/sse"},
    "both": {"type":"http","url":"https://e.example/sse"}, "socket": {"url":"wss://e.example/mcp"},
    "ws": {"transport":"websocket","url":"ws://e.example/mcp"}
  }}`;
  assert.deepEqual(servers(text), [
    ['typed', { type: 'sse', url: 'https://e.example/events', headers: { 'X-A': '1' } }],
    ['sse', { type: 'sse', url: 'https://e.example/sse', headers: {} }],
    ['both', http('https://e.example/sse')],
    ['socket', { type: 'websocket', url: 'wss://e.example/mcp', headers: {} }],
    ['ws', { type: 'websocket', url: 'ws://e.example/mcp', headers: {} }],
  ]);
  assert.deepEqual(problems(text), []);
  assert.deepEqual(servers('claude mcp add --transport sse asana https://mcp.asana.com/sse'), [
    ['asana', { type: 'sse', url: 'https://mcp.asana.com/sse', headers: {} }],
  ]);
});

test('entries that cannot be used are named with the reason, and do not hide the others', () => {
  const text = `{"mcpServers":{
    "nothing": null, "both": {"command":"x","url":"https://y.example/mcp"}, "empty": {"type":"http","url":""},
    "old": {"type":"sse","url":"wss://e.example/sse"}, "socket": {"url":"unix:///tmp/s.sock"}, "words": {"url":"not a url"},
    "odd": {"command":{"path":1}}, "args": {"command":"x","args":[{}]}, "ext": {"settings":{}},
    "twice": {"command":"first"}, "twice": {"command":"second"},
    "fine": {"command":"x","args":null}
  }}`;
  assert.deepEqual(servers(text), [
    ['odd', stdio('1')],
    ['twice', stdio('second')],
    ['fine', stdio('x')],
  ]);
  assert.deepEqual(
    problems(text).map((line) => line.slice(0, 32)),
    [
      'nothing: It is not an object wit',
      'both: It has a command and a url',
      'empty: It has neither a command ',
      'old: Its address begins with wss',
      'socket: Its address begins with ',
      'words: Its address is not a URL.',
      'args: Its command or args are no',
      'ext: It is built into the client',
      'twice: The name is used twice; t',
    ],
  );
});

test('what cannot be read is answered with the place and a way on', () => {
  for (const [text, said] of [
    ['', /nothing to read/],
    [' \n\ufeff', /nothing to read/],
    ['{"mcpServers": {\n "git": {"command": "uv', /Line 2, column 21: this text’s quotes are never closed/],
    ['{"mcpServers": {"a": {"command": "x"}', /a { is never closed/],
    ['{"a" 1}', /a colon was expected/],
    ['{"a":1} x', /something behind the end/],
    ['{"theme":"x"}', /No servers were found/],
    ['{"mcpServers":{}}', /has no servers in it/],
    ['{"mcpServers":"x"}', /neither an object nor a list/],
    ['[mcp_servers.x]\ncommand = "npx"', /TOML/],
    ['mcpServers:\n  - name: x', /YAML/],
    ['npx a | tee b', /joins commands or files with \|/],
    ['npx $(cat x)', /takes the output of another command/],
    ['npx "a', /never closed/],
    [`${'['.repeat(200)}`, /nested too deeply/],
    ['{\0"\0a\0', /UTF-16/],
  ] as const) {
    const { servers: none, problems: told } = parseClientConfig(text);
    assert.deepEqual(none, [], text);
    assert.match(told[0]?.problem ?? '', said, text);
    assert.ok((told[0]?.fix ?? '') !== '', text);
  }
});

test('any text at all gets an answer, and names always fit', () => {
  const pieces = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    '"',
    "'",
    'mcpServers',
    'command',
    'url',
    'claude mcp add ',
    '-e',
    '=',
    ' ',
    '\n',
    '\\',
    '//',
    '/*',
    'http://a.b',
    'é',
    'x',
    '1',
    '-- ',
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(pieces, { maxLength: 30 }).map((some) => some.join('')),
    fc.json(),
  );
  fc.assert(
    fc.property(text, (some) => {
      const { servers: found, problems: told } = parseClientConfig(some);
      for (const { name } of found) assert.match(name, serverNamePattern);
      assert.equal(new Set(found.map(({ name }) => name)).size, found.length);
      for (const { problem, fix } of told) assert.ok(problem !== '' && fix !== '');
    }),
    { numRuns: 1000 },
  );
});
