// An organization in which every operation can be done, with the input with which it can: for walks over all of them.
import { standardRules } from '@mcpvault/domain/workstation/standard-rules';
import type { InputOf } from '@mcpvault/contract/operation';
import type { OperationKey, Operations } from '@mcpvault/contract/operations';
import type { AlertId } from '@mcpvault/domain/alerts/alert';
import type { MessageId, OrganizationId, ServerId } from '@mcpvault/domain/ids';
import type { MessageRecord } from '@mcpvault/domain/record/message-record';
import { encodeRecord } from '@mcpvault/domain/record/record-line';
import { fingerprintOf } from '@mcpvault/domain/catalog/fingerprint';
import { createIngest } from '@mcpvault/store/record-ingest';
import { TOTP } from 'otpauth';
import type { Actor } from '../actor.ts';
import { hashOf } from '../auth/credential.ts';
import { writeSetup } from '../setup-state.ts';
import { oauthSamples } from './oauth-samples.ts';
import { somethingWrong } from './something-wrong.ts';
import { sampleApproval } from './sample-approval.ts';
import type { SignInServer } from './sign-in-server.ts';
import { workstationSample } from './workstation-samples.ts';
import { createSoftAuthenticator, type SoftAuthenticator } from './soft-authenticator.ts';
import { nobody, password, stdio, type TestHub } from './test-hub.ts';

type TestMember = Awaited<ReturnType<TestHub['addMember']>>;

export type Inputs = { readonly [Key in OperationKey]: InputOf<Operations[Key]> };

