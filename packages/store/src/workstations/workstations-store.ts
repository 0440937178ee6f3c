// Workstations, whose they are, and what each said last. Of their credentials only hashes lie here.
import type { EnrolmentKeyId, MemberId, OrganizationId, ScanReportId, WorkstationId } from '@mcpvault/domain/ids';
import type { ComplianceVerdict, Judgement } from '@mcpvault/domain/workstation/judge-report';
import type {
  AboutWorkstation,
  LocalPolicy,
  WaitingJournal,
  WorkstationState,
} from '@mcpvault/domain/workstation/workstation';
import { type Selectable, sql } from 'kysely';
import { containing } from '../containing.ts';
import { openPage, type Page, type PageRequest } from '../page.ts';
import type { Executor, Schema } from '../schema.ts';

export interface Workstation {
  readonly id: WorkstationId;
  readonly organization: OrganizationId;
  /** Removed members keep their name here. */
  readonly member: { readonly id: MemberId; readonly email: string; readonly name: string };
  /** As its member or an admin calls it. */
  readonly name: string;
  readonly about: AboutWorkstation;
  readonly state: WorkstationState;
  /** Why it is not active. */
  readonly stateWhy: string | null;
  /** Where its last request came from, as the hub saw it. */
  readonly observedAddress: string;
  readonly enrolledAt: number;
  /** null: its member signed in. */
  readonly enrolledWith: EnrolmentKeyId | null;
  readonly lastSeenAt: number;
  readonly bundle: {
    readonly version: number;
    /** Of what the version says; null: it was never made. */
    readonly digest: string | null;
    /** The one that holds there; null: none yet. */
    readonly applied: number | null;
    readonly refused: string | null;
    readonly detail: string | null;
  };
  /** When it says that it scanned last. */
  readonly scannedAt: number | null;
  readonly journal: WaitingJournal | null;
  readonly localPolicies: { readonly policies: readonly LocalPolicy[]; readonly at: number } | null;
  /** The last report, as the rules of now judge it. */
  readonly report: {
    readonly id: ScanReportId;
    readonly takenAt: number;
    readonly verdict: ComplianceVerdict;
    readonly judged: Judgement;
  } | null;
}

/** A workstation as its credentials show it. */
export interface KnownWorkstation {
  readonly id: WorkstationId;
  readonly organization: OrganizationId;
  readonly member: MemberId;
  readonly state: WorkstationState;
  /** SHA-256, as the other hashes. */
  readonly credential: Buffer | null;
  readonly credentialBefore: Buffer | null;
  /** Whether the credential, or the access token that came with it, was used. */
  readonly credentialUsed: boolean;
  /** Milliseconds since the epoch. */
  readonly accessUntil: number | null;
}

export interface Credentials {
  /** What all credentials of one enrolment have in common. */
  readonly family: Buffer;
  readonly credential: Buffer;
  readonly credentialBefore: Buffer | null;
  readonly access: Buffer;
  readonly accessUntil: number;
}

export interface Enrolling {
  readonly id: WorkstationId;
  readonly organization: OrganizationId;
  readonly member: MemberId;
  readonly about: AboutWorkstation;
  readonly observedAddress: string;
  readonly at: number;
  readonly with: EnrolmentKeyId | null;
}

export interface Seen {
  readonly address: string;
  readonly agentVersion: string;
  readonly at: number;
  readonly scannedAt: number | null;
  readonly journal: WaitingJournal | null;
  /** The bundle that it says holds. */
  readonly bundle: number | null;
}

export interface WorkstationQuery extends PageRequest {
  readonly member?: MemberId | undefined;
  readonly state?: WorkstationState | undefined;
  readonly verdict?: ComplianceVerdict | undefined;
  /** Looked for in its name, its host and its member's address. */
  readonly q?: string | undefined;
}

