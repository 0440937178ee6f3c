// The tables as the queries see them, column for column what the migrations made. Nothing outside this room imports it
// to write queries of its own.
import type { ApprovalScope, ApprovalState } from '@mcpvault/domain/approvals/approval';
import type {
  ApprovalId,
  AlertRouteId,
  AgentJobId,
  AuditEntryId,
  ConnectedClientId,
  ConversationId,
  DestinationId,
  EnrolmentKeyId,
  GrantId,
  Id,
  IdentityProviderId,
  ImpersonationId,
  MemberId,
  MessageId,
  OrganizationId,
  PasskeyId,
  PolicyId,
  ProvisioningTokenId,
  ScanReportId,
  ServerId,
  ServerVersionId,
  SignInId,
  TeamId,
  TokenId,
  WorkstationId,
} from '@mcpvault/domain/ids';
import type { CallerBaseline } from '@mcpvault/domain/anomaly/caller-baseline';
import type { AlertKind, AlertId, AlertSnapshot, AlertState } from '@mcpvault/domain/alerts/alert';
import type { NotificationId, NotificationType } from '@mcpvault/domain/alerts/notification';
import type { QuietHours, RouteFilter, RouteTransport } from '@mcpvault/domain/alerts/route';
import type { ProviderRules } from '@mcpvault/domain/identity/identity-provider';
import type { EventFilter } from '@mcpvault/domain/audit/formats/event-filter';
import type { KeyScope } from '@mcpvault/domain/identity/key-scope';
import type { RoleId } from '@mcpvault/domain/identity/role';
import type { SignInMethod } from '@mcpvault/domain/identity/sign-in-method';
import type { PartialProcessRules } from '@mcpvault/domain/catalog/process-rules';
import type { Isolation } from '@mcpvault/domain/catalog/server';
import type { Finding } from '@mcpvault/domain/inspection/finding';
import type { Limit, LimitId } from '@mcpvault/domain/limits/limit';
import type { HoldingPolicy } from '@mcpvault/domain/policy/effect';
import type { QuarantineWhat } from '@mcpvault/domain/policy/action';
import type { Policy } from '@mcpvault/domain/policy/policy';
import type { MessageTrace } from '@mcpvault/domain/policy/rule-trace';
import type { MessageOutcome } from '@mcpvault/domain/record/message-record';
import type { Edit, Layer } from '@mcpvault/domain/redaction/edit';
import type { ColumnType, Generated, Kysely } from 'kysely';
import type { HubTrouble } from './hub-nodes-store.ts';
import type {
  AboutWorkstation,
  AgentJobState,
  JobResult,
  LocalPolicy,
  MissingRange,
  ReportedClients,
  WaitingJournal,
  WorkstationState,
} from '@mcpvault/domain/workstation/workstation';
import type { ComplianceVerdict, Judgement } from '@mcpvault/domain/workstation/judge-report';
import type { DestinationFormat, DestinationTransport } from './audit/destination.ts';
import type { WantedByServer } from './connections-store.ts';
import type { TransportSummary } from './transport-summary.ts';

/** What queries run on: the whole database, or one transaction of it. */
export type Executor = Kysely<Schema>;

/** Read as the parsed value, written as JSON text: an array handed over bare would become a PostgreSQL array. */
type Json<Value> = ColumnType<Value, string, string>;

interface OrganizationsTable {
  id: OrganizationId;
  name: string;
  created_at: Date;
  suspended_at: Date | null;
  runs_hub: Generated<boolean>;
}

interface MembersTable {
  id: MemberId;
  organization: OrganizationId;
  email: string;
  name: string;
  role: RoleId;
  own_role: ColumnType<RoleId | null, never, never>;
  password_hash: string | null;
  kind: Generated<'person' | 'service'>;
  expires_at: Date | null;
  supervisor: MemberId | null;
  owner_member: MemberId | null;
  owner_team: TeamId | null;
  ends_with_owner: Generated<boolean>;
  external_id: string | null;
  user_name: string | null;
  profile: Json<Readonly<Record<string, unknown>>> | null;
  provisioned: Generated<boolean>;
  disabled_by_provider: Generated<boolean>;
  disabled_at: Date | null;
  removed_at: Date | null;
  created_at: Date;
  last_seen_at: Date | null;
}

