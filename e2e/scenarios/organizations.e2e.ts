// Several organizations on one hub: made and suspended by those who run it, each with people, servers and records of its
// own, and nothing of any other within reach.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { commandLine } from '../actors/command-line.ts';
import { eventually } from '../actors/eventually.ts';
import { ApiError, admin, type Hub, startHub } from '../actors/start-hub.ts';
import { verifies } from '../requirements.ts';
import { callTool, openSession } from './access-steps.ts';

const rude = fileURLToPath(new URL('../actors/rude-server.ts', import.meta.url));
const password = 'a password that is long enough';

interface Tenant {
  readonly id: string;
  readonly email: string;
  readonly accessToken: string;
  readonly token: string;
  readonly server: string;
}

let hub: Hub;
let engines: Tenant;
let looms: Tenant;

before(async () => {
  hub = await startHub();
  engines = await tenant('Engines');
  looms = await tenant('Looms');
});
after(() => hub[Symbol.asyncDispose]());

/** An organization whose first admin has come by the invitation, with a server that bears its name, and a call made. */
async function tenant(name: string): Promise<Tenant> {
  const email = `admin@${name.toLowerCase()}.example`;
  const made = await hub.api<{ id: string; invitation: { url: string } }>('POST', '/api/v1/organizations', {
    name,
    admin: { email, name: `Admin of ${name}` },
  });
  const link = new URL(made.invitation.url).hash.replace('#link=', '');
  const accepted = await ask(null, 'POST', '/api/v1/auth/links/accept', { link, password });
  assert.equal(accepted.status, 200, accepted.text);
  const { accessToken } = accepted.body as { accessToken: string };
  const transport = { type: 'stdio', command: process.execPath, args: [rude, 'exact'], env: { OF: name } };
  const server = name.toLowerCase();
  const added = await ask(accessToken, 'POST', '/api/v1/mcp/servers', { name: server, transport });
  assert.equal(added.status, 201, added.text);
  await eventually(async () => {
    const { body } = await ask(accessToken, 'GET', `/api/v1/mcp/servers/${server}`);
    return (body as { status: string }).status === 'ready';
  }, `the first contact with ${server}`);
  const { token } = await hub.createToken(accessToken);
  assert.equal((await called({ token, server })).status, 200);
  return { id: made.id, email, accessToken, token, server };
}

async function called({ token, server }: Pick<Tenant, 'token' | 'server'>) {
  const opened = await openSession(hub, server, token);
  return opened.session === '' ? opened : callTool(hub, server, token, opened.session, 'echo', { text: server });
}

