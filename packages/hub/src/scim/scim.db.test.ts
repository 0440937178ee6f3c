import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { answerOf, runTestHub, type TestServer } from '../testing/running-hub.ts';

const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User';

let server: TestServer;
let admin: string;
let token: string;
let number = 0;

before(async () => {
  server = await runTestHub();
  admin = await server.signIn();
  const made = await server.call('POST', '/api/v1/provisioning/tokens', { name: 'provider' }, admin);
  token = String(made.body['token']);
});
after(() => server.hub.stop());

async function scim(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${server.url}/scim/v2${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return answerOf(response);
}

const patch = (path: string, ...Operations: object[]) => scim('PATCH', path, { schemas: [patchOp], Operations });

async function newUser(more: object = {}): Promise<{ id: string; email: string }> {
  const email = `user-${(number += 1)}@example.org`;
  const { status, body } = await scim('POST', '/Users', { schemas: [userSchema], userName: email, ...more });
  assert.equal(status, 201, JSON.stringify(body));
  return { id: String(body['id']), email };
}

async function api(method: string, path: string, body?: unknown) {
  return (await server.call(method, `/api/v1${path}`, body, admin)).body;
}

async function entries(action: string) {
  return (await api('GET', `/audit?action=${action}`))['items'] as {
    outcome: string;
    subject: string | null;
    actor: { id: string };
    detail: Record<string, unknown>;
  }[];
}

async function setRules(groups: { group: string; role: string }[], defaultRole = 'member') {
  const { status, body } = await server.call('PUT', '/api/v1/provisioning', { defaultRole, groups }, admin);
  assert.equal(status, 200, JSON.stringify(body));
}

test('without a good provisioning token there is nothing, said in SCIM’s own shape', async () => {
  const { body: personal } = await server.call('POST', '/api/v1/tokens', { name: 'x' }, admin);
  for (const credential of ['', 'Bearer nothing', `Bearer ${admin}`, `Bearer ${String(personal['token'])}`]) {
    const answer = await scim('GET', '/Users', undefined, { authorization: credential });
    assert.equal(answer.status, 401);
    assert.equal(answer.headers.get('content-type'), 'application/scim+json');
    assert.deepEqual(answer.body['schemas'], ['urn:ietf:params:scim:api:messages:2.0:Error']);
    assert.equal(answer.body['status'], '401');
  }
  for (const path of ['/me', '/mcp']) {
    const own = await server.call('GET', path === '/mcp' ? path : `/api/v1${path}`, undefined, token);
    assert.equal(own.status, 401, path);
  }
});

test('a revoked provisioning token stops at the next request', async () => {
  const { body } = await server.call('POST', '/api/v1/provisioning/tokens', { name: 'short' }, admin);
  const bearer = { authorization: `Bearer ${String(body['token'])}` };
  assert.equal((await scim('GET', '/Users', undefined, bearer)).status, 200);
  assert.equal(
    (await server.call('DELETE', `/api/v1/provisioning/tokens/${String(body['id'])}`, undefined, admin)).status,
    204,
  );
  assert.equal((await scim('GET', '/Users', undefined, bearer)).status, 401);
});

test('what the service can do is described', async () => {
  const config = await scim('GET', '/ServiceProviderConfig');
  assert.deepEqual(
    [config.body['patch'], config.body['bulk']],
    [{ supported: true }, { supported: false, maxOperations: 0, maxPayloadSize: 0 }],
  );
  for (const [path, total] of [
    ['/ResourceTypes', 2],
    ['/Schemas', 3],
  ] as const) {
    assert.equal((await scim('GET', path)).body['totalResults'], total);
  }
  assert.equal((await scim('GET', `/Schemas/${userSchema}`)).body['id'], userSchema);
  assert.equal((await scim('GET', '/Schemas/nothing')).status, 404);
  assert.equal((await scim('GET', '/Bulk')).status, 404);
  assert.equal((await scim('POST', '/Schemas', {})).status, 405);
  assert.equal((await scim('DELETE', '/Users')).status, 405);
});

test('a user is what was written, and is found by user name, external id and e-mail address', async () => {
  const name = { givenName: 'Grace', familyName: 'Hopper' };
  const { id, email } = await newUser({ externalId: 'ext-1', name, title: 'Admiral', password: 'never kept' });
  const shown = await scim('GET', `/Users/${id}`);
  assert.deepEqual(
    [shown.body['userName'], shown.body['displayName'], shown.body['active']],
    [email, 'Grace Hopper', true],
  );
  assert.deepEqual([shown.body['name'], shown.body['title'], shown.body['externalId']], [name, 'Admiral', 'ext-1']);
  assert.ok(!shown.text.includes('never kept'));
  for (const filter of [
    `userName eq "${email.toUpperCase()}"`,
    'externalId eq "ext-1"',
    `emails[type eq "work"].value eq "${email}"`,
    `id eq "${id}"`,
  ]) {
    const { body } = await scim('GET', `/Users?filter=${encodeURIComponent(filter)}`);
    assert.equal(body['totalResults'], 1, filter);
  }
  const none = await scim('GET', `/Users?filter=${encodeURIComponent('userName eq "nobody"')}`);
  assert.deepEqual([none.status, none.body['totalResults'], none.body['Resources']], [200, 0, []]);
  const bad = await scim('GET', `/Users?filter=${encodeURIComponent('userName co "a"')}`);
  assert.deepEqual([bad.status, bad.body['scimType']], [400, 'invalidFilter']);
  const twice = await scim('POST', '/Users', { userName: email });
  assert.deepEqual([twice.status, twice.body['scimType']], [409, 'uniqueness']);
});

test('lists come in pages, and show what was asked for', async () => {
  for (let made = 0; made < 3; made++) await newUser();
  const all = (await scim('GET', '/Users')).body;
  const total = Number(all['totalResults']);
  const second = (await scim('GET', '/Users?startIndex=2&count=2')).body;
  assert.deepEqual([second['totalResults'], second['startIndex'], second['itemsPerPage']], [total, 2, 2]);
  const ids = (body: Readonly<Record<string, unknown>>) => (body['Resources'] as { id: string }[]).map(({ id }) => id);
  assert.deepEqual(ids(second), ids(all).slice(1, 3));
  assert.deepEqual(ids((await scim('GET', '/Users?count=0')).body), []);
  assert.deepEqual(ids((await scim('GET', '/Users?startIndex=-5&count=1')).body), ids(all).slice(0, 1));
  assert.equal((await scim('GET', '/Users?count=many')).status, 400);
  const [some] = (await scim('GET', '/Users?count=1&attributes=userName')).body['Resources'] as object[];
  assert.deepEqual(Object.keys(some ?? {}).toSorted(), ['id', 'meta', 'schemas', 'userName']);
});

test('who is de-provisioned loses sign-ins, tokens and invitations at once; another admin’s word is not undone', async () => {
  const { id, email } = await newUser();
  const link = (await api('POST', `/members/${id}/link`))['url'] as string;
  const accepted = await server.call('POST', '/api/v1/auth/links/accept', {
    link: link.split('link=')[1],
    password: 'correct horse battery',
  });
  const access = String(accepted.body['accessToken']);
  const { body: own } = await server.call('POST', '/api/v1/tokens', { name: 'x' }, access);
  const personal = String(own['token']);
  for (const credential of [access, personal]) {
    assert.equal((await server.call('GET', '/api/v1/me', undefined, credential)).status, 200);
  }
  const gone = await patch(`/Users/${id}`, { op: 'Replace', path: 'active', value: 'False' });
  assert.deepEqual([gone.status, gone.body['active']], [200, false]);
  for (const credential of [access, personal]) {
    assert.equal((await server.call('GET', '/api/v1/me', undefined, credential)).status, 401);
  }
  const login = { email, password: 'correct horse battery' };
  assert.equal((await server.call('POST', '/api/v1/auth/login', login)).status, 401);
  assert.equal((await api('GET', `/members/${id}`))['status'], 'disabled');
  assert.equal((await patch(`/Users/${id}`, { op: 'replace', value: { active: true } })).body['active'], true);
  assert.equal((await server.call('POST', '/api/v1/auth/login', login)).status, 200);
  assert.equal((await server.call('GET', '/api/v1/me', undefined, personal)).status, 401);
  await api('PATCH', `/members/${id}`, { disabled: true });
  assert.equal((await patch(`/Users/${id}`, { op: 'replace', path: 'active', value: true })).body['active'], false);
  assert.equal((await scim('DELETE', `/Users/${id}`)).status, 204);
  assert.equal((await scim('GET', `/Users/${id}`)).status, 404);
});

test('no provider makes an admin, touches the last one, or takes over who is more than it gives', async () => {
  const { id } = await newUser({ roles: [{ value: 'admin' }] });
  assert.equal((await api('GET', `/members/${id}`))['role'], 'member');
  await patch(`/Users/${id}`, { op: 'add', path: 'roles', value: [{ value: 'admin', primary: true }] });
  assert.equal((await api('GET', `/members/${id}`))['role'], 'member');
  const me = ((await api('GET', '/me'))['member'] as { id: string; email: string }) ?? {};
  for (const asked of [
    () => patch(`/Users/${me.id}`, { op: 'replace', path: 'active', value: false }),
    () => scim('DELETE', `/Users/${me.id}`),
    () => patch(`/Users/${me.id}`, { op: 'replace', path: 'userName', value: 'thief@example.org' }),
    () => patch(`/Users/${me.id}`, { op: 'replace', path: 'emails[type eq "work"].value', value: 'thief@example.org' }),
  ]) {
    const { status, body } = await asked();
    assert.deepEqual([status, body['scimType']], [403, 'mutability']);
  }
  const member = (await api('GET', `/members/${me.id}`)) as { email: string; status: string; role: string };
  assert.deepEqual([member.email, member.status, member.role], [me.email, 'active', 'admin']);
  const refused = (await entries('scim.users.patch')).filter((entry) => entry.outcome === 'refused');
  assert.ok(refused.length >= 3 && refused.every((entry) => entry.actor.id.startsWith('prv_')));
});

test('groups are teams, and give the roles that the rules say, no others', async () => {
  const [one, two] = [await newUser(), await newUser()];
  await setRules([{ group: 'auditors', role: 'auditor' }]);
  const made = await scim('POST', '/Groups', {
    displayName: 'Auditors',
    externalId: 'g-1',
    members: [{ value: one.id }],
  });
  assert.equal(made.status, 201);
  const group = String(made.body['id']);
  const roleOf = async ({ id }: { id: string }) => (await api('GET', `/members/${id}`))['role'];
  assert.deepEqual([await roleOf(one), await roleOf(two)], ['auditor', 'member']);
  await patch(`/Groups/${group}`, { op: 'Add', path: 'members', value: [{ value: two.id }] });
  assert.equal(await roleOf(two), 'auditor');
  await patch(`/Groups/${group}`, { op: 'Remove', path: `members[value eq "${one.id}"]` });
  assert.deepEqual([await roleOf(one), await roleOf(two)], ['member', 'auditor']);
  await patch(`/Groups/${group}`, { op: 'Remove', path: 'members', value: [{ value: two.id }] });
  assert.equal(await roleOf(two), 'member');
  const teams = (await api('GET', '/teams'))['items'] as { id: string; name: string; provisioned: boolean }[];
  assert.deepEqual(teams.find(({ id }) => id === group)?.provisioned, true);
  const slim = await scim('GET', `/Groups/${group}?excludedAttributes=members`);
  assert.equal(Object.hasOwn(slim.body, 'members'), false);
  const found = await scim(
    'GET',
    `/Groups?excludedAttributes=members&filter=${encodeURIComponent('displayName eq "auditors"')}`,
  );
  assert.equal(found.body['totalResults'], 1);
  const stranger = await patch(`/Groups/${group}`, { op: 'add', path: 'members', value: [{ value: 'mem_none' }] });
  assert.deepEqual([stranger.status, stranger.body['scimType']], [400, 'invalidValue']);
  const renamed = await scim('PUT', `/Groups/${group}`, { displayName: 'Readers', members: [{ value: two.id }] });
  assert.deepEqual([renamed.status, renamed.body['displayName'], await roleOf(two)], [200, 'Readers', 'member']);
  assert.equal((await scim('DELETE', `/Groups/${group}`)).status, 204);
  await setRules([]);
});

test('a role given by hand stays, and the last admin by a group is not taken away', async () => {
  await setRules([{ group: 'readers', role: 'auditor' }]);
  const { id } = await newUser();
  await api('PATCH', `/members/${id}`, { role: 'admin' });
  const { body } = await scim('POST', '/Groups', { displayName: 'readers', members: [{ value: id }] });
  assert.equal((await api('GET', `/members/${id}`))['role'], 'admin');
  await setRules([{ group: 'admins', role: 'admin' }]);
  const me = (await api('GET', '/me'))['member'] as { id: string };
  const admins = await scim('POST', '/Groups', { displayName: 'admins', members: [{ value: me.id }] });
  const refused = await scim('DELETE', `/Groups/${String(admins.body['id'])}`);
  assert.deepEqual([refused.status, refused.body['scimType']], [403, 'mutability']);
  assert.equal((await api('GET', '/me'))['member'] && (await api('GET', `/members/${me.id}`))['role'], 'admin');
  await setRules([]);
  for (const group of [body, admins.body]) await scim('DELETE', `/Groups/${String(group['id'])}`);
});

test('teams made by hand are nobody’s but the hub’s', async () => {
  const team = await api('POST', '/teams', { name: 'By hand' });
  const id = String(team['id']);
  for (const [method, body] of [
    ['GET', undefined],
    ['PUT', { displayName: 'x' }],
    ['DELETE', undefined],
  ] as const) {
    assert.equal((await scim(method, `/Groups/${id}`, body)).status, 404, method);
  }
  const taken = await scim('POST', '/Groups', { displayName: 'By hand' });
  assert.deepEqual([taken.status, taken.body['scimType']], [409, 'uniqueness']);
  const kept = await scim('POST', '/Groups', { displayName: 'Kept there' });
  const change = { name: 'Other name', members: [] };
  assert.equal((await server.call('PUT', `/api/v1/teams/${String(kept.body['id'])}`, change, admin)).status, 409);
});

test('a version says whether something changed meanwhile', async () => {
  const { id } = await newUser();
  const first = await scim('GET', `/Users/${id}`);
  const etag = first.headers.get('etag') ?? '';
  assert.match(etag, /^W\/"/);
  assert.equal((await scim('GET', `/Users/${id}`, undefined, { 'if-none-match': etag })).status, 304);
  const change = { Operations: [{ op: 'replace', path: 'displayName', value: 'Changed' }] };
  const changed = await scim('PATCH', `/Users/${id}`, change, { 'if-match': etag });
  assert.equal(changed.status, 200);
  assert.notEqual(changed.headers.get('etag'), etag);
  assert.equal((await scim('PATCH', `/Users/${id}`, change, { 'if-match': etag })).status, 412);
});

test('each write leaves one entry, in the name of its token, without what was written', async () => {
  const { id } = await newUser({ title: 'a title nobody should find' });
  const [entry] = await entries('scim.users.create');
  assert.deepEqual([entry?.subject, entry?.outcome, entry?.detail['token']], [id, 'done', 'provider']);
  assert.ok(!JSON.stringify(entry).includes('nobody should find'));
});

test('a manager becomes the supervisor, unless that made a circle', async () => {
  const [boss, report] = [await newUser(), await newUser()];
  const manager = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager';
  const name = async ({ id }: { id: string }, of: string) =>
    patch(`/Users/${id}`, { op: 'Add', path: manager, value: of });
  assert.equal((await name(report, boss.id)).status, 200);
  assert.equal(((await api('GET', `/members/${report.id}`))['supervisor'] as { id: string }).id, boss.id);
  assert.equal((await name(boss, report.id)).status, 200);
  assert.equal((await api('GET', `/members/${boss.id}`))['supervisor'], null);
});

test('bad input is refused, never a bug', async () => {
  const { id } = await newUser();
  const bad: [string, string, unknown][] = [
    ['POST', '/Users', '{'],
    ['POST', '/Users', []],
    ['POST', '/Users', {}],
    ['POST', '/Users', { userName: 'no address' }],
    ['POST', '/Users', { userName: 7 }],
    ['POST', '/Users', { userName: 'a\u0000@example.org' }],
    ['POST', '/Users', { userName: 'b@example.org', active: 'perhaps' }],
    ['POST', '/Users', { userName: 'c@example.org', title: 'x'.repeat(40_000) }],
    ['PATCH', `/Users/${id}`, { Operations: [{ op: 'replace', path: 'active', value: 'perhaps' }] }],
    ['PATCH', `/Users/${id}`, { Operations: [{ op: 'remove', path: 'userName' }] }],
    ['PATCH', `/Users/${id}`, { Operations: 'all' }],
    ['POST', '/Groups', { displayName: '' }],
    ['POST', '/Groups', { displayName: 'x', members: 'all' }],
    ['POST', '/Groups', { displayName: 'x', members: [{ value: 7 }] }],
  ];
  for (const [method, path, body] of bad) {
    const { status, body: said } = await scim(method, path, body);
    assert.equal(status, 400, `${method} ${path} ${JSON.stringify(body).slice(0, 60)}`);
    assert.deepEqual(said['schemas'], ['urn:ietf:params:scim:api:messages:2.0:Error']);
  }
  assert.equal((await scim('POST', '/Users', 'x', { 'content-type': 'text/plain' })).status, 415);
  assert.equal((await scim('GET', '/Users/%ff')).status, 404);
  assert.equal((await scim('GET', "/Users/mem_x';drop")).status, 404);
});