interface RolesTable {
  id: Id<'role'>;
  organization: OrganizationId;
  name: string;
  description: string;
  permissions: string[];
  created_at: Date;
  updated_at: Date;
}

interface TeamsTable {
  id: TeamId;
  organization: OrganizationId;
  name: string;
  parent: TeamId | null;
  external_id: string | null;
  provisioned: Generated<boolean>;
  created_at: Date;
}

interface TeamLeadsTable {
  organization: OrganizationId;
  team: TeamId;
  member: MemberId;
}

interface TeamMembersTable {
  organization: OrganizationId;
  team: TeamId;
  member: MemberId;
}

interface OneTimeLinksTable {
  hash: Buffer;
  organization: OrganizationId | null;
  member: MemberId | null;
  purpose: 'setup' | 'invite' | 'reset';
  created_at: Date;
  expires_at: Date;
  used_at: Date | null;
}

interface TokensTable {
  id: TokenId;
  organization: OrganizationId;
  member: MemberId;
  name: string;
  prefix: string;
  hash: Buffer;
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
  revoked_at: Date | null;
  scope: Json<KeyScope> | null;
  replaced_by: TokenId | null;
  created_by: MemberId | null;
}

interface ProvisioningTokensTable {
  id: ProvisioningTokenId;
  organization: OrganizationId;
  name: string;
  prefix: string;
  hash: Buffer;
  created_by: MemberId;
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

interface ImpersonationsTable {
  id: ImpersonationId;
  organization: OrganizationId;
  actor: MemberId;
  subject: MemberId;
  reason: string;
  hash: Buffer;
  created_at: Date;
  expires_at: Date;
  ended_at: Date | null;
  ended_by: MemberId | null;
}

interface SecondFactorsTable {
  member: MemberId;
  secret: Buffer;
  secret_key: string;
  created_at: Date;
  confirmed_at: Date | null;
  last_step: number;
}

interface RecoveryCodesTable {
  member: MemberId;
  hash: Buffer;
}

interface SignInsTable {
  id: SignInId;
  organization: OrganizationId;
  member: MemberId;
  client: string;
  created_at: Date;
  expires_at: Date;
  revoked_at: Date | null;
  method: Generated<SignInMethod>;
  provider: IdentityProviderId | null;
  provider_session: string | null;
  second_factor: Generated<boolean>;
}

interface IdentityProvidersTable {
  id: IdentityProviderId;
  organization: OrganizationId;
  name: string;
  issuer: string;
  client_id: string;
  client_secret: Buffer | null;
  client_secret_key: string | null;
  enabled: boolean;
  rules: Json<ProviderRules>;
  created_at: Date;
  updated_at: Date;
}

interface SignInDomainsTable {
  domain: string;
  organization: OrganizationId;
}

interface IdentityProviderDomainsTable {
  organization: OrganizationId;
  provider: IdentityProviderId;
  domain: string;
}

interface MemberIdentitiesTable {
  organization: OrganizationId;
  provider: IdentityProviderId;
  subject: string;
  member: MemberId;
  created_at: Date;
  last_used_at: Date;
}

interface PasskeysTable {
  id: PasskeyId;
  organization: OrganizationId;
  member: MemberId;
  credential: string;
  public_key: Buffer;
  counter: number;
  transports: string[];
  backed_up: boolean;
  name: string;
  created_at: Date;
  last_used_at: Date | null;
}

interface SignInStatesTable {
  hash: Buffer;
  purpose: string;
  organization: OrganizationId | null;
  member: MemberId | null;
  detail: Json<unknown>;
  expires_at: Date;
}

interface KnownPlacesTable {
  hash: Buffer;
  last_used_at: Date;
}

interface AccessTokensTable {
  hash: Buffer;
  sign_in: SignInId;
  expires_at: Date;
}

interface RefreshTokensTable {
  hash: Buffer;
  sign_in: SignInId;
  expires_at: Date;
  used_at: Date | null;
  successor: Buffer | null;
  graced: Generated<boolean>;
}

interface LoginAttemptsTable {
  email_hash: Buffer;
  failures: number;
  last_failed_at: Date;
  blocked_until: Date | null;
}

interface ServersTable {
  id: ServerId;
  organization: OrganizationId;
  name: string;
  enabled: boolean;
  current_version: ServerVersionId | null;
  status: 'connecting' | 'ready' | 'unavailable';
  status_reason: string | null;
  status_fix: string | null;
  checked_at: Date | null;
  created_by: MemberId | null;
  created_at: Date;
  updated_at: Date;
  retired_at: Date | null;
}

interface ServerVersionsTable {
  id: ServerVersionId;
  organization: OrganizationId;
  server: ServerId;
  number: number;
  definition: Buffer;
  definition_key: string;
  summary: Json<TransportSummary>;
  isolation: Isolation;
  processes: Json<PartialProcessRules>;
  created_by: MemberId | null;
  created_at: Date;
  approved_by: MemberId | null;
  approved_at: Date | null;
}

interface ServerListingsTable {
  server: ServerId;
  organization: OrganizationId;
  version: ServerVersionId;
  listed_at: Date;
}

interface ServerToolsTable {
  server: ServerId;
  version: ServerVersionId;
  position: number;
  name: string;
  definition: Json<Readonly<Record<string, unknown>>>;
  fingerprint: string | null;
}

interface GrantsTable {
  id: GrantId;
  organization: OrganizationId;
  subject_type: 'member' | 'team' | 'role';
  subject_id: string;
  subject_member: ColumnType<MemberId | null, never, never>;
  subject_team: ColumnType<TeamId | null, never, never>;
  subject_role: ColumnType<RoleId | null, never, never>;
  effect: 'allow' | 'deny';
  server: ServerId;
  tools: string[] | null;
  prompts: string[] | null;
  resources: string[] | null;
  condition: string | null;
  reason: string | null;
  expires_at: Date | null;
  created_by: MemberId | null;
  created_at: Date;
}

/** The part of a policy that is matched and applied, kept as one document. */
export type PolicyDefinition = Omit<Policy, 'id' | 'name' | 'reason' | 'version'> & PolicyExtras;

/** What is kept with a policy besides what it says. */
export interface PolicyExtras {
  /** What was changed, in the words of who changed it. */
  readonly note?: string;
  /** As its author wrote it, in YAML with comments; it may say something else by now. */
  readonly source?: string | null;
  /** When and why the hub made it a shadow; gone with the next change. */
  readonly fellBack?: FellBack | null;
}

export interface FellBack {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Messages it was asked about in the time of its budget, and how many of them it stopped or changed. */
  readonly asked: number;
  readonly acted: number;
}

interface PoliciesTable {
  id: PolicyId;
  organization: OrganizationId;
  name: string;
  reason: string;
  enabled: boolean;
  definition: Json<PolicyDefinition>;
  version: number;
  created_by: MemberId | null;
  created_at: Date;
  updated_at: Date;
  removed_at: Date | null;
}

interface LimitsTable {
  id: LimitId;
  organization: OrganizationId;
  name: string;
  subject_type: 'organization' | 'team' | 'member' | 'token';
  subject_id: string | null;
  server: ServerId | null;
  tools: string[] | null;
  calls: number;
  per: Limit['per'];
  burst: number | null;
  enabled: boolean;
  created_by: MemberId | null;
  created_at: Date;
  updated_at: Date;
}

interface LimitRatesTable {
  organization: OrganizationId;
  key: string;
  busy_from: Date;
  busy_until: Date;
}

interface LimitQuotasTable {
  organization: OrganizationId;
  key: string;
  period: string;
  used: number;
}

interface PolicyVersionsTable {
  policy: PolicyId;
  version: number;
  organization: OrganizationId;
  name: string;
  reason: string;
  definition: Json<PolicyDefinition>;
  made_by: MemberId | null;
  made_at: Date;
}

interface ToolDefinitionsTable {
  organization: OrganizationId;
  server: ServerId;
  name: string;
  fingerprint: string;
  first_seen_at: Date;
  definition: Json<Readonly<Record<string, unknown>>> | null;
  review: 'approved' | 'rejected' | null;
  reviewed_by: MemberId | null;
  reviewed_at: Date | null;
}

interface CallerBaselinesTable {
  organization: OrganizationId;
  member: MemberId;
  baseline: Json<CallerBaseline>;
  updated_at: Date;
}

interface WatchPositionsTable {
  organization: OrganizationId;
  at: Date;
  message: MessageId;
}

interface ApprovalsTable {
  id: ApprovalId;
  organization: OrganizationId;
  state: ApprovalState;
  scope: ApprovalScope | null;
  member: MemberId;
  acted_by: MemberId | null;
  token: TokenId | null;
  excluded: MemberId[];
  conversation: string;
  client: string | null;
  endpoint: string | null;
  server: ServerId | null;
  server_name: string | null;
  method: string;
  target: string | null;
  digest: Buffer;
  session_digest: Buffer;
  policies: Json<readonly HoldingPolicy[]>;
  needed: number;
  sessions: boolean;
  note: string | null;
  sealed: Buffer;
  sealed_key: string;
  created_at: Date;
  expires_at: Date;
  decided_at: Date | null;
  used_at: Date | null;
}

interface ApprovalVotesTable {
  organization: OrganizationId;
  approval: ApprovalId;
  member: MemberId;
  says: 'approve' | 'refuse';
  scope: ApprovalScope | null;
  reason: string | null;
  at: Date;
}

interface QuarantinesTable {
  id: Id<'qua'>;
  organization: OrganizationId;
  what: QuarantineWhat;
  server: ServerId | null;
  tool: string | null;
  conversation: string | null;
  credential: TokenId | ConnectedClientId | null;
  member: MemberId;
  policy: PolicyId | null;
  reason: string;
  created_at: Date;
  until: Date | null;
  lifted_at: Date | null;
  lifted_by: MemberId | null;
}

interface DataKeysTable {
  id: string;
  organization: OrganizationId;
  wrapped: Buffer;
  active: boolean;
  created_at: Date;
}

interface MessagesTable {
  id: MessageId;
  organization: OrganizationId;
  at: number;
  member: MemberId;
  token: TokenId | null;
  conversation: ConversationId | null;
  client: string | null;
  endpoint: string | null;
  server: ServerId | null;
  server_name: string | null;
  direction: 'call' | 'result';
  method: string;
  target: string | null;
  protocol: string | null;
  outcome: MessageOutcome;
  code: string | null;
  reason: string | null;
  duration_us: number;
  upstream_us: number | null;
  block: string;
  request_offset: number | null;
  request_length: number | null;
  response_offset: number | null;
  response_length: number | null;
  request_edits: Json<readonly Edit[]>;
  response_edits: Json<readonly Edit[]>;
  request_findings: Json<readonly Finding[]>;
  response_findings: Json<readonly Finding[]>;
  role: RoleId | null;
  acted_by: MemberId | null;
  parameters: string | null;
  trace: string | null;
  redactions: Generated<number>;
  judged: Json<MessageTrace> | null;
  secrets: Json<readonly string[]> | null;
  workstation: WorkstationId | null;
}

interface MessageBlocksTable {
  id: string;
  organization: OrganizationId;
  key: string;
  sealed: Buffer;
  at: number;
}

interface JournalPositionsTable {
  journal: string;
  position: number;
}

interface AuditEntriesTable {
  id: AuditEntryId;
  organization: OrganizationId;
  at: Date;
  actor: string;
  action: string;
  subject: string | null;
  outcome: 'done' | 'refused';
  detail: Json<Readonly<Record<string, unknown>>>;
  sequence: number;
  leaf: Buffer;
  chain: Buffer;
}

interface AuditHeadsTable {
  organization: OrganizationId;
  size: number;
  /** Hashes of 32 bytes, one after the other. */
  peaks: Buffer;
  chain: Buffer;
}

interface AuditNodesTable {
  organization: OrganizationId;
  level: number;
  index: number;
  hash: Buffer;
}

interface AuditStubsTable {
  organization: OrganizationId;
  sequence: number;
  leaf: Buffer;
  chain: Buffer;
}

interface AuditCallsTable {
  organization: OrganizationId;
  /** Of the entry that stands for them. */
  sequence: number;
  /** The least and the greatest message id among them. */
  first: string;
  last: string;
  calls: number;
  /** Hashes of 32 bytes, one after the other. */
  leaves: Buffer;
  /** As the journal had them, each with its end. */
  lines: Buffer;
}

interface AuditDestinationsTable {
  id: DestinationId;
  organization: OrganizationId;
  name: string;
  enabled: boolean;
  transport: Json<DestinationTransport>;
  secret: Buffer | null;
  secret_key: string | null;
  format: DestinationFormat;
  filter: Json<EventFilter>;
  created_by: MemberId;
  created_at: Date;
  updated_at: Date;
  next: number;
  delivered: Generated<number>;
  delivered_at: Date | null;
  failures: Generated<number>;
  failed_at: Date | null;
  failure: string | null;
  fix: string | null;
  due_at: Date;
  held_by: string | null;
  held_until: Date | null;
}

interface AuditCheckpointsTable {
  organization: OrganizationId;
  size: number;
  root: string;
  chain: string;
  at: Date;
  key: string;
  signature: string;
}

interface AuditKeysTable {
  id: string;
  wrapped: Buffer;
  created_at: Date;
  retired_at: Date | null;
}

interface OauthClientsTable {
  id: string;
  metadata: Json<Readonly<Record<string, unknown>>>;
  created_at: Date;
  registered_from: Generated<Buffer | null>;
}

interface ConnectedClientsTable {
  id: ConnectedClientId;
  organization: OrganizationId;
  member: MemberId;
  client: string;
  client_name: string;
  resource: string;
  scopes: string[];
  created_at: Date;
  expires_at: Date;
  last_used_at: Date | null;
  revoked_at: Date | null;
  provider: Generated<IdentityProviderId | null>;
}

interface OauthArtifactsTable {
  kind: string;
  hash: Buffer;
  payload: Json<Readonly<Record<string, unknown>>>;
  connected_client: ConnectedClientId | null;
  user_code: Buffer | null;
  expires_at: Date;
  consumed_at: Date | null;
}

interface OauthKeysTable {
  id: string;
  wrapped: Buffer;
  created_at: Date;
  signs_from: Date;
}

interface SettingsTable {
  organization: OrganizationId | null;
  name: string;
  value: Json<unknown>;
  updated_at: Date;
}

interface ServerConnectionsTable {
  id: Id<'cnn'>;
  organization: OrganizationId;
  server: ServerId;
  member: MemberId | null;
  state: 'connected' | 'broken';
  reason: string | null;
  url: string;
  issuer: string;
  scopes: string[];
  challenge: ColumnType<WantedByServer | null, string | null, string | null>;
  sealed: Buffer;
  sealed_key: string;
  expires_at: Date | null;
  renewable: boolean;
  renewing_until: Date | null;
  connected_by: MemberId | null;
  connected_at: Date;
  updated_at: Date;
}

interface ServerSignInsTable {
  state: Buffer;
  organization: OrganizationId;
  server: ServerId;
  member: MemberId;
  sealed: Buffer;
  sealed_key: string;
  expires_at: Date;
}

interface RegisteredClientsTable {
  organization: OrganizationId;
  issuer: string;
  redirect_uri: string;
  sealed: Buffer;
  sealed_key: string;
  expires_at: Date | null;
}

interface AlertsTable {
  id: AlertId;
  organization: OrganizationId;
  kind: AlertKind;
  layer: Layer;
  severity: number;
  title: string;
  state: AlertState;
  owner: MemberId | null;
  likeness: string;
  current: boolean;
  count: number;
  first_at: Date;
  last_at: Date;
  changed_at: Date;
  policy: PolicyId | null;
  server: ServerId | null;
  tool: string | null;
  member: MemberId | null;
  messages: MessageId[];
  snapshot: Json<AlertSnapshot>;
}

interface AlertHistoryTable {
  id: Id<'alh'>;
  organization: OrganizationId;
  alert: AlertId;
  at: Date;
  by: MemberId | null;
  state: AlertState | null;
  owner: MemberId | null;
  owner_changed: boolean;
  comment: string | null;
}

interface NotificationsTable {
  id: NotificationId;
  organization: OrganizationId;
  at: Date;
  type: NotificationType;
  alert: AlertId | null;
  body: Json<object>;
  handed_out: Generated<boolean>;
}

interface AlertRoutesTable {
  id: AlertRouteId;
  organization: OrganizationId;
  name: string;
  enabled: boolean;
  transport: Json<RouteTransport>;
  secret: Buffer | null;
  secret_key: string | null;
  filter: Json<RouteFilter>;
  quiet: ColumnType<QuietHours | null, string | null, string | null>;
  after_minutes: number;
  created_by: MemberId;
  created_at: Date;
  updated_at: Date;
  delivered: Generated<number>;
  delivered_at: Date | null;
  failures: Generated<number>;
  failed_at: Date | null;
  failure: string | null;
  fix: string | null;
  due_at: Date;
  held_by: string | null;
  held_until: Date | null;
}

interface AlertDeliveriesTable {
  id: Id<'dlv'>;
  organization: OrganizationId;
  route: AlertRouteId;
  notification: NotificationId;
  state: 'waiting' | 'delivered' | 'dropped';
  made_at: Date;
  due_at: Date;
  done_at: Date | null;
  tries: Generated<number>;
  why: string | null;
}

interface HubNodesTable {
  id: string;
  name: string;
  started_at: Date;
  seen_at: Date;
  troubles: Json<readonly HubTrouble[]>;
}

interface EnrolmentKeysTable {
  id: EnrolmentKeyId;
  organization: OrganizationId;
  name: string;
  prefix: string;
  hash: Buffer;
  member: MemberId | null;
  uses: Generated<number>;
  uses_at_most: number;
  created_by: MemberId;
  created_at: Date;
  expires_at: Date;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

interface WorkstationsTable {
  id: WorkstationId;
  organization: OrganizationId;
  member: MemberId;
  machine: string;
  name: string;
  about: Json<AboutWorkstation>;
  state: WorkstationState;
  state_why: string | null;
  observed_address: string;
  enrolled_at: Date;
  enrolled_with: EnrolmentKeyId | null;
  last_seen_at: Date;
  credential_family: Buffer | null;
  credential: Buffer | null;
  credential_before: Buffer | null;
  credential_used: Generated<boolean>;
  access: Buffer | null;
  access_until: Date | null;
  bundle_version: Generated<number>;
  bundle_digest: string | null;
  bundle_applied: number | null;
  bundle_refused: string | null;
  bundle_detail: string | null;
  scanned_at: Date | null;
  journal: Json<WaitingJournal> | null;
  local_policies: Json<readonly LocalPolicy[]> | null;
  local_policies_at: Date | null;
  report: ScanReportId | null;
  report_taken_at: Date | null;
  verdict: ComplianceVerdict | null;
  judged: Json<Judgement> | null;
}

interface ScanReportsTable {
  id: ScanReportId;
  organization: OrganizationId;
  workstation: WorkstationId;
  own_id: string;
  taken_at: Date;
  received_at: Date;
  why: 'rules' | 'job' | 'member';
  job: AgentJobId | null;
  agent_version: string;
  rules: number | null;
  clients: Json<ReportedClients>;
  verdict: ComplianceVerdict;
  judged: Json<Judgement>;
}

interface AgentJobsTable {
  id: AgentJobId;
  organization: OrganizationId;
  workstation: WorkstationId;
  kind: string;
  input: Json<Readonly<Record<string, unknown>>>;
  reason: string;
  requested_by: MemberId | null;
  needs_consent: boolean;
  state: AgentJobState;
  attempt: Generated<number>;
  created_at: Date;
  expires_at: Date;
  leased_until: Date | null;
  ended_at: Date | null;
  detail: string | null;
  result: Json<JobResult> | null;
  report: ScanReportId | null;
}

interface WorkstationJournalsTable {
  organization: OrganizationId;
  workstation: WorkstationId;
  journal: string;
  position: number;
  taken: Generated<number>;
  rejected: Generated<number>;
  lost: Generated<number>;
  missing: Json<readonly MissingRange[]>;
  first_at: Date;
  last_at: Date;
}

export interface Schema {
  organizations: OrganizationsTable;
  members: MembersTable;
  roles: RolesTable;
  teams: TeamsTable;
  team_members: TeamMembersTable;
  team_leads: TeamLeadsTable;
  one_time_links: OneTimeLinksTable;
  tokens: TokensTable;
  provisioning_tokens: ProvisioningTokensTable;
  impersonations: ImpersonationsTable;
  second_factors: SecondFactorsTable;
  recovery_codes: RecoveryCodesTable;
  sign_ins: SignInsTable;
  access_tokens: AccessTokensTable;
  refresh_tokens: RefreshTokensTable;
  login_attempts: LoginAttemptsTable;
  known_places: KnownPlacesTable;
  identity_providers: IdentityProvidersTable;
  sign_in_domains: SignInDomainsTable;
  identity_provider_domains: IdentityProviderDomainsTable;
  member_identities: MemberIdentitiesTable;
  passkeys: PasskeysTable;
  sign_in_states: SignInStatesTable;
  servers: ServersTable;
  server_versions: ServerVersionsTable;
  server_listings: ServerListingsTable;
  server_tools: ServerToolsTable;
  grants: GrantsTable;
  policies: PoliciesTable;
  limits: LimitsTable;
  limit_rates: LimitRatesTable;
  limit_quotas: LimitQuotasTable;
  policy_versions: PolicyVersionsTable;
  tool_definitions: ToolDefinitionsTable;
  quarantines: QuarantinesTable;
  caller_baselines: CallerBaselinesTable;
  watch_positions: WatchPositionsTable;
  approvals: ApprovalsTable;
  approval_votes: ApprovalVotesTable;
  data_keys: DataKeysTable;
  messages: MessagesTable;
  message_blocks: MessageBlocksTable;
  journal_positions: JournalPositionsTable;
  audit_entries: AuditEntriesTable;
  audit_heads: AuditHeadsTable;
  audit_nodes: AuditNodesTable;
  audit_stubs: AuditStubsTable;
  audit_calls: AuditCallsTable;
  audit_destinations: AuditDestinationsTable;
  audit_checkpoints: AuditCheckpointsTable;
  audit_keys: AuditKeysTable;
  oauth_clients: OauthClientsTable;
  connected_clients: ConnectedClientsTable;
  oauth_artifacts: OauthArtifactsTable;
  oauth_keys: OauthKeysTable;
  alerts: AlertsTable;
  alert_history: AlertHistoryTable;
  notifications: NotificationsTable;
  alert_routes: AlertRoutesTable;
  alert_deliveries: AlertDeliveriesTable;
  hub_nodes: HubNodesTable;
  settings: SettingsTable;
  server_connections: ServerConnectionsTable;
  server_sign_ins: ServerSignInsTable;
  registered_clients: RegisteredClientsTable;
  enrolment_keys: EnrolmentKeysTable;
  workstations: WorkstationsTable;
  scan_reports: ScanReportsTable;
  agent_jobs: AgentJobsTable;
  workstation_journals: WorkstationJournalsTable;
}
