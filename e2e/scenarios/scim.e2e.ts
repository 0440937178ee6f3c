// Provisioning as identity providers do it: the requests that Entra and Okta send, in their order and their spelling.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Hub, startHub } from '../actors/start-hub.ts';

interface Named {
  readonly id: string;
}

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

const core = 'urn:ietf:params:scim:schemas:core:2.0';
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

let hub: Hub;
let token: string;

before(async () => {
  hub = await startHub();
  ({ token } = await hub.api<{ token: string }>('POST', '/api/v1/provisioning/tokens', { name: 'provider' }));
  await hub.api('PUT', '/api/v1/provisioning', {
    defaultRole: 'member',
    groups: [{ group: 'MCPVault Auditors', role: 'auditor' }],
  });
});
after(() => hub[Symbol.asyncDispose]());

async function scim(method: string, path: string, body?: object, type = 'application/scim+json'): Promise<Answer> {
  const response = await fetch(`${hub.url}/scim/v2${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/scim+json',
      ...(body && { 'content-type': `${type}; charset=utf-8` }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
}

const member = (id: string) =>
  hub.api<{ email: string; name: string; role: string; status: string; provisioned: boolean }>(
    'GET',
    `/api/v1/members/${id}`,
  );

/** Entra encodes filters with pluses and %22. */
const filtered = (filter: string) => `filter=${encodeURIComponent(filter).replaceAll('%20', '+')}`;

test('Entra: the connection is tried, a user comes, changes, is put into a group, leaves and is deleted', async () => {
  const tried = await scim('GET', `/Users?${filtered('userName eq "29afc1b7-9d0c-4d0d-a6c1-0d6c2a6e3f11"')}`);
  assert.deepEqual([tried.status, tried.body['totalResults'], tried.body['Resources']], [200, 0, []]);

  const upn = 'Grace.Hopper@example.org';
  assert.equal((await scim('GET', `/Users?${filtered(`userName eq "${upn}"`)}`)).body['totalResults'], 0);
  const created = await scim('POST', '/Users', {
    schemas: [`${core}:User`, enterprise],
    externalId: '0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef',
    userName: upn,
    active: true,
    displayName: 'Grace Hopper',
    emails: [{ primary: true, type: 'work', value: 'grace.hopper@example.org' }],
    meta: { resourceType: 'User' },
    name: { formatted: 'Grace Hopper', familyName: 'Hopper', givenName: 'Grace' },
    roles: [],
    [enterprise]: { department: 'Navy', manager: 'not-known-here' },
  });
  assert.equal(created.status, 201);
  const id = String(created.body['id']);
  assert.deepEqual([created.body['userName'], created.body['active']], [upn, true]);
  const made = await member(id);
  assert.deepEqual([made.email, made.role, made.provisioned], ['grace.hopper@example.org', 'member', true]);
  assert.equal((await scim('GET', `/Users/${id}`)).status, 200);

  const changed = await scim('PATCH', `/Users/${id}`, {
    schemas: [patchOp],
    Operations: [
      { op: 'Replace', path: 'emails[type eq "work"].value', value: 'g.hopper@example.org' },
      { op: 'Replace', path: 'name.familyName', value: 'Murray Hopper' },
      { op: 'Add', path: `${enterprise}:employeeNumber`, value: '1906' },
      { op: 'Replace', path: 'displayName', value: 'Grace Murray Hopper' },
    ],
  });
  assert.equal(changed.status, 200);
  const { email, name } = await member(id);
  assert.deepEqual([email, name], ['g.hopper@example.org', 'Grace Murray Hopper']);
  const loose = await scim('PATCH', `/Users/${id}`, {
    schemas: [patchOp],
    Operations: [{ op: 'Replace', value: { displayName: 'Grace', 'name.givenName': 'Gracie', active: 'True' } }],
  });
  assert.deepEqual(loose.body['name'], { formatted: 'Grace Hopper', familyName: 'Murray Hopper', givenName: 'Gracie' });

  const group = await scim('POST', '/Groups', {
    schemas: [`${core}:Group`, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'],
    externalId: '8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159',
    displayName: 'MCPVault Auditors',
    meta: { resourceType: 'Group' },
  });
  assert.equal(group.status, 201);
  const team = String(group.body['id']);
  const found = await scim(
    'GET',
    `/Groups?excludedAttributes=members&${filtered('displayName eq "MCPVault Auditors"')}`,
  );
  assert.equal(found.body['totalResults'], 1);
  const joined = await scim('PATCH', `/Groups/${team}`, {
    schemas: [patchOp],
    Operations: [{ op: 'Add', path: 'members', value: [{ $ref: null, value: id }] }],
  });
  assert.equal(joined.status, 200);
  assert.equal((await member(id)).role, 'auditor');
  const belongs = await scim(
    'GET',
    `/Groups?excludedAttributes=members&${filtered(`id eq "${team}" and members eq "${id}"`)}`,
  );
  assert.equal(belongs.body['totalResults'], 1);
  await scim('PATCH', `/Groups/${team}`, {
    schemas: [patchOp],
    Operations: [{ op: 'Remove', path: 'members', value: [{ $ref: null, value: id }] }],
  });
  assert.equal((await member(id)).role, 'member');

  const gone = await scim('PATCH', `/Users/${id}`, {
    schemas: [patchOp],
    Operations: [{ op: 'Replace', path: 'active', value: 'False' }],
  });
  assert.deepEqual([gone.status, gone.body['active']], [200, false]);
  assert.equal((await member(id)).status, 'disabled');
  assert.equal((await scim('DELETE', `/Users/${id}`)).status, 204);
  assert.equal((await scim('GET', `/Users/${id}`)).status, 404);
  assert.equal((await scim('DELETE', `/Groups/${team}`)).status, 204);
});

test('Okta: a user comes, is replaced, deactivated and comes back; a group is pushed with its members', async () => {
  const userName = 'katherine.johnson@example.org';
  assert.equal(
    (await scim('GET', `/Users?${filtered(`userName eq "${userName}"`)}&startIndex=1&count=100`)).body['totalResults'],
    0,
  );
  const user = {
    schemas: [`${core}:User`],
    userName,
    name: { givenName: 'Katherine', familyName: 'Johnson' },
    emails: [{ primary: true, value: userName, type: 'work' }],
    displayName: 'Katherine Johnson',
    locale: 'en-US',
    externalId: '00ujl29u0le5T6Aj10h7',
    groups: [],
    password: '1mz050nq',
    active: true,
  };
  const created = await scim('POST', '/Users', user);
  assert.equal(created.status, 201);
  assert.ok(!JSON.stringify(created.body).includes('1mz050nq'));
  const id = String(created.body['id']);
  const again = await scim('POST', '/Users', user);
  assert.deepEqual([again.status, again.body['scimType']], [409, 'uniqueness']);

  const shown = await scim('GET', `/Users/${id}`);
  const replaced = await scim('PUT', `/Users/${id}`, {
    ...shown.body,
    name: { givenName: 'Katherine', familyName: 'Goble Johnson' },
    displayName: 'Katherine Goble Johnson',
  });
  assert.deepEqual([replaced.status, (await member(id)).name], [200, 'Katherine Goble Johnson']);

  const deactivated = await scim('PATCH', `/Users/${id}`, {
    schemas: [patchOp],
    Operations: [{ op: 'replace', value: { active: false } }],
  });
  assert.deepEqual([deactivated.status, (await member(id)).status], [200, 'disabled']);
  await scim('PUT', `/Users/${id}`, { ...user, active: true });
  assert.equal((await member(id)).status, 'invited');

  const group = await scim(
    'POST',
    '/Groups',
    { schemas: [`${core}:Group`], displayName: 'Computers', members: [{ value: id, display: userName }] },
    'application/json',
  );
  assert.equal(group.status, 201);
  const team = String(group.body['id']);
  const renamed = await scim('PATCH', `/Groups/${team}`, {
    schemas: [patchOp],
    Operations: [{ op: 'replace', value: { id: team, displayName: 'West Computers' } }],
  });
  assert.deepEqual([renamed.status, renamed.body['displayName']], [200, 'West Computers']);
  const emptied = await scim('PATCH', `/Groups/${team}`, {
    schemas: [patchOp],
    Operations: [{ op: 'remove', path: `members[value eq "${id}"]` }],
  });
  assert.deepEqual([emptied.status, emptied.body['members']], [200, []]);
  const filled = await scim('PATCH', `/Groups/${team}`, {
    schemas: [patchOp],
    Operations: [{ op: 'replace', path: 'members', value: [{ value: id, display: userName }] }],
  });
  assert.equal((filled.body['members'] as Named[]).length, 1);
  const teams = await hub.api<{ items: { name: string; members: Named[] }[] }>('GET', '/api/v1/teams');
  assert.deepEqual(
    teams.items.find(({ name }) => name === 'West Computers')?.members.map((each) => each.id),
    [id],
  );
});

test('every write of a provider is one entry of an intact audit log', async () => {
  const { items } = await hub.api<{ items: { action: string; actor: Named }[] }>('GET', '/api/v1/audit?limit=200');
  const theirs = items.filter(({ action }) => action.startsWith('scim.'));
  assert.ok(theirs.length >= 15 && theirs.every(({ actor }) => actor.id.startsWith('prv_')));
  const { intact } = await hub.api<{ intact: boolean }>('GET', '/api/v1/audit/verify');
  assert.equal(intact, true);
});
