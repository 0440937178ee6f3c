// Builds the hub: the only place where its parts are made and handed to each other. What is begun here ends in the opposite
// order, also when the start fails half way.
import { randomFillSync } from 'node:crypto';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Ambient } from '@mcpvault/domain/ambient';
import { createGateway } from '@mcpvault/gateway/create-gateway';
import type { OrganizationId } from '@mcpvault/domain/ids';
import type { Log } from '@mcpvault/gateway/ports';
import { createNearFetch } from '@mcpvault/gateway/outbound/near-fetch';
import { createOutboundFetch } from '@mcpvault/gateway/outbound/outbound-fetch';
import { createOutboundRules } from '@mcpvault/gateway/outbound/outbound-rules';
import { createJournal, type Journal } from '@mcpvault/gateway/recording/journal';
import { createShipper } from '@mcpvault/gateway/recording/shipper';
import { sweep } from '@mcpvault/gateway/upstream/process/sweep';
import { createAuditSigner } from '@mcpvault/store/audit/audit-signer';
import { loadOrganization, loadPart } from '@mcpvault/store/catalog-view';
import { announce, listenForChanges } from '@mcpvault/store/change-feed';
import { connect, type Database } from '@mcpvault/store/connect';
import { lockDirectory } from '@mcpvault/store/engine/directory-lock';
import { openEmbedded } from '@mcpvault/store/engine/open-embedded';
import { createKeyring } from '@mcpvault/store/keyring';
import { loadMasterKey, type MasterKey } from '@mcpvault/store/master-key';
import { migrate } from '@mcpvault/store/migrations/migrate';
import { createIngest } from '@mcpvault/store/record-ingest';
import { createRecordedPosition } from '@mcpvault/store/recorded-position';
import { createReplayView } from '@mcpvault/store/replay-view';
import { createOauthKeys } from '@mcpvault/store/oauth-keys';
import { snapshot, type Stores, transaction, within as withinOrganization } from '@mcpvault/store/stores';
import { wallsStand } from '@mcpvault/store/walls/raise-walls';
import { createWalledStores, walled } from '@mcpvault/store/walls/walled-stores';
import hubPackage from '../package.json' with { type: 'json' };
import { createBacktests } from './backtest/backtests.ts';
import { createApprovals } from './approvals/approvals.ts';
import { createNotify } from './alerts/notify.ts';
import { carrierOf } from './alerts/routes/carriers.ts';
import { createDispatcher } from './alerts/routes/dispatcher.ts';
import { readMailServer } from './alerts/routes/mail-server.ts';
import { createWatch } from './alerts/watch.ts';
import { createLearner } from './anomaly/learner.ts';
import { unusualUse } from './anomaly/unusual-use.ts';
import { createAnchors } from './audit/anchors.ts';
import { createCourier } from './audit/destinations/courier.ts';
import { placeOf as folderOf } from './audit/destinations/file-receiver.ts';
import { receiverOf } from './audit/destinations/receivers.ts';
import { createAuditLog } from './audit/audit-log.ts';
import { type AuditRules, createAuditRules } from './audit/audit-rules.ts';
import { createIdentityCache } from './auth/identity-cache.ts';
import { relyingPartyOf } from './auth/passkeys.ts';
import { createPasswords } from './auth/password.ts';
import { createSignInProviders } from './auth/single-sign-on/sign-in-providers.ts';
import { createCatalog } from './catalog/catalog-snapshot.ts';
import { createServerContact } from './catalog/server-contact.ts';
import { clientDocumentOf } from './connections/connect.ts';
import { createConnections } from './connections/connections.ts';
import { type Change, createChanges } from './changes.ts';
import type { Config } from './config.ts';
import { type DataFolder, openDataFolder, removeHubFile, writeHubFile } from './data-folder.ts';
import { exampleServers, writeSampleFiles } from './example.ts';
import { createExecute } from './execute.ts';
import { type FirstStart, prepareFirstStart } from './first-start.ts';
import { type Addresses, addressesOf } from './http/addresses.ts';
import { loadConsole } from './http/console-files.ts';
import { type Checks, type ComponentState, createHealth } from './http/health.ts';
import { createHubServer } from './http/hub-server.ts';
import { createLiveFeed, type LiveFeed } from './http/live.ts';
import { createRest } from './http/rest.ts';
import { loadInjection } from './inspection/load-injection.ts';
import { noticesOf } from './notices.ts';
import { handlers } from './operations/handlers.ts';
import { createLimiter } from './limits/limiter.ts';
import { createFallBacks } from './policies/fall-backs.ts';
import { createNewcomers } from './newcomers.ts';
import { createPolicing } from './policing.ts';
import { createRandom } from './random.ts';
import { createProvision } from './scim/provision.ts';
import { createScimFace } from './scim/scim-face.ts';
import type { Services } from './services.ts';
import { createSortableIds } from '@mcpvault/domain/sortable-ids';
import { createOauth } from './oauth/create-oauth.ts';
import { createUpkeep } from './upkeep.ts';
import { createWorkstations } from './workstations/create-workstations.ts';