export interface WorkstationsStore {
  /** The same computer of the same member is the same workstation: answers its id, which may be an older one. */
  enrol(workstation: Enrolling): Promise<WorkstationId>;
  setCredentials(id: WorkstationId, credentials: Credentials): Promise<void>;
  /** Over all organizations, held until the transaction ends. */
  byFamily(hash: Buffer): Promise<KnownWorkstation | null>;
  /** Over all organizations. */
  byAccess(hash: Buffer): Promise<KnownWorkstation | null>;
  noteUse(id: WorkstationId): Promise<void>;
  /** False: it is not active any more. */
  seen(id: WorkstationId, seen: Seen): Promise<boolean>;
  byId(organization: OrganizationId, id: WorkstationId): Promise<Workstation | null>;
  /** Newest first. */
  list(organization: OrganizationId, query: WorkstationQuery): Promise<Page<Workstation>>;
  /** All of them, by name. */
  all(organization: OrganizationId, member?: MemberId): Promise<readonly Workstation[]>;
  rename(organization: OrganizationId, id: WorkstationId, name: string): Promise<void>;
  /** Anything but `active` and `disabled` ends its credentials. */
  setState(organization: OrganizationId, id: WorkstationId, state: WorkstationState, why: string | null): Promise<void>;
  /** With its reports and jobs; its messages stay. */
  remove(organization: OrganizationId, id: WorkstationId): Promise<boolean>;
  /** A new version when what it says differs; answers the version that holds now. */
  settleBundle(id: WorkstationId, digest: string): Promise<number>;
  bundleAnswered(id: WorkstationId, version: number, refused: string | null, detail: string | null): Promise<void>;
  setLocalPolicies(id: WorkstationId, policies: readonly LocalPolicy[], at: number): Promise<void>;
  setReport(
    id: WorkstationId,
    report: { id: ScanReportId; takenAt: number; verdict: ComplianceVerdict; judged: Judgement },
  ): Promise<void>;
}

export function createWorkstationsStore(executor: Executor): WorkstationsStore {
  const whole = (organization: OrganizationId) =>
    executor
      .selectFrom('workstations')
      .innerJoin('members', 'members.id', 'workstations.member')
      .selectAll('workstations')
      .select(['members.email as member_email', 'members.name as member_name'])
      .where('workstations.organization', '=', organization);

  const known = () =>
    executor
      .selectFrom('workstations')
      .select(['id', 'organization', 'member', 'state', 'credential', 'credential_before'])
      .select(['credential_used', 'access_until']);

  return {
    async enrol({ id, organization, member, about, observedAddress, at, with: key }) {
      const now = new Date(at);
      const fresh = {
        about: JSON.stringify(about),
        observed_address: observedAddress,
        last_seen_at: now,
        enrolled_with: key,
      };
      const active = { state: 'active' as const, state_why: null };
      const row = await executor
        .insertInto('workstations')
        .values({
          ...{ id, organization, member, machine: about.machine, name: about.name },
          ...{ ...fresh, ...active, enrolled_at: now },
        })
        .onConflict((conflict) =>
          conflict
            .columns(['organization', 'member', 'machine'])
            .doUpdateSet({ ...fresh, ...active, name: about.name }),
        )
        .returning('id')
        .executeTakeFirstOrThrow();
      return row.id;
    },

    async setCredentials(id, { family, credential, credentialBefore, access, accessUntil }) {
      await executor
        .updateTable('workstations')
        .set({ credential_family: family, credential, credential_before: credentialBefore, credential_used: false })
        .set({ access, access_until: new Date(accessUntil) })
        .where('id', '=', id)
        .execute();
    },

    async byFamily(hash) {
      const row = await known().where('credential_family', '=', hash).forUpdate().executeTakeFirst();
      return row ? toKnown(row) : null;
    },

    async byAccess(hash) {
      const row = await known().where('access', '=', hash).executeTakeFirst();
      return row ? toKnown(row) : null;
    },

    async noteUse(id) {
      await executor.updateTable('workstations').set({ credential_used: true }).where('id', '=', id).execute();
    },

    async seen(id, { address, agentVersion, at, scannedAt, journal, bundle }) {
      const row = await executor
        .updateTable('workstations')
        .set({
          observed_address: address,
          last_seen_at: new Date(at),
          about: sql`about || ${JSON.stringify({ agentVersion })}::jsonb`,
          journal: journal === null ? null : JSON.stringify(journal),
          ...(scannedAt === null ? {} : { scanned_at: new Date(scannedAt) }),
          ...(bundle === null ? {} : { bundle_applied: bundle }),
        })
        .where('id', '=', id)
        .returning('state')
        .executeTakeFirst();
      return row?.state === 'active';
    },

    async byId(organization, id) {
      const row = await whole(organization).where('workstations.id', '=', id).executeTakeFirst();
      return row ? toWorkstation(row) : null;
    },

    async list(organization, { member, state, verdict, q, ...request }) {
      const page = openPage(request);
      let query = whole(organization);
      if (member !== undefined) query = query.where('workstations.member', '=', member);
      if (state !== undefined) query = query.where('workstations.state', '=', state);
      if (verdict !== undefined) query = query.where('workstations.verdict', '=', verdict);
      if (q !== undefined && q !== '') {
        query = query.where(
          sql<boolean>`(workstations.name ilike ${containing(q)} or members.email ilike ${containing(q)}
            or workstations.about->>'hostName' ilike ${containing(q)})`,
        );
      }
      const rows = await query
        .where(page.after('workstations.enrolled_at', 'workstations.id'))
        .orderBy('workstations.enrolled_at', 'desc')
        .orderBy('workstations.id', 'desc')
        .limit(page.fetch)
        .execute();
      return page.close(rows, (row) => ({ at: row.enrolled_at.getTime(), id: row.id }), toWorkstation);
    },

    async all(organization, member) {
      let query = whole(organization);
      if (member !== undefined) query = query.where('workstations.member', '=', member);
      const rows = await query.orderBy('workstations.name').orderBy('workstations.id').execute();
      return rows.map(toWorkstation);
    },

    async rename(organization, id, name) {
      await one(organization, id).set({ name }).execute();
    },

    async setState(organization, id, state, why) {
      const over = {
        credential_family: null,
        credential: null,
        credential_before: null,
        access: null,
        access_until: null,
      };
      const keeps = state === 'active' || state === 'disabled';
      await one(organization, id)
        .set({ state, state_why: why, ...(keeps ? {} : over) })
        .execute();
    },

    async remove(organization, id) {
      const result = await executor
        .deleteFrom('workstations')
        .where('organization', '=', organization)
        .where('id', '=', id)
        .executeTakeFirst();
      return result.numDeletedRows > 0n;
    },

    async settleBundle(id, digest) {
      const row = await executor
        .updateTable('workstations')
        .set({
          bundle_version: sql`case when bundle_digest is null or bundle_digest = ${digest} then bundle_version
            else bundle_version + 1 end`,
          bundle_digest: digest,
        })
        .where('id', '=', id)
        .returning('bundle_version')
        .executeTakeFirstOrThrow();
      return row.bundle_version;
    },

    async bundleAnswered(id, version, refused, detail) {
      const answered = { bundle_refused: refused, bundle_detail: detail };
      await executor
        .updateTable('workstations')
        .set(refused === null ? { ...answered, bundle_applied: version } : answered)
        .where('id', '=', id)
        .execute();
    },

    async setLocalPolicies(id, policies, at) {
      await executor
        .updateTable('workstations')
        .set({ local_policies: JSON.stringify(policies), local_policies_at: new Date(at) })
        .where('id', '=', id)
        .execute();
    },

    async setReport(id, { id: report, takenAt, verdict, judged }) {
      await executor
        .updateTable('workstations')
        .set({ report, report_taken_at: new Date(takenAt), verdict, judged: JSON.stringify(judged) })
        .where('id', '=', id)
        .execute();
    },
  };

  function one(organization: OrganizationId, id: WorkstationId) {
    return executor.updateTable('workstations').where('organization', '=', organization).where('id', '=', id);
  }
}

