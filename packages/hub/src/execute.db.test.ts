import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { InputOf } from '@mcpvault/contract/operation';
import { type OperationKey, type Operations, operations } from '@mcpvault/contract/operations';
import type { AlertId } from '@mcpvault/domain/alerts/alert';
import type { MessageId, OrganizationId, ServerId } from '@mcpvault/domain/ids';
import { permits } from '@mcpvault/domain/identity/permission';
import { builtInRoles } from '@mcpvault/domain/identity/role';
import type { MessageRecord } from '@mcpvault/domain/record/message-record';
import { encodeRecord } from '@mcpvault/domain/record/record-line';
import { fingerprintOf } from '@mcpvault/domain/catalog/fingerprint';
import { createIngest } from '@mcpvault/store/record-ingest';
import type { Actor } from './actor.ts';
import { hashOf } from './auth/credential.ts';
import { TOTP } from 'otpauth';
import { createSoftAuthenticator, type SoftAuthenticator } from './testing/soft-authenticator.ts';
import { type SignInServer, startSignInServer } from './testing/sign-in-server.ts';
import { actorOf, createTestHub, keys, nobody, password, stdio, type TestHub } from './testing/test-hub.ts';
import { oauthSamples } from './testing/oauth-samples.ts';
import { sampleApproval } from './testing/sample-approval.ts';
import { somethingWrong } from './testing/something-wrong.ts';
import { writeSetup } from './setup-state.ts';

type TestMember = Awaited<ReturnType<TestHub['addMember']>>;

let hub: TestHub;
let peer: SignInServer;
before(async () => {
  hub = await createTestHub();
  peer = await startSignInServer();
});
after(async () => {
  peer.stop();
  await hub.stop();
});

type Inputs = { readonly [Key in OperationKey]: InputOf<Operations[Key]> };