async function ask(accessToken: string | null, method: string, path: string, body?: object) {
  const response = await fetch(new URL(path, hub.url), {
    method,
    headers: {
      ...(accessToken === null ? {} : { authorization: `Bearer ${accessToken}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, body: text === '' ? null : (JSON.parse(text) as unknown) };
}

async function statusOf(work: Promise<unknown>): Promise<number> {
  try {
    await work;
    return 200;
  } catch (error) {
    if (error instanceof ApiError) return error.status;
    throw error;
  }
}

/** Every id that an organization’s admin gets to see, by its prefix. */
async function idsOf({ accessToken }: Tenant): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  const make = [
    ['/api/v1/teams', { name: 'weavers' }],
    ['/api/v1/roles', { name: 'readers', permissions: ['members:read'] }],
    [
      '/api/v1/members',
      {
        email: `second-${accessToken
          .slice(-8)
          .toLowerCase()
          .replace(/[^a-z0-9]/g, 'x')}@x.example`,
        name: 'S',
      },
    ],
    [
      '/api/v1/limits',
      {
        name: 'calm',
        subject: { type: 'organization' },
        server: null,
        tools: null,
        calls: 100_000,
        per: 'day',
        burst: null,
      },
    ],
  ] as const;
  for (const [path, body] of make) {
    const made = await ask(accessToken, 'POST', path, body);
    assert.equal(made.status, 201, `${path}: ${made.text}`);
  }
  const lists = ['members', 'teams', 'roles', 'limits', 'tokens', 'messages', 'mcp/servers', 'sign-ins', 'audit'];
  for (const list of lists) {
    const { text } = await ask(accessToken, 'GET', `/api/v1/${list}`);
    for (const [id, prefix = ''] of text.matchAll(/\b([a-z]{3,5})_[0-9a-z]{20,40}\b/g)) ids.set(prefix, id);
  }
  return ids;
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

test('what one organization has does not exist for another, on any route', async () => {
  verifies('MV-REQ-014', 'MV-REQ-110', 'CP-046', 'CP-087', 'MV-REQ-047');
  const strange = await idsOf(engines);
  assert.ok(strange.size >= 8, [...strange.keys()].join());
  const { body } = await ask(null, 'GET', '/api/v1/openapi.json');
  let probed = 0;
  for (const [path, methods] of Object.entries((body as OpenApi).paths)) {
    const parameters = [...path.matchAll(/\{(\w+)\}/g)];
    if (parameters.length !== 1) continue;
    for (const method of Object.keys(methods).filter((name) => name !== 'parameters')) {
      for (const id of strange.values()) {
        if (id === engines.id) continue;
        const asked = `${path.startsWith('/api') ? '' : '/api/v1'}${path.replace(/\{\w+\}/, id)}`;
        const answer = await ask(
          looms.accessToken,
          method.toUpperCase(),
          asked,
          method === 'get' || method === 'delete' ? undefined : {},
        );
        assert.ok(answer.status >= 400 && answer.status < 500, `${method} ${asked}: ${answer.status} ${answer.text}`);
        probed += answer.status === 404 ? 1 : 0;
      }
    }
  }
  assert.ok(probed >= 20, `${probed} were looked for and not found`);
  const own = await idsOf(looms);
  for (const [prefix, id] of strange) if (prefix !== 'org') assert.notEqual(own.get(prefix), id, prefix);
});

test('each has servers of its own, and those of another cannot be listed, called or told from none', async () => {
  verifies('CP-018', 'CP-019', 'MV-README-034');
  for (const [one, other] of [
    [engines, looms],
    [looms, engines],
  ] as const) {
    const { body } = await ask(one.accessToken, 'GET', '/api/v1/mcp/servers');
    assert.deepEqual(
      (body as { items: { name: string }[] }).items.map(({ name }) => name),
      [one.server],
    );
    assert.equal((await called(one)).status, 200);
    const stranger = await called({ token: one.token, server: other.server });
    const nobody = await called({ token: one.token, server: 'no-such-server' });
    assert.equal(stranger.status, nobody.status);
    assert.equal(stranger.text.replaceAll(other.server, 'X'), nobody.text.replaceAll('no-such-server', 'X'));
  }
  const messages = await ask(looms.accessToken, 'GET', '/api/v1/messages?limit=200');
  assert.ok(!messages.text.includes('engines'));
});

test('organizations are made, renamed and listed by those who run the hub, and by nobody else', async () => {
  verifies('CP-009', 'TV-HUB-05');
  const { items } = await hub.api<{ items: { id: string; name: string; runsHub: boolean }[] }>(
    'GET',
    '/api/v1/organizations',
  );
  assert.deepEqual(
    items.map(({ name, runsHub }) => [name, runsHub]),
    [
      ['Looms', false],
      ['Engines', false],
      [items.at(-1)?.name, true],
    ],
  );
  const renamed = await hub.api<{ name: string }>('PATCH', `/api/v1/organizations/${looms.id}`, {
    name: 'Power looms',
  });
  assert.equal(renamed.name, 'Power looms');
  const attempts = [
    ['GET', '/api/v1/organizations', undefined],
    ['POST', '/api/v1/organizations', { name: 'Mine', admin: { email: 'x@mine.example', name: 'X' } }],
    ['PATCH', `/api/v1/organizations/${engines.id}`, { suspended: true }],
    ['PATCH', `/api/v1/organizations/${looms.id}`, { name: 'Myself' }],
  ] as const;
  for (const [method, path, body] of attempts)
    assert.equal((await ask(looms.accessToken, method, path, body)).status, 403);
});

test('a suspended organization does nothing from the next request on, others go on, and it comes back as it was', async () => {
  verifies('CP-009');
  const session = await openSession(hub, engines.server, engines.token);
  await hub.api('PATCH', `/api/v1/organizations/${engines.id}`, { suspended: true });
  const echo = () => callTool(hub, engines.server, engines.token, session.session, 'echo', { text: 'x' });
  assert.equal((await echo()).status, 401);
  assert.equal((await ask(engines.accessToken, 'GET', '/api/v1/me')).status, 401);
  assert.equal(await statusOf(hub.signIn(engines.email, password)), 401);
  assert.equal((await called(looms)).status, 200);
  assert.equal((await ask(looms.accessToken, 'GET', '/api/v1/me')).status, 200);
  await hub.api('PATCH', `/api/v1/organizations/${engines.id}`, { suspended: false });
  assert.equal((await called(engines)).status, 200);
  assert.equal(await statusOf(hub.signIn(engines.email, password)), 200);
});

test('the organization that runs the hub cannot shut itself out', async () => {
  const { accessToken } = await hub.signIn(admin.email, admin.password);
  const { body } = await ask(accessToken, 'GET', '/api/v1/me');
  const { id } = (body as { organization: { id: string } }).organization;
  const answer = await ask(accessToken, 'PATCH', `/api/v1/organizations/${id}`, { suspended: true });
  assert.equal(answer.status, 409);
});

test('the command line lists, makes, renames, suspends and resumes them', async () => {
  await using person = await commandLine(hub.url);
  const signedIn = await person.run(['login', '--email', admin.email, '--password-stdin'], { input: admin.password });
  assert.equal(signedIn.code, 0, signedIn.err);
  const done = async (...args: string[]): Promise<string> => {
    const { code, out, err } = await person.run(['organizations', ...args]);
    assert.equal(code, 0, err);
    return out;
  };
  assert.match(await done('create', 'Mills', 'first@mills.example'), /^http.*#link=/);
  assert.match(await done('list'), /Mills\s+active\s+1/);
  assert.match(await done('rename', 'Mills', 'Water mills'), /Water mills is active/);
  assert.match(await done('suspend', 'Water mills'), /Water mills is suspended/);
  assert.match(await done('list'), /Water mills\s+suspended/);
  assert.match(await done('resume', 'Water mills'), /Water mills is active/);
  const unknown = await person.run(['organizations', 'suspend', 'Nobody']);
  assert.equal(unknown.code, 1);
  assert.match(unknown.err, /No organization is called Nobody/);
});