export interface RunningHub {
  readonly addresses: Addresses;
  readonly firstStart: FirstStart;
  readonly masterKey: Pick<MasterKey, 'generated' | 'source'>;
  /** Readiness flips, calls under way finish within the configured time, everything is written down, all is ended. */
  stop(): Promise<void>;
}

const consoleFolder = fileURLToPath(new URL('../../console/dist', import.meta.url));
const segmentBytes = 64 * 1024 * 1024;
const minute = 60_000;
const day = 86_400_000;
/** What the database has not taken by then waits in the journal for the next start. */
const lastShipmentMs = 5_000;
const closeGraceMs = 500;
/** Of the access tokens of AI clients, at most: they lie on computers that nobody looks after, and renew themselves. */
const clientTokenMinutes = 15;

/** Throws a `Failure` with the fix when something outside does not allow a start. */
export async function startHub(config: Config, environment: NodeJS.ProcessEnv, log: Log): Promise<RunningHub> {
  const ambient = createAmbient();
  const { clock, ids } = ambient;
  await using starting = new AsyncDisposableStack();

  const folder = await openDataFolder(config.data, ids.next('hub'));
  const lock = await lockDirectory(folder.path);
  starting.defer(() => lock.release());

  const server = createHubServer(log, clock);
  const port = await server.listen(config.host, config.port);
  starting.defer(() => server.close(closeGraceMs));
  const addresses = addressesOf({ ...config, port, hostname: hostname(), interfaces: networkInterfaces() });

  const database = await openDatabase(config, folder, log, starting);
  const isWalled = await wallsStand(database.kysely);
  const stores = createWalledStores(database);
  const inTransaction = <Result>(work: (stores: Stores) => Promise<Result>) => transaction(database, work);
  const masterKey = await loadMasterKey({
    value: config.masterKey ?? undefined,
    dataDir: folder.path,
    random: ambient.random,
  });
  const keyring = createKeyring({ masterKey: masterKey.key, stores, ambient });
  const passwords = await createPasswords(ids.next('nobody'));
  const firstStart = await prepareFirstStart({
    stores,
    transaction: inTransaction,
    keyring,
    passwords,
    ambient,
    organizationName: config.organization,
    admin: { email: config.adminEmail, password: config.adminPassword, name: config.adminName },
    example: () => (config.example ? makeExample(folder, ambient) : null),
    url: addresses.url,
  });

  const changes = createChanges(ids.next('hub'));
  const tell = async (changed: readonly Change[]) => {
    await announce(database.kysely, changes.announcement(changed));
    await changes.publish(changed);
  };
  const oauthKeys = createOauthKeys({ masterKey: masterKey.key, executor: database.kysely, ambient });
  const outboundRules = createOutboundRules({ allowed: config.privateNetworks, trust: 'none' });
  const outboundFetch = createOutboundFetch({ rules: outboundRules });
  const signInProviders = createSignInProviders({ fetch: outboundFetch, now: clock.now });
  const oauth = createOauth({
    addresses,
    masterKey: masterKey.key,
    keys: oauthKeys,
    stores,
    transaction: inTransaction,
    changes,
    ambient,
    log,
    fetchDocument: outboundFetch,
    sealer: keyring,
    providers: signInProviders,
    proxies: config.proxies,
    settings: {
      registration: config.oauthRegistration,
      clientHosts: config.oauthClientHosts.map((host) => host.toLowerCase()),
      accessTokenSeconds: Math.min(config.accessTokenMinutes, clientTokenMinutes) * 60,
      refreshTokenSeconds: (config.refreshTokenDays * day) / 1000,
    },
  });
  const identities = createIdentityCache({ stores, clock, oauth: oauth.letIn });
  const catalog = createCatalog({
    read: (organization) => loadOrganization(database.boundTo(organization), organization),
    readPart: (organization, wanted) => loadPart(database.boundTo(organization), organization, wanted),
    sealer: keyring,
    clock,
    log,
    scorer: loadInjection,
    onEnded: (id, why) => gateway.close(id, why),
    onReplaced: (id, why) => gateway.replaced(id, why),
  });
  for (const { id } of await stores.organizations.all()) await catalog.load(id);

  const limiter = createLimiter({ read: (id) => stores.limits.all(id), counters: stores.limitCounters, clock, log });
  for (const id of catalog.organizations()) await limiter.load(id);

  const live: LiveFeed = createLiveFeed({ identities, catalog, clock });
  const rules = createAuditRules(stores, config.journalFull === 'refuse' ? 'required' : 'best-effort');
  await rules.load();
  const journal = await openRecord({ config, folder, database, keyring, ambient, log, live, rules, tell }, starting);

  const notify = createNotify(ambient);
  const approvals = createApprovals({
    ...{ stores, transaction: inTransaction, changes, catalog, sealer: keyring, ambient, log, notify },
    policyKey: (organization) => policing.key(organization),
    url: addresses.url,
    patience: config.approvalWait,
  });
  approvals.start();
  starting.defer(async () => approvals.stop());
  const policiesChanged = (organization: OrganizationId) => tell([{ organization, area: 'policies', id: null }]);
  const policing = createPolicing({
    approvals,
    catalog,
    masterKey: masterKey.key,
    ambient,
    log,
    within: (organization, work) => withinOrganization(database, organization, work),
    changed: policiesChanged,
  });
  const fallBacks = createFallBacks({
    ...{ stores, clock, ids, log, transaction: inTransaction, changed: policiesChanged },
  });
  const left = await sweep(folder.instance);
  if (left > 0) log.warn({ processes: left }, 'server processes of an earlier run were still there, and were ended');
  const bounds = boundsOf(config);
  const fetchServer = createOutboundFetch({ rules: bounds.serverPlaces });
  const fetchNear = (serverUrl: string) => createNearFetch({ fetch: outboundFetch, fetchServer }, serverUrl);
  const connections = createConnections({
    stores,
    sealer: keyring,
    changes,
    fetchNear,
    clock,
    log,
    url: addresses.url,
    onChanged(organization, id, member) {
      const entry = catalog.servers(organization).find((known) => known.entry.id === id)?.entry;
      if (entry !== undefined) gateway.signInChanged(entry, member);
    },
  });
  const gateway = createGateway(
    {
      ambient,
      log,
      identity: {
        identify: (credential) => identities.identify(credential),
        isGone: (caller) => identities.isOver(caller) || catalog.isGone(caller),
        resourceMetadata: (host, path) => oauth.letIn.resourceMetadata(host, path),
      },
      catalog,
      limits: limiter,
      policies: (organization) => catalog.policies(organization),
      policing,
      recorder: journal.recorder,
      credentials: connections,
      observed: (id, seen) => contact.observed(id, seen),
    },
    { ...bounds, ...placeOf(addresses, folder), environment },
  );
  const contact = createServerContact({ gateway, catalog, stores, changes, clock, ids, log });
  const signer = createAuditSigner({ masterKey: masterKey.key, executor: database.kysely, ambient });
  const workstations = createWorkstations({
    ...{ database, stores, identities, catalog, signer, sealer: keyring, changes, ambient, log },
    proxies: config.proxies,
    alerted: (organization) =>
      void tell([{ organization, area: 'alerts', id: null }]).catch((error: unknown) =>
        log.warn({ cause: String(error) }, 'nobody was told of new alerts, which are in the inbox'),
      ),
    recorded: (records, workstation) => live.recorded(records, workstation),
  });

  changes.subscribe(
    createNewcomers({
      all: () => stores.organizations.all(),
      isKnown: (organization) => catalog.organizations().includes(organization),
      async open(organization) {
        await keyring.ensure(organization);
        await limiter.load(organization);
        await catalog.load(organization);
      },
    }),
  );
  // In this order: whoever is told of a change finds that those before it have followed.
  changes.subscribe(identities);
  // What is under way is looked at when it is known again who may do what.
  changes.subscribe({
    async changed(told) {
      await catalog.changed(told);
      gateway.recheck();
      await workstations.changed(told);
    },
    async missed() {
      await catalog.missed();
      gateway.recheck();
      await workstations.missed();
    },
  });
  changes.subscribe(approvals);
  changes.subscribe(limiter);
  changes.subscribe(connections);
  changes.subscribe(live);
  changes.subscribe(rules);
  const feed = listenForChanges(database, changes, log);
  starting.defer(() => feed.stop());

  const auditLog = createAuditLog({
    stores,
    snapshot: (organization, work) => snapshot(database, organization, work),
    signer,
    anchors: createAnchors(folder.path),
    clock,
    log,
  });
  const exported = join(folder.path, 'exports');
  const about = { version: hubPackage.version, url: addresses.url };
  const courier = createCourier({
    ...{ stores, auditLog, ambient, log, hub: ids.next('hub') },
    receiverOf: (destination) =>
      receiverOf(destination, {
        ...{ sealer: keyring, fetch: outboundFetch, rules: outboundRules, clock },
        ...{ folder: exported, hostname: hostname(), version: about.version },
      }),
  });
  const mail = mailOf(config);
  const dispatcher = createDispatcher({
    ...{ stores, ambient, log, hub: ids.next('hub') },
    carrierOf: (route) =>
      carrierOf(route, {
        ...{ sealer: keyring, fetch: outboundFetch, clock, stores, mail },
        ...{ version: about.version, consoleUrl: addresses.url },
      }),
  });
  const services: Services = {
    ambient,
    backtests: createBacktests({ replay: walled(database, createReplayView), sealer: keyring, clock }),
    policyKey: (organization) => policing.key(organization),
    oauth: oauth.desk,
    oauthKeys,
    auditLog,
    auditRules: rules,
    lifetimes: { access: config.accessTokenMinutes * minute, refresh: config.refreshTokenDays * day },
    passwords,
    sealer: keyring,
    signInProviders,
    relyingParty: relyingPartyOf({ url: addresses.url, port }),
    catalog,
    limiter,
    contact,
    gateway,
    outboundFetch,
    outboundRules,
    notify,
    dispatcher,
    canMail: mail !== null,
    courier,
    waiting: workstations.waiting,
    destinationFolder: (id) => folderOf(exported, id),
    connect: { ambient, sealer: keyring, fetchNear, stores, url: addresses.url },
    url: addresses.url,
    stores,
    transaction: inTransaction,
    notices: () =>
      noticesOf({ masterKey, dataFolder: folder.path, url: addresses.url, journal: journal.state(), isWalled }),
  };
  const execute = createExecute({ database, handlers, services, changes });
  const upkeep = createUpkeep({
    stores,
    executorOf: database.boundTo,
    identities,
    auditLog,
    oauthKeys,
    journal,
    clock,
    log,
    ids,
    retentionDays: config.retentionDays,
    auditRetentionDays: config.auditRetentionDays,
  });

  const watch = createWatch({
    ...{ stores, journal, clock, ids, log, tell, journalBytes: config.journalBytes },
    hub: { id: folder.instance, name: hostname() },
  });

  const learner = createLearner({
    ...{ stores, catalog, clock, log, sealer: keyring, transaction: inTransaction },
    replay: createReplayView(database.kysely),
    key: (organization) => policing.key(organization),
    raise: async (own, record, anomaly) => void (await own.alerts.raise([unusualUse(record, anomaly)], ids)),
    raised: (organization) => tell([{ organization, area: 'alerts', id: null }]),
    saidOtherwise: (organization, id) => contact.begin(organization, id),
  });

  let gatewayState: ComponentState = 'ok';
  const checks: Checks = {
    database: () => database.ping().then(() => 'ok' as const),
    journal: () => (journal.state().failing === null ? 'ok' : 'failing'),
    gateway: () => gatewayState,
  };
  const files = await loadConsole(consoleFolder);
  server.serve({
    addresses,
    health: createHealth(checks, clock),
    mcp: (request, response, endpoint) => gateway.handle(request, response, endpoint),
    mcpLane: (request, reply, endpoint) => gateway.carry(request, reply, endpoint),
    mcpSse: (request, response, endpoint, part) => gateway.handleSse(request, response, endpoint, part),
    mcpSocket: (request, socket, head, endpoint) => gateway.upgrade(request, socket, head, endpoint),
    oauth: (request, response, path) => oauth.front.handle(request, response, path),
    api: createRest({ execute, identities, ids, log, about, proxies: config.proxies }),
    scim: createScimFace({
      ...{ stores, ambient, log, proxies: config.proxies, url: addresses.url },
      provision: createProvision({ database, changes, ambient }),
    }),
    link: workstations.face,
    clientMetadata: clientDocumentOf(addresses.url),
    live: (request, socket, head) => live.accept(request, socket, head),
    console: (request, response, path) => files.handle(request, response, path),
    nextRequestId: () => ids.next('req'),
  });
  contact.start();
  workstations.start();
  connections.start();
  starting.defer(() => within(connections.stop(), closeGraceMs));
  upkeep.start();
  fallBacks.start();
  starting.defer(() => fallBacks.stop());
  starting.defer(() => upkeep.stop());
  starting.defer(() => limiter.stop());
  dispatcher.start();
  starting.defer(() => within(dispatcher.stop(), lastShipmentMs));
  watch.start();
  starting.defer(() => within(watch.stop(), closeGraceMs));
  learner.start();
  starting.defer(() => within(learner.stop(), closeGraceMs));
  courier.start();
  starting.defer(() => within(courier.stop(), lastShipmentMs));
  // Here and not only where it was opened: what answers requests must not outlive what they need.
  starting.defer(() => server.close(closeGraceMs));
  starting.defer(() => live.close());
  starting.defer(() => workstations.stop());
  starting.defer(() => within(contact.stop(), closeGraceMs));
  starting.defer(() => gateway.drain(config.drain));
  await writeHubFile(folder, { pid: process.pid, url: addresses.localUrl, startedAt: new Date().toISOString() });
  starting.defer(() => removeHubFile(folder));

  const running = starting.move();
  return {
    addresses,
    firstStart,
    masterKey,
    async stop() {
      gatewayState = 'stopping';
      await running.disposeAsync();
    },
  };
}

