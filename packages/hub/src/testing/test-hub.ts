// The control plane over a real database, for tests: everything but HTTP, the record and the gateway, whose place a small
// fake takes. The clock stands until a test moves it.
import { operations } from '@mcpvault/contract/operations';
import type { SignedCheckpoint } from '@mcpvault/domain/audit/checkpoint';
import { type BuiltInRoleId, builtInRoles } from '@mcpvault/domain/identity/role';
import type { MemberId, OrganizationId, ServerId } from '@mcpvault/domain/ids';
import type { Probe } from '@mcpvault/gateway/gateway';
import { createOutboundFetch } from '@mcpvault/gateway/outbound/outbound-fetch';
import { createOutboundRules } from '@mcpvault/gateway/outbound/outbound-rules';
import { createAuditSigner } from '@mcpvault/store/audit/audit-signer';
import { loadOrganization, loadPart } from '@mcpvault/store/catalog-view';
import { listenForChanges } from '@mcpvault/store/change-feed';
import { connect } from '@mcpvault/store/connect';
import { createKeyring } from '@mcpvault/store/keyring';
import { createReplayView } from '@mcpvault/store/replay-view';
import { createOauthKeys } from '@mcpvault/store/oauth-keys';
import { snapshot, transaction } from '@mcpvault/store/stores';
import { createWalledStores, walled } from '@mcpvault/store/walls/walled-stores';
import { openTestDatabase, type TestDatabase, testAmbient } from '@mcpvault/store/testing/test-database';
import type { Actor } from '../actor.ts';
import { createNotify } from '../alerts/notify.ts';
import { createAuditLog } from '../audit/audit-log.ts';
import { createIdentityCache } from '../auth/identity-cache.ts';
import { createOauth } from '../oauth/create-oauth.ts';
import { createPasswords } from '../auth/password.ts';
import { createBacktests } from '../backtest/backtests.ts';
import { createCatalog } from '../catalog/catalog-snapshot.ts';
import { createServerContact } from '../catalog/server-contact.ts';
import { createChanges } from '../changes.ts';
import { createExecute, type Execute } from '../execute.ts';
import { loadInjection } from '../inspection/load-injection.ts';
import { handlers } from '../operations/handlers.ts';
import { createLimiter } from '../limits/limiter.ts';
import { createNewcomers } from '../newcomers.ts';
import type { Services } from '../services.ts';
import { createSortableIds } from '@mcpvault/domain/sortable-ids';
import { createWaiting } from '../workstations/waiting.ts';
import { createFakeProviders } from './fake-providers.ts';
import { quiet } from './quiet.ts';

/** Answers probes as told, and remembers what it was asked. */
export interface FakeGateway {
  answer: Probe | Error;
  readonly probed: ServerId[];
  readonly closed: { readonly server: ServerId; readonly why: string }[];
  readonly replaced: { readonly server: ServerId; readonly why: string }[];
}

export type TestHub = Awaited<ReturnType<typeof createTestHub>>;

export const password = 'correct horse battery';
const masterKey = Buffer.alloc(32, 7);

