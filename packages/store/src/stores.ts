// All plain reads and writes, area by area, on one executor: the database as a whole or one transaction. An operation
// receives the stores of its transaction and nothing else, so that all it wrote is kept or none of it.
import { type ApprovalsStore, createApprovalsStore } from './approvals-store.ts';
import { type AlertsStore, createAlertsStore } from './alerts/alerts-store.ts';
import { createNotificationsStore, type NotificationsStore } from './alerts/notifications-store.ts';
import { createRoutesStore, type RoutesStore } from './alerts/routes-store.ts';
import { type AttemptsStore, createAttemptsStore } from './attempts-store.ts';
import { type AuditCallsView, createAuditCallsView } from './audit/audit-calls-view.ts';
import { type AuditLogView, createAuditLogView } from './audit/audit-log-view.ts';
import { type AuditStore, createAuditStore } from './audit/audit-store.ts';
import { type ConnectedClientsStore, createConnectedClientsStore } from './connected-clients-store.ts';
import { createDestinationsStore, type DestinationsStore } from './audit/destinations-store.ts';
import type { Database } from './connect.ts';
import { type ConnectionsStore, createConnectionsStore } from './connections-store.ts';
import { createGrantsStore, type GrantsStore } from './grants-store.ts';
import { createLimitCountersStore, type LimitCountersStore } from './limit-counters-store.ts';
import { createLimitsStore, type LimitsStore } from './limits-store.ts';
import { createIdentityProvidersStore, type IdentityProvidersStore } from './identity-providers-store.ts';
import { createImpersonationsStore, type ImpersonationsStore } from './impersonations-store.ts';
import { createKeysStore, type KeysStore } from './keys-store.ts';
import { createKnownPlacesStore, type KnownPlacesStore } from './known-places-store.ts';
import { createLinksStore, type LinksStore } from './links-store.ts';
import { createMembersStore, type MembersStore } from './members-store.ts';
import { createOrganizationsStore, type OrganizationsStore } from './organizations-store.ts';
import { createOauthArtifactsStore, type OauthArtifactsStore } from './oauth-artifacts-store.ts';
import { createPasskeysStore, type PasskeysStore } from './passkeys-store.ts';
import { createPoliciesStore, type PoliciesStore } from './policies-store.ts';
import { createQuarantinesStore, type QuarantinesStore } from './quarantines-store.ts';
import { createProvisioningTokensStore, type ProvisioningTokensStore } from './provisioning-tokens-store.ts';
import { type BaselinesStore, createBaselinesStore } from './baselines-store.ts';
import { createRolesStore, type RolesStore } from './roles-store.ts';
import type { OrganizationId } from '@mcpvault/domain/ids';
import { sql } from 'kysely';
import type { Executor } from './schema.ts';
import { createSecondFactorsStore, type SecondFactorsStore } from './second-factors-store.ts';
import { createServersStore, type ServersStore } from './servers-store.ts';
import { createSettingsStore, type SettingsStore } from './settings-store.ts';
import { createHubNodesStore, type HubNodesStore } from './hub-nodes-store.ts';
import { createSignInStatesStore, type SignInStatesStore } from './sign-in-states-store.ts';
import { createSignInsStore, type SignInsStore } from './sign-ins-store.ts';
import { createTeamsStore, type TeamsStore } from './teams-store.ts';
import { createToolDefinitionsStore, type ToolDefinitionsStore } from './tool-definitions-store.ts';
import { createTokensStore, type TokensStore } from './tokens-store.ts';
import { type AgentJobsStore, createAgentJobsStore } from './workstations/agent-jobs-store.ts';
import { createEnrolmentKeysStore, type EnrolmentKeysStore } from './workstations/enrolment-keys-store.ts';
import { createScanReportsStore, type ScanReportsStore } from './workstations/scan-reports-store.ts';
import { createWorkstationsStore, type WorkstationsStore } from './workstations/workstations-store.ts';

