import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type OperationKey, operations } from '@mcpvault/contract/operations';
import { runTestHub } from '../../testing/running-hub.ts';
import { graphqlLimits } from './limits.ts';

type Running = Awaited<ReturnType<typeof runTestHub>>;

let server: Running;
let admin: string;
let plain: string;
let ada: string;

before(async () => {
  server = await runTestHub();
  admin = await server.signIn();
  const password = 'correct horse battery';
  const email = 'plain@example.com';
  const made = await server.call('POST', '/api/v1/members', { email, name: 'Plain', password }, admin);
  ada = String(made.body['id']);
  plain = String((await server.call('POST', '/api/v1/auth/login', { email, password })).body['accessToken']);
  const transport = { type: 'stdio', command: 'node', args: [] };
  await server.call('POST', '/api/v1/mcp/servers', { name: 'files', transport }, admin);
  await server.call('POST', '/api/v1/teams', { name: 'core', members: [ada] }, admin);
  await server.call('POST', '/api/v1/grants', { subject: { type: 'member', id: ada }, server: 'files' }, admin);
});
after(() => server.hub.stop());

interface GraphError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code: string; readonly fix?: string };
}

async function ask(query: string, token = admin, variables?: object) {
  const { status, body } = await server.call('POST', '/api/v1/graphql', { query, variables }, token);
  return {
    status,
    data: (body['data'] ?? {}) as Record<string, unknown>,
    errors: body['errors'] as GraphError[] | undefined,
    body,
  };
}

test('one query goes from the organization to its teams, their members, and the servers that these may use', async () => {
  const { data, errors } = await ask(`{
    me { organization { name teams { items { name members { name grants { items { server { name details { isolation } } } } } } } } }
  }`);
  assert.equal(errors, undefined);
  const { teams } = (data as unknown as { me: { organization: { teams: { items: object[] } } } }).me.organization;
  const server = { name: 'files', details: { isolation: 'per-session' } };
  assert.deepEqual(JSON.parse(JSON.stringify(teams.items)), [
    { name: 'core', members: [{ name: 'Plain', grants: { items: [{ server }] } }] },
  ]);
});

test('what a role does not allow is empty, with the failure of its operation, and the rest stands', async () => {
  const { data, errors } = await ask('{ me { member { name } } listMembers { items { email } } }', plain);
  assert.equal((data as unknown as { me: { member: { name: string } } }).me.member.name, 'Plain');
  assert.equal(data['listMembers'], null);
  assert.deepEqual(
    errors?.map(({ path, extensions }) => [path, extensions?.code]),
    [[['listMembers'], 'forbidden']],
  );
  const nested = await ask('{ me { organization { name members { items { id } } } } }', plain);
  assert.deepEqual(
    nested.errors?.map(({ path }) => path?.join('.')),
    ['me.organization.members'],
  );
});

test('every operation that asks for a sign-in is there, and each field is guarded like its operation', async () => {
  const { data } = await ask('{ __schema { queryType { fields { name } } mutationType { fields { name } } } }');
  const { queryType, mutationType } = data['__schema'] as Record<
    'queryType' | 'mutationType',
    { fields: { name: string }[] }
  >;
  const keys = Object.keys(operations) as OperationKey[];
  const expected = (isRead: boolean) =>
    keys.filter((key) => {
      const { permission, method, takes } = operations[key];
      return permission !== 'anyone' && takes === 'json' && (method === 'GET') === isRead;
    });
  assert.deepEqual(
    queryType.fields.map(({ name }) => name),
    expected(true),
  );
  assert.deepEqual(
    mutationType.fields.map(({ name }) => name),
    expected(false),
  );
});

test('a mutation is the operation: done once, told once in the audit log, refused alike', async () => {
  const created = await ask('mutation ($name: String!) { createTeam(name: $name) { id name } }', admin, {
    name: 'made',
  });
  assert.equal(created.errors, undefined);
  const id = (created.data as unknown as { createTeam: { id: string } }).createTeam.id;
  const entries = await server.call('GET', `/api/v1/audit?action=teams.create&subject=${id}`, undefined, admin);
  assert.equal((entries.body['items'] as object[]).length, 1);
  const twice = await ask('mutation { createTeam(name: "made") { id } }');
  const overRest = await server.call('POST', '/api/v1/teams', { name: 'made' }, admin);
  assert.equal(twice.errors?.[0]?.extensions?.code, overRest.body['code']);
  assert.equal(twice.errors?.[0]?.message, overRest.body['detail']);
  assert.equal((await ask(`mutation { removeTeam(id: "${id}") }`)).data['removeTeam'], true);
  const refused = await ask('mutation { createTeam(name: "x") { id } }', plain);
  assert.equal(refused.errors?.[0]?.extensions?.code, 'forbidden');
});