/** Makes or updates the database and closes it again, for installations that do so before the hub is started. */
export async function prepareDatabase(config: Config, log: Log): Promise<void> {
  await using preparing = new AsyncDisposableStack();
  const folder = await openDataFolder(config.data, createAmbient().ids.next('hub'));
  const lock = await lockDirectory(folder.path);
  preparing.defer(() => lock.release());
  await openDatabase(config, folder, log, preparing);
}

/** Name by name: the gateway has no business with the secrets among the settings. */
function boundsOf(config: Config) {
  return {
    proxies: config.proxies,
    maxMessageBytes: config.maxMessageBytes,
    maxDepth: config.maxDepth,
    callTimeout: config.callTimeout,
    connectTimeout: config.connectTimeout,
    sessionIdle: config.sessionIdle,
    maxSessionsPerMember: config.maxSessionsPerMember,
    maxConcurrentCalls: config.maxConcurrentCalls,
    processIdle: config.processIdle,
    maxProcesses: config.maxProcesses,
    maxProcessesPerServer: config.maxProcessesPerServer,
    maxProcessesPerMember: config.maxProcessesPerMember,
    resumeBytes: config.resumeBytes,
    serverPlaces: createOutboundRules({
      allowed: config.privateNetworks,
      trust: config.serverNetworks === 'any' ? 'approved' : 'none',
    }),
  };
}

