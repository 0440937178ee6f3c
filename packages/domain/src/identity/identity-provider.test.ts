import assert from 'node:assert/strict';
import { test } from 'node:test';
import { domainOf, givenBy, type ProviderRules, readAssertion, welcome } from './identity-provider.ts';

const rules: ProviderRules = {
  domains: ['example.com'],
  scopes: ['openid', 'email'],
  groupsClaim: 'groups',
  createMembers: true,
  linkMembers: true,
  trustEmails: false,
  trustSecondFactor: false,
  role: 'member',
  mappings: [],
};
const ada = { email: 'ada@example.com', emailVerified: true };
const stranger = { isOurs: true, isDisabled: false, isLinked: false };

test('only a verified address of a domain that the provider speaks for lets somebody in', () => {
  assert.deepEqual(welcome(ada, rules, null), { what: 'create', email: ada.email });
  assert.deepEqual(welcome(ada, rules, stranger), { what: 'link', email: ada.email });
  const refused: [Parameters<typeof welcome>, RegExp][] = [
    [[{ ...ada, emailVerified: false }, rules, stranger], /verified/],
    [[{ ...ada, email: null }, rules, null], /no e-mail/],
    [[{ ...ada, email: 'ada@example.org' }, rules, stranger], /domain/],
    [[{ ...ada, email: 'ada@example.com.evil.test' }, rules, stranger], /domain/],
    [[{ ...ada, email: 'ada@evil.test@sub.example.com' }, rules, stranger], /domain/],
    [[ada, { ...rules, domains: [] }, stranger], /domain/],
    [[ada, rules, { ...stranger, isLinked: true }], /somebody else/],
    [[ada, rules, { ...stranger, isOurs: false }], /cannot be used/],
    [[ada, rules, { ...stranger, isDisabled: true }], /cannot be used/],
    [[ada, { ...rules, linkMembers: false }, stranger], /not linked/],
    [[ada, { ...rules, createMembers: false }, null], /none is made/],
  ];
  for (const [given, why] of refused) {
    const said = welcome(...given);
    assert.equal(said.what, 'refuse', JSON.stringify(given));
    assert.match(said.what === 'refuse' ? said.why : '', why);
  }
  assert.equal(welcome({ ...ada, emailVerified: false }, { ...rules, trustEmails: true }, null).what, 'create');
});

test('a domain is told from what only looks like it', () => {
  assert.equal(domainOf('Ada@EXAMPLE.com'), 'example.com');
  for (const bad of [
    'example.com',
    '@example.com',
    'ada@',
    'ada@exаmple.com',
    'ada@example.com ',
    'ada@localhost',
    'a@b@example.com',
  ]) {
    assert.equal(domainOf(bad), null, bad);
  }
});

test('groups give teams and the first fitting role, and touch nothing that no mapping names', () => {
  const mappings = [
    { group: 'admins', team: null, role: 'admin' as const },
    { group: 'engineering', team: 'team_eng' as const, role: null },
    { group: 'audit', team: 'team_audit' as const, role: 'auditor' as const },
  ];
  const by = (...groups: string[]) => givenBy(groups, { ...rules, mappings });
  assert.deepEqual(by('engineering'), { role: 'member', join: ['team_eng'], leave: ['team_audit'] });
  assert.deepEqual(by('audit', 'admins'), { role: 'admin', join: ['team_audit'], leave: ['team_eng'] });
  assert.deepEqual(by('Admins'), { role: 'member', join: [], leave: ['team_eng', 'team_audit'] });
  assert.deepEqual(givenBy(['x'], rules), { role: null, join: [], leave: [] });
});

test('claims of any shape are read without trust', () => {
  const read = (claims: Record<string, unknown>, groupsClaim = 'groups') => readAssertion(claims, { groupsClaim });
  assert.equal(read({}), null);
  assert.equal(read({ sub: 7 }), null);
  assert.equal(read({ sub: 'x'.repeat(300) }), null);
  const plain = read({
    sub: 's',
    email: 'ada@example.com',
    email_verified: 'yes',
    name: ' Ada ',
    groups: ['a', 7, ''],
  });
  assert.deepEqual(plain, {
    subject: 's',
    email: 'ada@example.com',
    emailVerified: false,
    name: 'Ada',
    groups: ['a'],
    session: null,
    secondFactor: false,
  });
  assert.equal(read({ sub: 's', email_verified: 'true' })?.emailVerified, true);
  assert.equal(read({ sub: 's', email: ['ada@example.com'] })?.email, null);
  assert.equal(read({ sub: 's', email: 'Ada <ada@example.com>' })?.email, null);
  assert.deepEqual(read({ sub: 's', realm_access: { roles: ['r'] } }, 'realm_access.roles')?.groups, ['r']);
  assert.deepEqual(read({ sub: 's', 'https://a.b/groups': 'one' }, 'https://a.b/groups')?.groups, ['one']);
  assert.equal(read({ sub: 's', _claim_names: { groups: 'src1' } })?.groups, 'too-many');
  assert.equal(read({ sub: 's', amr: ['pwd', 'mfa'] })?.secondFactor, true);
  assert.equal(read({ sub: 's', amr: 'mfa' })?.secondFactor, false);
  assert.equal(read({ sub: 's', given_name: 'Ada', family_name: 'L' })?.name, 'Ada L');
});