type Row = Selectable<Schema['workstations']>;

function toKnown(
  row: Pick<
    Row,
    'id' | 'organization' | 'member' | 'state' | 'credential' | 'credential_before' | 'credential_used' | 'access_until'
  >,
): KnownWorkstation {
  return {
    id: row.id,
    organization: row.organization,
    member: row.member,
    state: row.state,
    credential: row.credential,
    credentialBefore: row.credential_before,
    credentialUsed: row.credential_used,
    accessUntil: row.access_until?.getTime() ?? null,
  };
}

function toWorkstation(row: Row & { readonly member_email: string; readonly member_name: string }): Workstation {
  const { report, verdict, judged, report_taken_at: takenAt } = row;
  const { local_policies: policies, local_policies_at: policiesAt } = row;
  return {
    id: row.id,
    organization: row.organization,
    member: { id: row.member, email: row.member_email, name: row.member_name },
    name: row.name,
    about: row.about,
    state: row.state,
    stateWhy: row.state_why,
    observedAddress: row.observed_address,
    enrolledAt: row.enrolled_at.getTime(),
    enrolledWith: row.enrolled_with,
    lastSeenAt: row.last_seen_at.getTime(),
    bundle: {
      version: row.bundle_version,
      digest: row.bundle_digest,
      applied: row.bundle_applied,
      refused: row.bundle_refused,
      detail: row.bundle_detail,
    },
    scannedAt: row.scanned_at?.getTime() ?? null,
    journal: row.journal,
    localPolicies: policies === null || policiesAt === null ? null : { policies, at: policiesAt.getTime() },
    report:
      report === null || verdict === null || judged === null || takenAt === null
        ? null
        : { id: report, takenAt: takenAt.getTime(), verdict, judged },
  };
}