/** null where mails could come from nobody, or could not be sent. */
function mailOf({ smtpUrl, mailFrom }: Config) {
  const server = smtpUrl === null ? null : readMailServer(smtpUrl);
  return server === null || mailFrom === null ? null : { server, from: mailFrom };
}

function placeOf(addresses: Addresses, folder: DataFolder) {
  return {
    allowedHosts: addresses.hosts,
    allowedOrigins: addresses.mcpOrigins,
    processHome: join(folder.path, 'homes'),
    hiddenFolders: [folder.path],
    instance: folder.instance,
  };
}

async function openDatabase(
  config: Config,
  folder: DataFolder,
  log: Log,
  starting: AsyncDisposableStack,
): Promise<Database> {
  const { databaseUrl, databasePool: poolSize } = config;
  const database = await (databaseUrl === null ? embedded() : connect({ databaseUrl, poolSize, log }));
  starting.defer(() => database.close());
  await migrate(database);
  return database;

  async function embedded(): Promise<Database> {
    const engine = await openEmbedded({ dataDir: folder.path, log });
    starting.defer(() => engine.stop());
    return connect({ connection: engine.connection, poolSize, log });
  }
}

interface RecordParts {
  readonly config: Config;
  readonly folder: DataFolder;
  readonly database: Database;
  readonly keyring: ReturnType<typeof createKeyring>;
  readonly ambient: Ambient;
  readonly log: Log;
  readonly live: LiveFeed;
  readonly rules: AuditRules;
  tell(changed: readonly Change[]): Promise<void>;
}