/** Another hub on a database that one has opened already, or the first on its own. */
export async function createTestHub(database?: TestDatabase) {
  const own = database ?? (await openTestDatabase());
  const { clock, random } = testAmbient();
  const ambient = { clock, random, ids: createSortableIds(clock, random) };
  const stores = createWalledStores(own);
  const keyring = createKeyring({ masterKey, stores, ambient });
  const passwords = await createPasswords('nobody', { memoryCost: 64, timeCost: 1 });
  const changes = createChanges(ambient.ids.next('hub'));
  const oauthKeys = createOauthKeys({ masterKey, executor: own.kysely, ambient });
  const oauth = createOauth({
    addresses: { url: 'http://hub.test', hosts: new Set(['hub.test']), ownOrigins: new Set(['http://hub.test']) },
    masterKey,
    keys: oauthKeys,
    stores,
    transaction: (work) => transaction(own, work),
    changes,
    ambient,
    log: quiet,
    fetchDocument: async () => new Response(null, { status: 404 }),
    sealer: keyring,
    providers: createFakeProviders(),
    proxies: 0,
    settings: { registration: true, clientHosts: [], accessTokenSeconds: 900, refreshTokenSeconds: 86_400 },
  });
  const identities = createIdentityCache({ stores, clock: ambient.clock, oauth: oauth.letIn });
  const fake: FakeGateway = {
    answer: { protocol: '2025-11-25', serverInfo: {}, tools: [] },
    probed: [],
    closed: [],
    replaced: [],
  };
  const gateway = {
    async probe({ id }: { readonly id: ServerId }) {
      fake.probed.push(id);
      if (fake.answer instanceof Error) throw fake.answer;
      return fake.answer;
    },
    close: (server: ServerId, why: string) => void fake.closed.push({ server, why }),
    replaced: (server: ServerId, why: string) => void fake.replaced.push({ server, why }),
    processes: () => [],
    confinement: () => ({ state: 'open' as const, missing: [] }),
    connections: () => 0,
    logs: () => [],
  };
  const catalog = createCatalog({
    read: (organization) => loadOrganization(own.boundTo(organization), organization),
    readPart: (organization, wanted) => loadPart(own.boundTo(organization), organization, wanted),
    sealer: keyring,
    clock: ambient.clock,
    log: quiet,
    scorer: loadInjection,
    onEnded: gateway.close,
    onReplaced: gateway.replaced,
  });
  const contact = createServerContact({
    gateway,
    catalog,
    stores,
    changes,
    clock: ambient.clock,
    ids: ambient.ids,
    log: quiet,
  });
  changes.subscribe(
    createNewcomers({
      all: () => stores.organizations.all(),
      isKnown: (organization) => catalog.organizations().includes(organization),
      async open(organization) {
        await keyring.ensure(organization);
        await catalog.load(organization);
      },
    }),
  );
  changes.subscribe(identities);
  changes.subscribe(catalog);
  const limiter = createLimiter({
    read: (organization) => stores.limits.all(organization),
    counters: stores.limitCounters,
    clock: ambient.clock,
    log: quiet,
  });
  changes.subscribe(limiter);
  // On a connection of its own: whoever closes the database waits for those that are lent out.
  const heard = await connect({ connection: own.connection, poolSize: 1, log: quiet });
  const feed = listenForChanges(heard, changes, quiet);
  const anchored = new Map<OrganizationId, SignedCheckpoint>();
  const auditLog = createAuditLog({
    stores,
    snapshot: (organization, work) => snapshot(own, organization, work),
    signer: createAuditSigner({ masterKey, executor: own.kysely, ambient }),
    anchors: {
      keep: async (checkpoint) => void anchored.set(checkpoint.organization, checkpoint),
      of: async (organization) => anchored.get(organization) ?? null,
      placeOf: (organization) => `memory of ${organization}`,
    },
    clock,
    log: quiet,
  });
  const waiting = createWaiting();
  changes.subscribe(waiting);
  const providers = createFakeProviders();
  const outboundFetch = createOutboundFetch({
    rules: createOutboundRules({ allowed: ['127.0.0.0/8'], trust: 'none' }),
  });
  const services: Services = {
    ambient,
    backtests: createBacktests({ replay: walled(own, createReplayView), sealer: keyring, clock: ambient.clock }),
    policyKey: () => new Uint8Array(32),
    oauth: oauth.desk,
    oauthKeys,
    auditLog,
    auditRules: { usual: 'required' },
    lifetimes: { access: 3_600_000, refresh: 30 * 86_400_000 },
    passwords,
    sealer: keyring,
    signInProviders: providers,
    relyingParty: { id: 'hub.test', origins: ['https://hub.test'] },
    catalog,
    limiter,
    contact,
    gateway,
    outboundRules: createOutboundRules({ allowed: ['127.0.0.0/8'], trust: 'none' }),
    notify: createNotify(ambient),
    dispatcher: { test: async () => {} },
    canMail: true,
    courier: { test: async () => {} },
    waiting,
    destinationFolder: (id) => `exports/${id}`,
    outboundFetch,
    connect: { ambient, sealer: keyring, fetchNear: () => outboundFetch, stores, url: 'http://hub.test' },
    url: 'http://hub.test',
    stores,
    transaction: (work) => transaction(own, work),
    notices: () => [],
  };
  const execute: Execute = createExecute({ database: own, handlers, services, changes });

  async function addOrganization(name = 'Test'): Promise<OrganizationId> {
    const id = ambient.ids.next('org');
    await stores.organizations.create({ id, name, createdAt: ambient.clock.now() });
    await keyring.ensure(id);
    await catalog.load(id);
    return id;
  }

  /** From now on its admins make the others. */
  async function letRun(organization: OrganizationId): Promise<void> {
    await own.pool.query('update organizations set runs_hub = false where runs_hub');
    await own.pool.query('update organizations set runs_hub = true where id = $1', [organization]);
  }

  async function addMember(
    organization: OrganizationId,
    role: BuiltInRoleId,
    withPassword = false,
  ): Promise<Actor & Member> {
    const id = ambient.ids.next('mem');
    const email = `${id}@example.com`;
    const passwordHash = withPassword ? await passwords.hash(password) : null;
    await stores.members.create({
      id,
      organization,
      email,
      name: id,
      role,
      passwordHash,
      createdAt: ambient.clock.now(),
    });
    await changes.publish([{ organization, area: 'members', id }]);
    const caller = {
      organization,
      member: id,
      email,
      role,
      permissions: builtInRoles[role].permissions,
      teams: [],
      token: null,
    };
    return { ...nobody, caller, id, email };
  }

  return {
    database: own,
    ambient,
    stores,
    oauth,
    oauthKeys,
    auditLog,
    keyring,
    changes,
    identities,
    catalog,
    limiter,
    contact,
    gateway: fake,
    providers,
    execute,
    addOrganization,
    letRun,
    addMember,
    async stop() {
      await contact.stop();
      await limiter.stop();
      await feed.stop();
      await heard.close();
    },
  };
}

interface Member {
  readonly id: MemberId;
  readonly email: string;
}

export const nobody: Actor = {
  caller: null,
  signIn: null,
  mustEnrol: false,
  address: '192.0.2.1',
  client: 'test',
  requestId: 'req_1',
};

/** A signed-in actor, as the API would make one of an access token. */
export async function actorOf(hub: TestHub, accessToken: string): Promise<Actor | null> {
  const identity = await hub.identities.identity(accessToken);
  return identity && { ...nobody, ...identity };
}

export const stdio = { type: 'stdio' as const, command: 'node', args: ['server.js'], env: { API_KEY: 'hidden' } };

export const keys = Object.keys(operations) as (keyof typeof operations)[];