test('nobody who is not signed in learns anything, not even which fields there are', async () => {
  for (const query of ['{ me { member { name } } }', '{ __schema { types { name } } }', '{ nonsense', '']) {
    const { status, body } = await server.call('POST', '/api/v1/graphql', { query });
    assert.deepEqual([status, body['code'], body['data']], [401, 'unauthenticated', undefined]);
  }
  assert.equal(
    (await server.call('POST', '/api/v1/graphql', { query: '{ me { __typename } }' }, 'made-up')).status,
    401,
  );
  assert.equal(
    (await server.call('GET', '/api/v1/graphql?query=%7Bme%7B__typename%7D%7D', undefined, admin)).status,
    405,
  );
});

test('who asks for too much at once is refused before anything is done', async () => {
  const times = (count: number, part: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => part(index));
  const inFragments = `query { ${times(60, () => '...f').join(' ')} } fragment f on Query { ${times(17, () => 'me { __typename }').join(' ')} }`;
  const tooMuch: Readonly<Record<string, string>> = {
    'fields within fields': `{ me { member { ${'supervisor { profile { '.repeat(10)}id${' } }'.repeat(10)} } } }`,
    aliases: `{ ${times(graphqlLimits.aliases + 1, (index) => `a${index}: me { __typename }`).join(' ')} }`,
    fields: inFragments,
    changes: `mutation { ${times(graphqlLimits.mutations + 1, (index) => `m${index}: createTeam(name: "t${index}") { id }`).join(' ')} }`,
  };
  for (const [what, query] of Object.entries(tooMuch)) {
    const { status, body } = await server.call('POST', '/api/v1/graphql', { query }, admin);
    assert.equal(status, 400, what);
    assert.match(String(body['detail']), new RegExp(what), what);
  }
  assert.equal((await ask(`{ ${'me { __typename } '.repeat(2000)} }`)).status, 400, 'too many words');
  assert.equal((await ask(`{ me { __typename } } #${'x'.repeat(70_000)}`)).status, 413);
  const teams = await server.call('GET', '/api/v1/teams', undefined, admin);
  assert.equal((teams.body['items'] as { name: string }[]).filter(({ name }) => name.startsWith('t')).length, 0);
});

test('operations are counted as they are asked, and those beyond the bound are refused', async () => {
  const many = Array.from(
    { length: 40 },
    (_, index) => `a${index}: listServers { items { toolList { items { name } } grants { items { id } } } }`,
  );
  const { errors, data } = await ask(`{ ${many.join(' ')} }`);
  assert.ok(Object.values(data).filter((value) => value !== null).length > 0);
  assert.ok((errors?.length ?? 0) > 0);
  assert.ok(errors?.every(({ message }) => message.includes(`${graphqlLimits.operations} operations`)));
});

test('what is no GraphQL, or asks for what is not there, says where', async () => {
  const unknown = await ask('{ me { passwordHash } }');
  assert.equal(unknown.status, 400);
  assert.match(unknown.errors?.[0]?.message ?? '', /passwordHash/);
  const unreadable = await ask('{ me {');
  assert.equal(unreadable.status, 400);
  const wrong = await ask('{ listMembers(limit: 5000) { items { id } } }');
  assert.equal(wrong.errors?.[0]?.extensions?.code, 'invalid_params');
  for (const variables of [[], 'x', 5]) {
    const { status } = await server.call(
      'POST',
      '/api/v1/graphql',
      { query: '{ me { __typename } }', variables },
      admin,
    );
    assert.equal(status, 400);
  }
});

test('an id of another thing, or a made-up one, finds nothing', async () => {
  const { data, errors } = await ask('{ getMember(id: "mem_0000000000000000000000") { id } }');
  assert.equal(data['getMember'], null);
  assert.equal(errors?.[0]?.extensions?.code, 'not_found');
  assert.equal(
    (await ask(`{ getMember(id: "${ada}") { email grants { items { server { name } } } } }`)).errors,
    undefined,
  );
});