/** An organization in which every operation can be done, and the input with which it can. */
async function world(preparing?: OperationKey) {
  const organization = await hub.addOrganization();
  const admin = await hub.addMember(organization, 'admin', true);
  const member = await hub.addMember(organization, 'member', true);
  const other = await hub.addMember(organization, 'member');
  const run = <Key extends OperationKey>(key: Key, input: InputOf<Operations[Key]>) => hub.execute(key, input, admin);
  const server = await run('createServer', { name: 'one', transport: stdio });
  const spare = await run('createServer', { name: 'spare', transport: stdio });
  const team = await run('createTeam', { name: 'team', members: [member.id] });
  const grant = await run('createGrant', { subject: { type: 'member', id: member.id }, server: 'one' });
  const token = await run('createToken', { name: 'token' });
  const limit = await run('createLimit', {
    name: 'all',
    subject: { type: 'organization' },
    calls: 1000,
    per: 'minute',
  });
  const account = await run('createServiceAccount', { name: 'robot', owner: { type: 'member', id: admin.id } });
  const impersonation = await run('startImpersonation', { subject: other.id, reason: 'helping out' });
  const provisioning = await run('createProvisioningToken', { name: 'provider' });
  const policy = await run('createPolicy', policyDraft);
  const { destination } = await run('createDestination', { ...destinationDraft, name: 'first' });
  const backtest = await run('startBacktest', {
    policy: definition,
    from: '2026-01-01T00:00:00Z',
    to: '2026-01-02T00:00:00Z',
  });
  const quarantine = hub.ambient.ids.next('qua');
  await hub.stores.quarantines.create({
    ...{ id: quarantine, organization, what: 'session', server: null, tool: null, conversation: 'con_1' },
    ...{ member: admin.id, policy: policy.id, reason: 'why', createdAt: 1, until: null, liftedAt: null },
  });
  await hub.stores.toolDefinitions.seen(organization, server.id, 1, [{ name: 'read', definition: { name: 'read' } }]);
  const held = await sampleApproval(hub, organization, member.id);
  const ownHeld = await sampleApproval(hub, organization, admin.id);
  const alert = await raiseAlert(organization);
  const { route } = await run('createAlertRoute', { name: 'first', transport: routeTransport });
  const ownRole = (await run('createRole', { name: 'first', permissions: ['members:read'] })) as {
    id: `role_${string}`;
  };
  const message = await recordMessage(organization, admin.id, server.id);
  const links = await setupAndInvite(organization, other.id);
  const signedIn = await hub.execute('login', { email: member.email, password }, nobody);
  const session = await hub.execute('login', { email: admin.email, password }, nobody);
  const { items: signIns } = await run('listSignIns', {});
  const elsewhere = signIns[0]?.id ?? 'sin_none';
  const signingIn = await waysToSignIn(organization, admin, member, preparing);
  const code = await secondFactorFor(admin, preparing);
  const lost = await hub.addMember(organization, 'member');
  await secondFactorFor(lost, 'removeSecondFactor');
  const transport = { type: 'streamable-http' as const, url: peer.url, auth: { mode: 'per-member' as const } };
  await run('createServer', { name: 'guarded', transport });
  const answer = await signInFor(admin, preparing);
  const asking = await oauthSamples(hub, organization, admin.id);
  const entry = (await hub.stores.audit.list(organization, {})).items[0]?.id ?? 'aud_none';
  const inputs: Inputs = {
    ...signingIn,
    checkLink: { link: links.invite },
    setUp: { link: links.setup, name: 'First', email: `first-${organization}@example.com`, password },
    acceptLink: { link: links.invite, password },
    login: { email: admin.email, password },
    refresh: { refreshToken: signedIn.refreshToken },
    logout: {},
    me: {},
    changePassword: { current: password, password },
    startSecondFactor: {},
    confirmSecondFactor: { code },
    removeSecondFactor: { code },
    resetSecondFactor: { id: lost.id },
    getSecurity: {},
    updateSecurity: { requireSecondFactor: false },
    listSignIns: {},
    endSignIn: { id: elsewhere },
    getAuthorization: { request: asking.interaction },
    decideAuthorization: { request: asking.interaction, allow: true },
    getDevice: { code: asking.code },
    decideDevice: { code: asking.code, allow: true },
    exchangeSignIn: { token: asking.token },
    listConnectedClients: {},
    disconnectClient: { id: asking.connected },
    rotateOauthKey: {},
    listMembers: {},
    getMember: { id: member.id },
    createMember: { email: `new-${organization}@example.com`, name: 'New' },
    updateMember: { id: member.id, name: 'Renamed' },
    removeMember: { id: other.id },
    inviteAgain: { id: member.id },
    listTeams: {},
    createTeam: { name: 'second' },
    updateTeam: { id: team.id, name: 'team', members: [] },
    removeTeam: { id: team.id },
    listRoles: {},
    createRole: { name: 'second', permissions: ['audit:read'] },
    updateRole: { id: ownRole.id, name: 'renamed', permissions: [] },
    removeRole: { id: ownRole.id },
    listGrants: {},
    createGrant: { subject: { type: 'role', id: 'member' }, server: server.id, tools: ['a'] },
    removeGrant: { id: grant.id },
    explainAccess: { server: 'one' },
    listAccess: { server: 'one' },
    previewGrant: { server: 'one', subject: 'member' },
    listApprovals: {},
    getApproval: { id: held },
    approveCall: { id: held },
    refuseCall: { id: held },
    withdrawCall: { id: ownHeld },
    listLimits: {},
    createLimit: { name: 'day', subject: { type: 'member' }, server: 'one', tools: ['a'], calls: 5, per: 'day' },
    updateLimit: { id: limit.id, calls: 2, enabled: false },
    removeLimit: { id: limit.id },
    listTokens: {},
    createToken: { name: 'second' },
    rotateToken: { id: token.id },
    revokeToken: { id: token.id },
    listServiceAccounts: {},
    getServiceAccount: { id: account.id },
    createServiceAccount: { name: 'second', owner: { type: 'team', id: team.id } },
    updateServiceAccount: { id: account.id, name: 'renamed' },
    removeServiceAccount: { id: account.id },
    createServiceAccountKey: { id: account.id, name: 'key' },
    listImpersonations: {},
    startImpersonation: { subject: member.id, reason: 'helping out' },
    endImpersonation: { id: impersonation.id },
    getProvisioning: {},
    updateProvisioning: { defaultRole: 'member', groups: [{ group: 'Auditors', role: 'auditor' }] },
    listProvisioningTokens: {},
    createProvisioningToken: { name: 'second' },
    revokeProvisioningToken: { id: provisioning.id },
    listServers: {},
    getServer: { id: 'one' },
    createServer: { name: 'two', transport: { type: 'streamable-http', url: 'https://example.com/mcp' } },
    updateServer: { id: 'one', isolation: 'shared' },
    removeServer: { id: spare.id },
    listServerTools: { id: server.id },
    reviewTool: { id: server.id, tool: 'read', fingerprint: fingerprintOf({ name: 'read' }), verdict: 'approved' },
    checkServer: { id: server.id },
    restartServer: { id: server.id },
    serverLogs: { id: server.id },
    listConnections: {},
    getConnection: { id: 'guarded' },
    beginConnection: { id: 'guarded' },
    finishConnection: { answer },
    removeConnection: { id: 'guarded' },
    listPolicies: {},
    createPolicy: { ...policyDraft, name: 'second' },
    updatePolicy: { ...policyDraft, id: policy.id, enabled: false },
    removePolicy: { id: policy.id },
    listDefinitions: {},
    getDefinition: { id: policy.id },
    createDefinition: { ...definition, name: 'third' },
    replaceDefinition: { ...definition, name: 'fourth', id: policy.id },
    listPolicyVersions: { id: policy.id },
    validatePolicy: definition,
    tryPolicy: { policy: definition, given: { tool: 'drop' } },
    startBacktest: { policy: definition, from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' },
    getBacktest: { id: backtest.id },
    cancelBacktest: { id: backtest.id },
    describeLanguage: {},
    listQuarantines: {},
    liftQuarantine: { id: quarantine },
    listDetectors: {},
    listAlerts: {},
    countAlerts: {},
    getAlert: { id: alert },
    changeAlerts: { ids: [alert], owner: 'me', state: 'acknowledged' },
    listAlertRoutes: {},
    createAlertRoute: { name: 'second', transport: routeTransport },
    updateAlertRoute: { id: route.id, name: 'renamed' },
    removeAlertRoute: { id: route.id },
    testAlertRoute: { id: route.id },
    listAlertDeliveries: { id: route.id },
    listMessages: {},
    getMessage: { id: message },
    getOverview: {},
    listAudit: {},
    exportAudit: {},
    bundleEvidence: {},
    readAuditLog: { from: 0, to: 5 },
    verifyAudit: {},
    proveAuditEntry: { id: entry },
    proveAudited: { id: entry },
    listAuditCalls: {},
    getAuditRules: {},
    updateAuditRules: { mode: 'required' },
    listDestinations: {},
    createDestination: { ...destinationDraft, name: 'second' },
    updateDestination: { ...destinationDraft, id: destination.id, name: 'renamed' },
    removeDestination: { id: destination.id },
    testDestination: { id: destination.id },
    listAuditKeys: {},
    rotateAuditKey: {},
    getLegalHold: {},
    setLegalHold: { reason: 'case 17' },
    endLegalHold: {},
  };
  return { organization, admin, member, other, inputs, session };
}

const routeTransport = { type: 'email' as const, to: ['oncall@example.com'] };

async function raiseAlert(organization: OrganizationId): Promise<AlertId> {
  const wrong = somethingWrong(organization, hub.ambient.clock.now());
  await hub.stores.alerts.raise([wrong], hub.ambient.ids);
  const { items } = await hub.stores.alerts.list(organization, {});
  const [alert] = items;
  assert.ok(alert);
  return alert.id;
}

/** Begins one, or sets one up, for an operation that needs it; answers a code that is good now. */
async function secondFactorFor(actor: Actor, operation: OperationKey | undefined): Promise<string> {
  if (operation !== 'confirmSecondFactor' && operation !== 'removeSecondFactor') return '000000';
  const { secret } = await hub.execute('startSecondFactor', {}, actor);
  const code = () => new TOTP({ secret }).generate({ timestamp: hub.ambient.clock.now() });
  if (operation === 'removeSecondFactor') {
    await hub.execute('confirmSecondFactor', { code: code() }, actor);
    hub.ambient.clock.time += 30_000;
  }
  return code();
}

const providerDraft = { name: 'Directory', issuer: 'https://id.example.com', clientId: 'mcpvault' };

async function waysToSignIn(organization: OrganizationId, admin: TestMember, member: TestMember, of?: OperationKey) {
  const domain = `${organization.replaceAll('_', '-')}.example`;
  const draft = { ...providerDraft, domains: [domain], createMembers: true };
  const { id: provider } = await hub.execute('createIdentityProvider', draft, admin);
  hub.providers.claims = { sub: 'new', email: `new@${domain}`, email_verified: true };
  hub.providers.ended = { session: 'none', subject: null, token: organization, staleAt: 1e15 };
  const { flow, url } = await hub.execute('startProviderSignIn', { id: provider }, nobody);
  const parameters = new URL(url).search;
  await hub.stores.identityProviders.link({ organization, provider, subject: 'm', member: member.id }, 1);
  const holder = await hub.addMember(organization, 'member', true);
  const theirs = await addPasskeyTo(holder);
  const ofAdmin = of === 'renamePasskey' || of === 'removePasskey' ? await addPasskeyTo(admin) : null;
  const proof = async ({ authenticator }: { readonly authenticator: SoftAuthenticator }) =>
    authenticator.prove((await hub.execute('startPasskeySignIn', {}, nobody)).options);
  const { options } = await hub.execute(
    'startPasskey',
    ofAdmin ? { passkey: await proof(ofAdmin) } : { password },
    admin,
  );
  const credential = createSoftAuthenticator('https://hub.test').create(options);
  return {
    signInOptions: { email: `ada@${domain}` },
    startProviderSignIn: { id: provider },
    finishProviderSignIn: { id: provider, flow, parameters },
    backchannelLogout: { id: provider, logout_token: 'token' },
    startPasskeySignIn: {},
    finishPasskeySignIn: { passkey: await proof(theirs) },
    listPasskeys: {},
    startPasskey: { password },
    addPasskey: { name: 'Key', credential },
    renamePasskey: { id: (ofAdmin ?? theirs).id, name: 'Other' },
    removePasskey: { id: (ofAdmin ?? theirs).id, ...(ofAdmin && { passkey: await proof(ofAdmin) }) },
    listIdentityProviders: {},
    createIdentityProvider: { ...draft, name: 'Second' },
    updateIdentityProvider: { ...draft, id: provider },
    removeIdentityProvider: { id: provider },
    testIdentityProvider: { id: provider },
    unlinkIdentity: { id: member.id, provider },
  };
}

async function addPasskeyTo(owner: Actor) {
  const authenticator = createSoftAuthenticator('https://hub.test');
  const { options } = await hub.execute('startPasskey', { password }, owner);
  const credential = authenticator.create(options);
  const { passkey } = await hub.execute('addPasskey', { name: 'Key', credential }, owner);
  return { id: passkey.id, authenticator };
}
const destinationDraft = {
  name: 'files',
  enabled: true,
  transport: { type: 'file' },
  format: 'jsonl',
  filter: { actions: [], outcome: 'all', calls: 'all' },
} satisfies InputOf<Operations['createDestination']>;
const definition = {
  name: 'a definition',
  reason: 'because',
  condition: 'tool.name == "drop"',
  actions: [{ type: 'refuse' as const }],
};

/** Begins a sign-in at a server, or finishes one, for an operation that needs it; answers what the browser came back with. */
async function signInFor(actor: Actor, operation: OperationKey | undefined): Promise<string> {
  if (operation !== 'finishConnection' && operation !== 'removeConnection') return 'code=x&state=y';
  const { url } = await hub.execute('beginConnection', { id: 'guarded' }, actor);
  const answer = peer.visit(url ?? '');
  if (operation === 'removeConnection') await hub.execute('finishConnection', { answer }, actor);
  return answer;
}

const policyDraft = {
  name: 'first',
  reason: 'because',
  detectors: ['secrets'],
  action: { type: 'redact', style: 'label' },
} as const satisfies Omit<InputOf<Operations['createPolicy']>, 'detectors'> & {
  detectors: readonly string[];
} as unknown as InputOf<Operations['createPolicy']>;

async function setupAndInvite(organization: OrganizationId, member: `mem_${string}`) {
  const now = hub.ambient.clock.now();
  const make = async (purpose: 'setup' | 'invite') => {
    const secret = `mcpl_${purpose}${organization}`;
    const owner = purpose === 'setup' ? { organization: null, member: null } : { organization, member };
    await hub.stores.links.create({ hash: hashOf(secret), ...owner, purpose, createdAt: now, expiresAt: now + 60_000 });
    return secret;
  };
  await writeSetup(hub.stores.settings, { organization, member, completed: false }, now);
  return { setup: await make('setup'), invite: await make('invite') };
}

async function recordMessage(
  organization: OrganizationId,
  member: `mem_${string}`,
  server: ServerId,
): Promise<MessageId> {
  const id = hub.ambient.ids.next('msg');
  const block = hub.ambient.ids.next('blk');
  const original = Buffer.from('{"key":"secret"}');
  const record: MessageRecord = {
    id,
    organization,
    at: hub.ambient.clock.now(),
    member,
    token: null,
    conversation: null,
    client: 'test/1',
    endpoint: 'one',
    server,
    serverName: 'one',
    direction: 'call',
    method: 'tools/call',
    target: 'tool',
    protocol: '2025-11-25',
    outcome: 'answered',
    code: null,
    reason: null,
    durationUs: 1,
    upstreamUs: 1,
    request: { offset: 0, length: original.length },
    response: null,
    requestEdits: [
      { start: 8, end: 14, replacement: '***', layer: 'hub', policy: 'pol_1', reason: 'because', detector: 'generic' },
    ],
    responseEdits: [],
    requestFindings: [],
    responseFindings: [],
    role: 'member',
    actedBy: null,
    parameters: null,
    trace: null,
    judged: { call: { rules: ['pol_1@1+redact'] } },
    secrets: null,
  };
  const { key, sealed } = hub.keyring.seal(organization, block, original);
  const records = Buffer.from(encodeRecord(record, block));
  const blocks = [{ position: 1, at: record.at, block: { id: block, organization, key, sealed, records, count: 1 } }];
  await createIngest(hub.database, hub.ambient)({ journal: hub.ambient.ids.next('jrn'), blocks });
  return id;
}

async function entriesOf(organization: OrganizationId, action: string) {
  const { items } = await hub.stores.audit.list(organization, { action, limit: 200 });
  return items;
}

test('without a sign-in, only what anyone may ask is done', async () => {
  const { inputs } = await world();
  for (const key of keys) {
    if (operations[key].permission === 'anyone') continue;
    await assert.rejects(hub.execute(key, inputs[key] as never, nobody), { code: 'unauthenticated' }, key);
  }
});

test('members are refused every operation whose permission their role lacks, and the refusal is in the audit record', async () => {
  const { inputs, member, organization } = await world();
  for (const key of keys) {
    const { permission, name } = operations[key];
    if (permits(builtInRoles.member, permission)) continue;
    const before = (await entriesOf(organization, name)).length;
    await assert.rejects(hub.execute(key, inputs[key] as never, member), { code: 'forbidden' }, key);
    const refused = (await entriesOf(organization, name)).filter((entry) => entry.outcome === 'refused');
    assert.equal((await entriesOf(organization, name)).length, before + 1, key);
    assert.deepEqual([refused[0]?.actor, refused[0]?.subject], [member.id, null], key);
  }
});

test('each audited operation leaves exactly one entry, each other one none', async () => {
  for (const key of keys) {
    const { inputs, organization, session } = await world(key);
    const { audited, name, permission } = operations[key];
    const actor = permission === 'anyone' ? nobody : await actorOf(hub, session.accessToken);
    assert.ok(actor);
    const before = await entriesOf(organization, name);
    await hub.execute(key, inputs[key] as never, actor);
    const after = await entriesOf(organization, name);
    assert.equal(after.length - before.length, audited ? 1 : 0, key);
    if (audited) assert.equal(after[0]?.outcome, 'done', key);
  }
});

test('no audit entry repeats a secret', async () => {
  const { admin, organization } = await world();
  await hub.execute('createServer', { name: 'secretive', transport: stdio }, admin);
  const made = await hub.execute('createToken', { name: 'x' }, admin);
  const { items } = await hub.stores.audit.list(organization, { limit: 200 });
  const text = JSON.stringify(items);
  for (const secret of ['hidden', made.token, password]) assert.ok(!text.includes(secret));
});

test('an operation that fails half way leaves nothing behind, and no audit entry', async () => {
  const { admin, organization } = await world();
  const stranger = `mem_${'0'.repeat(26)}` as const;
  const before = await hub.stores.teams.list(organization, {});
  const creating = hub.execute('createTeam', { name: 'half', members: [stranger] }, admin);
  await assert.rejects(creating, { code: 'not_found' });
  assert.deepEqual(await hub.stores.teams.list(organization, {}), before);
  assert.equal((await entriesOf(organization, 'teams.create')).length, 1);
});

test('an admin of another organization finds nothing of this one, by whatever id', async () => {
  const mine = await world();
  const stranger = await hub.addMember(await hub.addOrganization('Other'), 'admin');
  for (const key of keys) {
    if (operations[key].permission === 'anyone' || !Object.hasOwn(operations[key].input.shape, 'id')) continue;
    await assert.rejects(hub.execute(key, mine.inputs[key] as never, stranger), { code: 'not_found' }, key);
  }
  for (const key of [
    'listMembers',
    'listTeams',
    'listGrants',
    'listServers',
    'listPolicies',
    'listMessages',
  ] as const) {
    const { items } = await hub.execute(key, {}, stranger);
    assert.deepEqual(JSON.stringify(items).match(new RegExp(mine.organization)), null);
    assert.equal(items.length, key === 'listMembers' ? 1 : 0, key);
  }
  const tokens = await hub.execute('listTokens', { member: 'all' }, stranger);
  assert.equal(tokens.items.length, 0);
});

test('a grant, team or policy cannot name what belongs to another organization', async () => {
  const theirs = await world();
  const { admin } = await world();
  const server = theirs.inputs.checkServer.id as ServerId;
  for (const asked of [
    () => hub.execute('createGrant', { subject: { type: 'member', id: theirs.member.id }, server: 'one' }, admin),
    () => hub.execute('createGrant', { subject: { type: 'member', id: admin.id }, server }, admin),
    () => hub.execute('createTeam', { name: 'foreign', members: [theirs.member.id] }, admin),
    () => hub.execute('createPolicy', { ...policyDraft, servers: [server] }, admin),
  ]) {
    await assert.rejects(asked, { code: 'not_found' });
  }
});

test('wrong and unknown members of the input are named', async () => {
  const { admin } = await world();
  await assert.rejects(hub.execute('createToken', { name: '' }, admin), {
    code: 'invalid_params',
    details: { issues: [{ path: 'name', message: 'Too small: expected string to have >=1 characters' }] },
  });
  const misspelt = { name: 'x', expires: '2030-01-01T00:00:00Z' } as never;
  await assert.rejects(hub.execute('createToken', misspelt, admin), { code: 'invalid_params', message: /"expires"/ });
});

test('backend leak: members see only servers granted to them, without how they are run, and only the granted tools', async () => {
  const { admin, member } = await world();
  hub.gateway.answer = {
    protocol: '2025-11-25',
    serverInfo: {},
    tools: ['a', 'b', 'c'].map((name) => ({ name, inputSchema: { type: 'object' } })),
  };
  await hub.execute('checkServer', { id: 'spare' }, admin);
  assert.deepEqual(await names(member), ['one']);
  await hub.execute(
    'createGrant',
    { subject: { type: 'member', id: member.id }, server: 'spare', tools: ['b'] },
    admin,
  );
  assert.deepEqual((await names(member)).sort(), ['one', 'spare']);
  const shown = await hub.execute('getServer', { id: 'spare' }, member);
  assert.equal(shown.transport, undefined);
  const { items } = await hub.execute('listServerTools', { id: 'spare' }, member);
  assert.deepEqual(
    items.map((tool) => tool.name),
    ['b'],
  );
  const page = await hub.execute('listServerTools', { id: 'spare', limit: 2 }, admin);
  assert.deepEqual([page.items.length, page.next], [2, 'b']);
  const rest = await hub.execute('listServerTools', { id: 'spare', cursor: 'b' }, admin);
  assert.deepEqual([rest.items.map((tool) => tool.name), rest.next], [['c'], null]);
});

async function names(actor: Actor): Promise<string[]> {
  return (await hub.execute('listServers', {}, actor)).items.map((server) => server.name);
}

test('values of env are never shown, and can be kept without being known', async () => {
  const { admin, organization } = await world();
  const shown = await hub.execute('getServer', { id: 'one' }, admin);
  assert.deepEqual(shown.transport, { type: 'stdio', command: 'node', args: ['server.js'], env: ['API_KEY'] });
  const transport = { ...stdio, args: ['other.js'], env: { API_KEY: null, MORE: 'x' } };
  const updated = await hub.execute('updateServer', { id: 'one', transport }, admin);
  assert.equal(updated.version, 2);
  const held = hub.catalog.servers(organization).find(({ entry }) => entry.name === 'one');
  assert.deepEqual(held?.entry.transport, { ...stdio, args: ['other.js'], env: { API_KEY: 'hidden', MORE: 'x' } });
  const unknown = { ...stdio, env: { NEVER: null } };
  await assert.rejects(hub.execute('updateServer', { id: 'one', transport: unknown }, admin), {
    code: 'invalid_params',
  });
});

test('how processes are run is kept with the version, and a change of a part leaves the rest', async () => {
  const { admin } = await world();
  const sandbox = { mode: 'required' as const, write: ['/srv/notes'] };
  const made = await hub.execute(
    'createServer',
    {
      name: 'held',
      transport: stdio,
      isolation: 'shared',
      processes: { connections: 3, sandbox, limits: { memory: 512 } },
    },
    admin,
  );
  assert.deepEqual(made.processes, {
    ...{ connections: 3, callsPerConnection: 256, queue: 1000, queueSeconds: 30, sessionContext: 'declared' },
    sandbox: { mode: 'required', network: true, read: [], write: ['/srv/notes'] },
    limits: { memory: 512, cpuSeconds: null, processes: null, lifeSeconds: null, callSeconds: null },
  });
  const { id } = made;
  const changed = await hub.execute(
    'updateServer',
    { id, processes: { queue: 5, sandbox: { network: false }, limits: { memory: null } } },
    admin,
  );
  assert.equal(changed.version, 2);
  assert.equal(changed.processes?.connections, 3);
  assert.equal(changed.processes?.queue, 5);
  assert.deepEqual(changed.processes?.sandbox, { mode: 'required', network: false, read: [], write: ['/srv/notes'] });
  assert.equal(changed.processes?.limits.memory, null);
  const entry = hub.catalog
    .servers(admin.caller?.organization ?? 'org_none')
    .find((known) => known.entry.id === id)?.entry;
  assert.deepEqual(entry?.processes, changed.processes);
  assert.equal((await hub.execute('updateServer', { id, processes: { queue: 5 } }, admin)).version, 2);
  await assert.rejects(hub.execute('updateServer', { id, processes: { connections: 51 } }, admin), {
    code: 'invalid_params',
  });
  const relative = { sandbox: { read: ['relative'] } };
  await assert.rejects(hub.execute('updateServer', { id, processes: relative }, admin), { code: 'invalid_params' });
});

test('a change that changes nothing makes no version; a change of transport replaces what runs', async () => {
  const { admin } = await world();
  const { id, version } = await hub.execute('getServer', { id: 'one' }, admin);
  const same = { ...stdio, env: { API_KEY: null } };
  assert.equal((await hub.execute('updateServer', { id, transport: same }, admin)).version, version);
  assert.deepEqual(
    hub.gateway.closed.filter(({ server }) => server === id),
    [],
  );
  await hub.execute('updateServer', { id, transport: { ...stdio, args: [] } }, admin);
  await hub.execute('updateServer', { id, enabled: false }, admin);
  await hub.execute('removeServer', { id }, admin);
  assert.deepEqual(
    hub.gateway.closed.filter(({ server }) => server === id).map(({ why }) => why),
    ['the server was switched off', 'the server was retired'],
  );
  assert.deepEqual(
    hub.gateway.replaced.filter(({ server }) => server === id).map(({ why }) => why),
    ['the server was changed'],
  );
});

test('the last admin who can sign in stays an admin, enabled and there', async () => {
  const organization = await hub.addOrganization();
  const admin = await hub.addMember(organization, 'admin', true);
  for (const asked of [
    () => hub.execute('updateMember', { id: admin.id, role: 'member' }, admin),
    () => hub.execute('updateMember', { id: admin.id, disabled: true }, admin),
    () => hub.execute('removeMember', { id: admin.id }, admin),
  ]) {
    await assert.rejects(asked, { code: 'conflict' });
  }
  await hub.addMember(organization, 'admin', true);
  assert.equal((await hub.execute('updateMember', { id: admin.id, role: 'member' }, admin)).role, 'member');
});

test('an admin reads the original and what was delivered; the member it concerns only what was delivered', async () => {
  const { admin, member, organization, inputs } = await world();
  const server = inputs.checkServer.id as ServerId;
  const theirs = await recordMessage(organization, member.id, server);
  const seenByAdmin = await hub.execute('getMessage', { id: theirs }, admin);
  assert.equal(seenByAdmin.request?.original, '{"key":"secret"}');
  assert.equal(seenByAdmin.request?.delivered, '{"key":"***"}');
  const seenByMember = await hub.execute('getMessage', { id: theirs }, member);
  assert.equal(seenByMember.request?.original, null);
  assert.equal(seenByMember.request?.delivered, '{"key":"***"}');
  await assert.rejects(hub.execute('getMessage', inputs.getMessage, member), { code: 'not_found' });
  const own = await hub.execute('listMessages', { member: admin.id }, member);
  assert.deepEqual(
    own.items.map(({ id }) => id),
    [theirs],
  );
});
