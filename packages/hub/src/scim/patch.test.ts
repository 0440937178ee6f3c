import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyPatch, type Resource } from './patch.ts';
import { parseFilter } from './filter.ts';
import { ScimFailure } from './scim-failure.ts';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const user: Resource = {
  userName: 'ada@example.org',
  active: true,
  name: { givenName: 'Ada', familyName: 'Byron' },
  emails: [{ type: 'work', value: 'ada@example.org', primary: true }],
};
const group: Resource = { displayName: 'Crew', members: [{ value: 'mem_1' }, { value: 'mem_2' }] };

function patched(resource: Resource, ...Operations: object[]): Resource {
  return applyPatch(resource, { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations });
}

test('operations are understood in any case, with and without a path', () => {
  assert.equal(patched(user, { op: 'Replace', path: 'active', value: 'False' })['active'], 'False');
  assert.equal(patched(user, { op: 'replace', value: { active: false } })['active'], false);
  assert.equal(patched(user, { OP: 'REPLACE', PATH: 'USERNAME', Value: 'b' })['userName'], 'b');
});

test('names with dots and schemas in front find their place', () => {
  const core = 'urn:ietf:params:scim:schemas:core:2.0:User:name.familyName';
  assert.deepEqual(patched(user, { op: 'Add', path: core, value: 'Lovelace' })['name'], {
    givenName: 'Ada',
    familyName: 'Lovelace',
  });
  const flat = { 'name.familyName': 'Lovelace', [`${enterprise}:department`]: 'Engines' };
  const both = patched(user, { op: 'Replace', value: flat });
  assert.deepEqual(both['name'], { givenName: 'Ada', familyName: 'Lovelace' });
  assert.deepEqual(both[enterprise], { department: 'Engines' });
  const nested = patched(both, { op: 'add', value: { [enterprise]: { manager: { value: 'mem_2' } } } });
  assert.deepEqual(nested[enterprise], { department: 'Engines', manager: { value: 'mem_2' } });
});

test('one value among several is changed where a filter names it, and made where there is none', () => {
  const change = (type: string) => ({
    op: 'Replace',
    path: `emails[type eq "${type}"].value`,
    value: 'new@example.org',
  });
  assert.deepEqual(patched(user, change('work'))['emails'], [
    { type: 'work', primary: true, value: 'new@example.org' },
  ]);
  assert.deepEqual(patched(user, change('home'))['emails'], [
    { type: 'work', value: 'ada@example.org', primary: true },
    { type: 'home', value: 'new@example.org' },
  ]);
});

test('members come and go in every way that providers write it', () => {
  const values = (resource: Resource) =>
    (resource['members'] as { value: string }[] | undefined)?.map(({ value }) => value);
  assert.deepEqual(
    values(patched(group, { op: 'Add', path: 'members', value: [{ value: 'mem_2' }, { value: 'mem_3' }] })),
    ['mem_1', 'mem_2', 'mem_3'],
  );
  assert.deepEqual(values(patched(group, { op: 'add', path: 'members', value: { value: 'mem_3' } })), [
    'mem_1',
    'mem_2',
    'mem_3',
  ]);
  assert.deepEqual(values(patched(group, { op: 'remove', path: 'members[value eq "mem_1"]' })), ['mem_2']);
  assert.deepEqual(values(patched(group, { op: 'Remove', path: 'members', value: [{ value: 'mem_1' }] })), ['mem_2']);
  assert.equal(values(patched(group, { op: 'remove', path: 'members' })), undefined);
  assert.deepEqual(values(patched(group, { op: 'replace', path: 'members', value: [{ value: 'mem_9' }] })), ['mem_9']);
  assert.deepEqual(values(patched(group, { op: 'replace', value: { members: [] } })), []);
});

test('the resource that was given stays as it was', () => {
  const before = structuredClone(user);
  patched(user, { op: 'replace', path: 'name.givenName', value: 'X' }, { op: 'remove', path: 'emails' });
  assert.deepEqual(user, before);
});

test('what is no patch is refused in words of SCIM', () => {
  const bad: [unknown, string][] = [
    [{}, 'invalidSyntax'],
    [[], 'invalidSyntax'],
    [{ Operations: [{ op: 'move', path: 'a' }] }, 'invalidSyntax'],
    [{ Operations: [{ op: 'remove' }] }, 'noTarget'],
    [{ Operations: [{ op: 'add', path: 'a b', value: 1 }] }, 'invalidPath'],
    [{ Operations: [{ op: 'add', path: '__proto__.x', value: 1 }] }, 'invalidPath'],
    [{ Operations: [{ op: 'add', path: 'a.constructor', value: 1 }] }, 'invalidPath'],
    [{ Operations: [{ op: 'add', value: JSON.parse('{"__proto__":{"admin":true}}') }] }, 'invalidPath'],
    [{ Operations: [{ op: 'add', path: 'active' }] }, 'invalidValue'],
    [{ Operations: Array.from({ length: 1001 }, () => ({ op: 'add', path: 'a', value: 1 })) }, 'tooMany'],
  ];
  for (const [body, scimType] of bad) {
    assert.throws(
      () => applyPatch(user, body),
      (error) => error instanceof ScimFailure && error.scimType === scimType,
      JSON.stringify(body).slice(0, 80),
    );
  }
  assert.equal(({} as { admin?: boolean }).admin, undefined);
});

test('filters that providers send are understood, and others refused', () => {
  assert.deepEqual(parseFilter('userName eq "ada@example.org"'), [{ attribute: 'username', value: 'ada@example.org' }]);
  assert.deepEqual(parseFilter('externalId EQ "1 \\"2\\""'), [{ attribute: 'externalid', value: '1 "2"' }]);
  assert.deepEqual(parseFilter('id eq "team_1" and members eq "mem_1"'), [
    { attribute: 'id', value: 'team_1' },
    { attribute: 'members', value: 'mem_1' },
  ]);
  assert.deepEqual(parseFilter('members[value eq "mem_1"]'), [{ attribute: 'members.value', value: 'mem_1' }]);
  assert.deepEqual(parseFilter('emails[type eq "work"].value eq "a@b.c"'), [
    { attribute: 'emails.value', value: 'a@b.c' },
  ]);
  assert.deepEqual(parseFilter('urn:ietf:params:scim:schemas:core:2.0:User:active eq True'), [
    { attribute: 'active', value: true },
  ]);
  for (const text of [
    '',
    'userName',
    'userName co "a"',
    'a eq "b" or c eq "d"',
    'not (a eq "b")',
    'a eq "b" and',
    'a eq b',
    'x'.repeat(3000),
  ]) {
    assert.throws(() => parseFilter(text), { scimType: 'invalidFilter' }, text.slice(0, 30));
  }
});
