// What has to be done now and then: old messages deleted, expired sign-ins forgotten, last-used times written down. Each
// run is small; one that fails is tried again at its next turn.
import type { Clock, Ids } from '@mcpvault/domain/ambient';
import { periodOf } from '@mcpvault/domain/limits/meter';
import type { Log } from '@mcpvault/gateway/ports';
import type { Journal } from '@mcpvault/gateway/recording/journal';
import type { OrganizationId } from '@mcpvault/domain/ids';
import { letGoOfAuditEntries } from '@mcpvault/store/audit/audit-retention';
import { lostAction } from '@mcpvault/store/audit/audit-store';
import { deleteOldMessages } from '@mcpvault/store/retention';
import type { OauthKeys } from '@mcpvault/store/oauth-keys';
import type { Stores } from '@mcpvault/store/stores';
import type { AuditLog } from './audit/audit-log.ts';
import { forgetAfter, placesFor } from './auth/lockout.ts';
import { readHold } from './legal-hold.ts';
import type { IdentityCache } from './auth/identity-cache.ts';

export interface Upkeep {
  start(): void;
  /** Writes down what is still held, signs the audit log, and ends. */
  stop(): Promise<void>;
}

export interface UpkeepDeps {
  readonly stores: Stores;
  /** For what is deleted of one organization. */
  readonly executorOf: (organization: OrganizationId) => Stores['executor'];
  readonly identities: Pick<IdentityCache, 'takeUsed'>;
  readonly auditLog: Pick<AuditLog, 'sign'>;
  readonly oauthKeys: Pick<OauthKeys, 'upkeep'>;
  readonly journal: Pick<Journal, 'takeLost'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** 0 keeps messages for good. */
  readonly retentionDays: number;
  /** 0 keeps audit entries for good. */
  readonly auditRetentionDays: number;
}

const day = 86_400_000;
const usedEveryMs = 5_000;
const lostEveryMs = 10_000;
/** Between two signatures an attacker on the database could still rewrite what was just written. */
const signEveryMs = 60_000;
const tidyEveryMs = 600_000;
const tidyFirstMs = 60_000;
const rowsAtOnce = 1000;
const pauseMs = 100;
/** What people were told of, and how it reached them. */
const toldFor = 30 * day;
/** Alerts that are resolved or dismissed. */
const finishedFor = 180 * day;

export function createUpkeep({
  stores,
  executorOf,
  identities,
  auditLog,
  oauthKeys,
  journal,
  clock,
  ids,
  log,
  ...kept
}: UpkeepDeps): Upkeep {
  const timers: NodeJS.Timeout[] = [];
  let under = Promise.resolve();
  let stopped = false;
  const untold = new Map<OrganizationId, number>();

  async function writeUsed(): Promise<void> {
    const { tokens, members, connectedClients } = identities.takeUsed();
    if (tokens.size > 0) await stores.tokens.touch(tokens);
    if (members.size > 0) await stores.members.touch(members);
    if (connectedClients.size > 0) await stores.connectedClients.touch(connectedClients);
  }

  /** A gap in the record is told in the log: that something is missing, and how much. */
  async function tellLost(): Promise<void> {
    for (const [organization, messages] of journal.takeLost()) {
      untold.set(organization, (untold.get(organization) ?? 0) + messages);
    }
    for (const [organization, messages] of untold) {
      await note(organization, lostAction, { messages });
      untold.delete(organization);
    }
  }

  function note(organization: OrganizationId, action: string, detail: object): Promise<void> {
    return stores.audit.append({
      id: ids.next('aud'),
      organization,
      at: clock.now(),
      actor: 'system',
      action,
      subject: null,
      outcome: 'done',
      detail: { ...detail },
    });
  }

  async function tidy(): Promise<void> {
    const now = clock.now();
    await stores.signIns.sweep(now - day);
    await stores.attempts.sweep(now - forgetAfter);
    await stores.oauthArtifacts.sweep(now - day, now - 30 * day);
    await stores.connectedClients.sweep(now - day);
    await oauthKeys.upkeep(90 * day);
    await stores.limitCounters.forget(periodOf('month', now - 40 * day));
    await stores.signInStates.sweep(now);
    await stores.knownPlaces.sweep(now - placesFor);
    while (!stopped && (await stores.alertRoutes.forget(now - toldFor, rowsAtOnce)) === rowsAtOnce);
    for (const { id } of await stores.organizations.all()) {
      while (!stopped && (await stores.alerts.forget(id, now - finishedFor, rowsAtOnce)) === rowsAtOnce);
      if ((await readHold(stores.settings, id)) !== null) continue;
      if (kept.retentionDays > 0) await deleteMessages(id, now - kept.retentionDays * day);
      if (kept.retentionDays > 0) await stores.approvals.forget(id, now - kept.retentionDays * day, 10 * rowsAtOnce);
      if (kept.auditRetentionDays > 0) await letGoOfEntries(id, now - kept.auditRetentionDays * day);
    }
  }

  async function deleteMessages(organization: OrganizationId, before: number): Promise<void> {
    while (!stopped && (await deleteOldMessages(executorOf(organization), organization, before, rowsAtOnce)) > 0) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  /** Each time with an entry that says so: what is gone, went by rule and not by somebody’s hand. */
  async function letGoOfEntries(organization: OrganizationId, before: number): Promise<void> {
    while (!stopped) {
      const gone = await letGoOfAuditEntries(executorOf(organization), organization, before, rowsAtOnce);
      if (gone === null) return;
      await note(organization, 'audit.retention', gone);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  /** One after the other, so that stopping knows what to wait for. */
  function run(what: string, work: () => Promise<void>): Promise<void> {
    under = under
      .then(work)
      .catch((error: unknown) => log.warn({ cause: String(error) }, `${what} did not work out; trying again later`));
    return under;
  }

  return {
    start() {
      timers.push(
        setInterval(() => void run('writing down what was used', writeUsed), usedEveryMs),
        setInterval(() => void run('telling what was lost', tellLost), lostEveryMs),
        setInterval(() => void run('signing the audit log', auditLog.sign), signEveryMs),
        setTimeout(() => void run('tidying up', tidy), tidyFirstMs),
        setInterval(() => void run('tidying up', tidy), tidyEveryMs),
      );
      for (const timer of timers) timer.unref();
    },
    async stop() {
      stopped = true;
      for (const timer of timers) clearInterval(timer);
      await run('writing down what was used', writeUsed);
      await run('telling what was lost', tellLost);
      await run('signing the audit log', auditLog.sign);
    },
  };
}