/** An organization in which every operation can be done, and the input with which it can. */
export async function operationWorld(hub: TestHub, peer: SignInServer, preparing?: OperationKey) {
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
    credential: null,
    ...{ member: admin.id, policy: policy.id, reason: 'why', createdAt: 1, until: null, liftedAt: null },
  });
  await hub.stores.toolDefinitions.seen(organization, server.id, 1, [{ name: 'read', definition: { name: 'read' } }]);
  const held = await sampleApproval(hub, organization, member.id);
  const ownHeld = await sampleApproval(hub, organization, admin.id);
  const alert = await raiseAlert(hub, organization);
  const { route } = await run('createAlertRoute', { name: 'first', transport: routeTransport });
  const ownRole = (await run('createRole', { name: 'first', permissions: ['members:read'] })) as {
    id: `role_${string}`;
  };
  const message = await recordMessage(hub, organization, admin.id, server.id);
  const links = await setupAndInvite(hub, organization, other.id);
  const signedIn = await hub.execute('login', { email: member.email, password }, nobody);
  const session = await hub.execute('login', { email: admin.email, password }, nobody);
  const { items: signIns } = await run('listSignIns', {});
  const elsewhere = signIns[0]?.id ?? 'sin_none';
  const signingIn = await waysToSignIn(hub, organization, admin, member, preparing);
  const code = await secondFactorFor(hub, admin, preparing);
  const lost = await hub.addMember(organization, 'member');
  await secondFactorFor(hub, lost, 'removeSecondFactor');
  const transport = { type: 'streamable-http' as const, url: peer.url, auth: { mode: 'per-member' as const } };
  await run('createServer', { name: 'guarded', transport });
  const answer = await signInFor(hub, peer, admin, preparing);
  const asking = await oauthSamples(hub, organization, admin.id);
  const { workstation, report } = await workstationSample(hub, organization, admin.id);
  const spareWorkstation = await workstationSample(hub, organization, member.id);
  const enrolmentKey = await run('createEnrolmentKey', { name: 'first' });
  const job = await run('createAgentJob', { workstation, job: { kind: 'scan', input: {} } });
  const { version: _, ...rules } = standardRules;
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
    listWorkstations: {},
    getWorkstation: { id: workstation },
    updateWorkstation: { id: workstation, name: 'renamed' },
    revokeWorkstation: { id: spareWorkstation.workstation },
    removeWorkstation: { id: spareWorkstation.workstation },
    listEnrolmentKeys: {},
    createEnrolmentKey: { name: 'second' },
    revokeEnrolmentKey: { id: enrolmentKey.id },
    getWorkstationSettings: {},
    updateWorkstationSettings: await run('getWorkstationSettings', {}),
    listScanReports: { workstation },
    getScanReport: { id: report },
    compareScanReports: { id: report },
    getCompliance: {},
    exportCompliance: {},
    getComplianceRules: {},
    updateComplianceRules: rules,
    previewComplianceRules: rules,
    listAgentJobs: {},
    createAgentJob: { workstation, job: { kind: 'refresh', input: {} } },
    getAgentJob: { id: job.id },
    cancelAgentJob: { id: job.id },
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
    checkPolicyText: { text: 'name: A\nreason: r\nactions: [{ type: refuse }]\n' },
    readPolicyText: { id: policy.id },
    listPolicyLibrary: {},
    countPolicyHits: {},
    compareShadow: { id: policy.id, from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' },
    tryRecorded: { policy: definition, message },
    tryPolicy: { policy: definition, given: { tool: 'drop' } },
    startBacktest: { policy: definition, from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' },
    getBacktest: { id: backtest.id },
    cancelBacktest: { id: backtest.id },
    describeLanguage: {},
    listQuarantines: {},
    createQuarantine: { what: 'member', member: other.id, minutes: 60, reason: 'to look into it' },
    liftQuarantine: { id: quarantine },
    listDetectors: {},
    listMessages: {},
    getMessage: { id: message },
    listConversation: { id: message },
    listOrganizations: {},
    createOrganization: {
      name: 'Other',
      admin: { email: `first-${organization}@other.example`, name: 'First' },
    },
    updateOrganization: { id: await hub.addOrganization('Another'), name: 'Renamed' },
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

/** Begins one, or sets one up, for an operation that needs it; answers a code that is good now. */
async function secondFactorFor(hub: TestHub, actor: Actor, operation: OperationKey | undefined): Promise<string> {
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

async function waysToSignIn(
  hub: TestHub,
  organization: OrganizationId,
  admin: TestMember,
  member: TestMember,
  of?: OperationKey,
) {
  const domain = `${organization.replaceAll('_', '-')}.example`;
  const draft = { ...providerDraft, domains: [domain], createMembers: true };
  const { id: provider } = await hub.execute('createIdentityProvider', draft, admin);
  hub.providers.claims = { sub: 'new', email: `new@${domain}`, email_verified: true };
  hub.providers.ended = { session: 'none', subject: null, token: organization, staleAt: 1e15 };
  const { flow, url } = await hub.execute('startProviderSignIn', { id: provider }, nobody);
  const parameters = new URL(url).search;
  await hub.stores.identityProviders.link({ organization, provider, subject: 'm', member: member.id }, 1);
  const holder = await hub.addMember(organization, 'member', true);
  const theirs = await addPasskeyTo(hub, holder);
  const ofAdmin = of === 'renamePasskey' || of === 'removePasskey' ? await addPasskeyTo(hub, admin) : null;
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

async function addPasskeyTo(hub: TestHub, owner: Actor) {
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
async function signInFor(
  hub: TestHub,
  peer: SignInServer,
  actor: Actor,
  operation: OperationKey | undefined,
): Promise<string> {
  if (operation !== 'finishConnection' && operation !== 'removeConnection') return 'code=x&state=y';
  const { url } = await hub.execute('beginConnection', { id: 'guarded' }, actor);
  const answer = peer.visit(url ?? '');
  if (operation === 'removeConnection') await hub.execute('finishConnection', { answer }, actor);
  return answer;
}

export const policyDraft = {
  name: 'first',
  reason: 'because',
  detectors: ['secrets'],
  action: { type: 'redact', style: 'label' },
} as const satisfies Omit<InputOf<Operations['createPolicy']>, 'detectors'> & {
  detectors: readonly string[];
} as unknown as InputOf<Operations['createPolicy']>;

async function setupAndInvite(hub: TestHub, organization: OrganizationId, member: `mem_${string}`) {
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

/** A call whose record hides a secret. */
export const recordedCall =
  '{"key":"secret","jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"tool","arguments":{}}}';

export async function recordMessage(
  hub: TestHub,
  organization: OrganizationId,
  member: `mem_${string}`,
  server: ServerId,
): Promise<MessageId> {
  const id = hub.ambient.ids.next('msg');
  const block = hub.ambient.ids.next('blk');
  const original = Buffer.from(recordedCall);
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

const routeTransport = { type: 'email' as const, to: ['oncall@example.com'] };

async function raiseAlert(hub: TestHub, organization: OrganizationId): Promise<AlertId> {
  const wrong = somethingWrong(organization, hub.ambient.clock.now());
  await hub.stores.alerts.raise([wrong], hub.ambient.ids);
  const [alert] = (await hub.stores.alerts.list(organization, {})).items;
  if (alert === undefined) throw new Error('the alert is not there');
  return alert.id;
}