export interface Stores {
  /** For the views, which read what lies across areas. */
  readonly executor: Executor;
  readonly organizations: OrganizationsStore;
  readonly members: MembersStore;
  readonly teams: TeamsStore;
  readonly roles: RolesStore;
  readonly links: LinksStore;
  readonly tokens: TokensStore;
  readonly provisioningTokens: ProvisioningTokensStore;
  readonly impersonations: ImpersonationsStore;
  readonly secondFactors: SecondFactorsStore;
  readonly identityProviders: IdentityProvidersStore;
  readonly passkeys: PasskeysStore;
  readonly signIns: SignInsStore;
  readonly connectedClients: ConnectedClientsStore;
  readonly oauthArtifacts: OauthArtifactsStore;
  readonly signInStates: SignInStatesStore;
  readonly knownPlaces: KnownPlacesStore;
  readonly attempts: AttemptsStore;
  readonly servers: ServersStore;
  readonly connections: ConnectionsStore;
  readonly grants: GrantsStore;
  readonly limits: LimitsStore;
  readonly limitCounters: LimitCountersStore;
  readonly policies: PoliciesStore;
  readonly quarantines: QuarantinesStore;
  readonly toolDefinitions: ToolDefinitionsStore;
  readonly baselines: BaselinesStore;
  readonly approvals: ApprovalsStore;
  readonly alerts: AlertsStore;
  readonly notifications: NotificationsStore;
  readonly alertRoutes: RoutesStore;
  readonly hubNodes: HubNodesStore;
  readonly audit: AuditStore;
  readonly auditLog: AuditLogView;
  readonly auditCalls: AuditCallsView;
  readonly destinations: DestinationsStore;
  readonly settings: SettingsStore;
  readonly keys: KeysStore;
  readonly workstations: WorkstationsStore;
  readonly enrolmentKeys: EnrolmentKeysStore;
  readonly scanReports: ScanReportsStore;
  readonly agentJobs: AgentJobsStore;
}

export function createStores(executor: Executor): Stores {
  return {
    executor,
    organizations: createOrganizationsStore(executor),
    members: createMembersStore(executor),
    teams: createTeamsStore(executor),
    roles: createRolesStore(executor),
    links: createLinksStore(executor),
    tokens: createTokensStore(executor),
    provisioningTokens: createProvisioningTokensStore(executor),
    impersonations: createImpersonationsStore(executor),
    secondFactors: createSecondFactorsStore(executor),
    identityProviders: createIdentityProvidersStore(executor),
    passkeys: createPasskeysStore(executor),
    signIns: createSignInsStore(executor),
    connectedClients: createConnectedClientsStore(executor),
    oauthArtifacts: createOauthArtifactsStore(executor),
    signInStates: createSignInStatesStore(executor),
    knownPlaces: createKnownPlacesStore(executor),
    attempts: createAttemptsStore(executor),
    servers: createServersStore(executor),
    connections: createConnectionsStore(executor),
    grants: createGrantsStore(executor),
    limits: createLimitsStore(executor),
    limitCounters: createLimitCountersStore(executor),
    policies: createPoliciesStore(executor),
    quarantines: createQuarantinesStore(executor),
    toolDefinitions: createToolDefinitionsStore(executor),
    baselines: createBaselinesStore(executor),
    approvals: createApprovalsStore(executor),
    alerts: createAlertsStore(executor),
    notifications: createNotificationsStore(executor),
    alertRoutes: createRoutesStore(executor),
    hubNodes: createHubNodesStore(executor),
    audit: createAuditStore(executor),
    auditLog: createAuditLogView(executor),
    auditCalls: createAuditCallsView(executor),
    destinations: createDestinationsStore(executor),
    settings: createSettingsStore(executor),
    keys: createKeysStore(executor),
    workstations: createWorkstationsStore(executor),
    enrolmentKeys: createEnrolmentKeysStore(executor),
    scanReports: createScanReportsStore(executor),
    agentJobs: createAgentJobsStore(executor),
  };
}

/** Commits when `work` returns, rolls back when it throws. No network call belongs inside. */
export function transaction<Result>(
  database: Pick<Database, 'kysely'>,
  work: (stores: Stores) => Promise<Result>,
): Promise<Result> {
  return database.kysely.transaction().execute((executor) => work(createStores(executor)));
}

/** As `transaction`, within one organization: the database itself shows and takes nothing of another. */
export function within<Result>(
  database: Pick<Database, 'boundTo'>,
  organization: OrganizationId,
  work: (stores: Stores) => Promise<Result>,
): Promise<Result> {
  return transaction({ kysely: database.boundTo(organization) }, work);
}

/** From here on the transaction is within this organization: for what begins before anybody knows in which one. */
export async function enter({ executor }: Stores, organization: OrganizationId): Promise<void> {
  await sql`select enter_organization(${organization})`.execute(executor);
}

/** All that `work` reads is of one moment, and of this organization. */
export function snapshot<Result>(
  database: Pick<Database, 'boundTo'>,
  organization: OrganizationId,
  work: (stores: Stores) => Promise<Result>,
): Promise<Result> {
  return database
    .boundTo(organization)
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute((executor) => work(createStores(executor)));
}