async function openRecord(
  { config, folder, database, keyring, ambient, log, live, rules, tell }: RecordParts,
  starting: AsyncDisposableStack,
): Promise<Journal> {
  const journal = createJournal({
    directory: join(folder.path, 'journal'),
    sealer: keyring,
    ambient,
    log,
    settings: {
      maxBytes: config.journalBytes,
      segmentBytes,
      durability: config.durability,
      whenFull: (organization) => (rules.modeOf(organization) === 'required' ? 'refuse' : 'lose'),
    },
    onRecorded: (records) => live.recorded(records),
  });
  await journal.start();
  starting.defer(() => journal.close());
  const ingest = createIngest(database, ambient, (organizations) => {
    tell(organizations.map((organization) => ({ organization, area: 'alerts', id: null }))).catch((error: unknown) =>
      log.warn({ cause: String(error) }, 'nobody was told of new alerts, which are in the inbox'),
    );
  });
  const shipper = createShipper({ journal, ingest, position: createRecordedPosition(database), ambient, log });
  shipper.start();
  starting.defer(async () => {
    await journal.flush();
    await within(shipper.drained(), lastShipmentMs);
    await shipper.stop();
  });
  return journal;
}

async function makeExample(folder: DataFolder, ambient: Ambient) {
  await writeSampleFiles(folder.path, ambient.random);
  return exampleServers({ dataDir: folder.path, node: process.execPath });
}

function createAmbient(): Ambient {
  const clock = { now: () => Date.now(), micros: () => Math.round(performance.now() * 1000) };
  const random = createRandom(randomFillSync);
  return { clock, random, ids: createSortableIds(clock, random) };
}

async function within(work: Promise<void>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work, enough]);
  clearTimeout(timer);
}
