import type { enrolmentKeyShape, workstationShape } from '@mcpvault/contract/workstations';
import { Failure } from '@mcpvault/domain/failure';
import { permits } from '@mcpvault/domain/identity/permission';
import type { WorkstationId } from '@mcpvault/domain/ids';
import { dueAfter } from '@mcpvault/domain/workstation/judge-report';
import type { EnrolmentKey } from '@mcpvault/store/workstations/enrolment-keys-store';
import type { Workstation } from '@mcpvault/store/workstations/workstations-store';
import { createWorkstationRecordsStore } from '@mcpvault/store/workstations/workstation-records-store';
import type { z } from 'zod';
import { hashOf, makeCredential, shownPrefix } from '../auth/credential.ts';
import {
  readComplianceRules,
  readWorkstationSettings,
  writeWorkstationSettings,
} from '../workstations/workstation-settings.ts';
import { type Context, handles } from './handler.ts';
import { endOrNull, personOf } from './members.ts';
import { rfc3339, rfc3339OrNull } from './times.ts';

const day = 86_400_000;
const week = 7 * day;
const keyAtMost = 90 * day;
/** Polls that may be missed before it counts as away. */
const pollsMissed = 3;
/** The longest that a poll waits, in seconds. */
const pollWaits = 25;

export const listWorkstations = handles('listWorkstations', async (input, context) => {
  const { stores, caller } = context;
  const member = seesAll(context) ? input.member : caller.member;
  const { items, next } = await stores.workstations.list(caller.organization, { ...input, member });
  const about = await surroundings(context);
  return { items: items.map((workstation) => showWorkstation(workstation, about)), next };
});

export const getWorkstation = handles('getWorkstation', async ({ id }, context) => {
  const { stores, caller, services } = context;
  const workstation = await workstationOf(context, id);
  const about = await surroundings(context);
  const journals = await createWorkstationRecordsStore(stores.executor, services.ambient).journals(
    caller.organization,
    id,
  );
  const { localPolicies: setting } = await readWorkstationSettings(stores.settings, caller.organization);
  const local = workstation.localPolicies;
  return {
    ...showWorkstation(workstation, about),
    localPolicies: local && {
      changedAt: rfc3339(local.at),
      policies: local.policies.map((policy) => ({
        ...{ id: policy.id, name: policy.name, holds: setting !== 'forbidden' },
        definition: JSON.parse(JSON.stringify(policy)),
      })),
    },
    journals: journals.map(({ id: journal, position, lastAt, missing, taken, rejected, lost }) => ({
      ...{ id: journal, stored: position, taken, rejected, lost },
      missing: missing.map(({ from, to }) => ({ from, to })),
      lastAt: rfc3339(lastAt),
    })),
  };
});

export const updateWorkstation = handles('updateWorkstation', async ({ id, name, disabled }, context) => {
  const { stores, caller } = context;
  const { organization } = caller;
  const before = await changeableOf(context, id);
  if (disabled !== undefined) {
    if (!permits(caller, 'workstations:write')) throw closed();
    if (before.state !== 'active' && before.state !== 'disabled') {
      throw new Failure('conflict', 'This workstation is not enrolled any more.', {
        fix: 'Its member enrols it again.',
      });
    }
    await stores.workstations.setState(organization, id, disabled ? 'disabled' : 'active', null);
  }
  if (name !== undefined) await stores.workstations.rename(organization, id, name);
  context.note({
    subject: id,
    detail: { ...(name === undefined ? {} : { name }), ...(disabled === undefined ? {} : { disabled }) },
  });
  context.changed('workstations', id);
  return showWorkstation(await workstationOf(context, id), await surroundings(context));
});

export const revokeWorkstation = handles('revokeWorkstation', async ({ id, reason }, context) => {
  const { stores, caller } = context;
  const { name } = await changeableOf(context, id);
  await stores.workstations.setState(caller.organization, id, 'revoked', reason === '' ? null : reason);
  context.note({ subject: id, detail: { name, reason } });
  context.changed('workstations', id);
  return undefined;
});

export const removeWorkstation = handles('removeWorkstation', async ({ id }, context) => {
  const { stores, caller } = context;
  const { name, member } = await workstationOf(context, id);
  await stores.workstations.remove(caller.organization, id);
  context.note({ subject: id, detail: { name, member: member.id } });
  context.changed('workstations', id);
  return undefined;
});

export const listEnrolmentKeys = handles('listEnrolmentKeys', async (page, { stores, caller }) => {
  const { items, next } = await stores.enrolmentKeys.list(caller.organization, page);
  return { items: items.map(showKey), next };
});

export const createEnrolmentKey = handles('createEnrolmentKey', async (input, context) => {
  const { stores, services, caller, now } = context;
  const { name, usesAtMost } = input;
  const { organization } = caller;
  const expiresAt = endOrNull(input.expiresAt, now) ?? now + week;
  if (expiresAt > now + keyAtMost) throw new Failure('invalid_params', 'expiresAt: at most 90 days from now.');
  const member = input.member ? await personOf(context, input.member) : null;
  const id = services.ambient.ids.next('wek');
  const key = makeCredential('enrolment', services.ambient.random);
  const draft = { id, organization, name, prefix: shownPrefix(key), usesAtMost, createdAt: now, expiresAt };
  await stores.enrolmentKeys.create({
    ...draft,
    createdBy: caller.member,
    member: member?.id ?? null,
    hash: hashOf(key),
  });
  context.note({
    subject: id,
    detail: { name, member: member?.id ?? null, usesAtMost, expiresAt: rfc3339(expiresAt) },
  });
  const whose = member && { id: member.id, email: member.email };
  const fresh = { member: whose, uses: 0, lastUsedAt: null, revokedAt: null, createdBy: caller.member };
  return { ...showKey({ ...draft, ...fresh }), key };
});

export const revokeEnrolmentKey = handles('revokeEnrolmentKey', async ({ id }, context) => {
  const { stores, caller, now } = context;
  const key = await stores.enrolmentKeys.byId(caller.organization, id);
  if (key === null) throw new Failure('not_found', 'There is no such enrolment key.');
  await stores.enrolmentKeys.revoke(caller.organization, id, now);
  context.note({ subject: id, detail: { name: key.name } });
  return undefined;
});

export const getWorkstationSettings = handles('getWorkstationSettings', (_, { stores, caller }) =>
  readWorkstationSettings(stores.settings, caller.organization),
);

export const updateWorkstationSettings = handles('updateWorkstationSettings', async (settings, context) => {
  const { stores, caller, now } = context;
  await writeWorkstationSettings(stores.settings, caller.organization, settings, now);
  context.note({ detail: { ...settings } });
  context.changed('workstations', null);
  return settings;
});

export function seesAll({ caller }: Pick<Context, 'caller'>): boolean {
  return permits(caller, 'workstations:read') || permits(caller, 'workstations:write');
}

/** One’s own, or any with the permission; all others read as if they did not exist. */
export async function workstationOf(context: Context, id: WorkstationId): Promise<Workstation> {
  const { stores, caller } = context;
  const found = await stores.workstations.byId(caller.organization, id);
  if (found !== null && (found.member.id === caller.member || seesAll(context))) return found;
  throw new Failure('not_found', 'There is no such workstation.');
}

/** Which may be changed too. */
export async function changeableOf(context: Context, id: WorkstationId): Promise<Workstation> {
  const found = await workstationOf(context, id);
  if (found.member.id !== context.caller.member && !permits(context.caller, 'workstations:write')) throw closed();
  return found;
}

function closed(): Failure {
  return new Failure('forbidden', 'Your role does not allow this (workstations:write).', {
    fix: 'Ask an admin of your organization to do it, or to change your role.',
  });
}

export interface Surroundings {
  readonly now: number;
  readonly pollSeconds: number;
  readonly everyMinutes: number;
}

export async function surroundings({ stores, caller, now }: Context): Promise<Surroundings> {
  const { pollSeconds } = await readWorkstationSettings(stores.settings, caller.organization);
  const { everyMinutes } = await readComplianceRules(stores.settings, caller.organization);
  return { now, pollSeconds, everyMinutes };
}

/** It should have reported again, or for the first time. */
export function isOverdue({ report, enrolledAt }: Workstation, { now, everyMinutes }: Surroundings): boolean {
  return dueAfter(report?.takenAt ?? enrolledAt, { everyMinutes }).overdue < now;
}

function isOnline({ state, lastSeenAt }: Workstation, { now, pollSeconds }: Surroundings): boolean {
  return state === 'active' && now - lastSeenAt < (pollsMissed * pollSeconds + pollWaits) * 1000;
}

function showWorkstation(workstation: Workstation, around: Surroundings): z.output<typeof workstationShape> {
  const { id, name, member, about, state, stateWhy, observedAddress, bundle, journal, report } = workstation;
  const { platform, osVersion, architecture, hostName, account, timeZone, agentVersion } = about;
  return {
    ...{ id, name, member: { ...member }, online: isOnline(workstation, around), state, stateWhy },
    ...{ platform, osVersion, architecture, hostName, account, timeZone, agentVersion },
    addresses: [...about.addresses],
    features: [...about.features],
    observedAddress,
    enrolledAt: rfc3339(workstation.enrolledAt),
    enrolledWith: workstation.enrolledWith,
    lastSeenAt: rfc3339(workstation.lastSeenAt),
    bundle: { version: bundle.version, applied: bundle.applied, refused: bundle.refused, detail: bundle.detail },
    journal: journal && { waiting: journal.waiting, lost: journal.lost },
    report: report && {
      ...{ id: report.id, takenAt: rfc3339(report.takenAt), verdict: report.verdict },
      overdue: isOverdue(workstation, around),
      judged: { ...showCounts(report.judged), reasons: report.judged.reasons.length },
    },
  };
}

export function showCounts({ findings, unclear, clients, counts }: NonNullable<Workstation['report']>['judged']) {
  return {
    findings: { ...findings },
    unclear,
    clients,
    counts: { ...counts, byKind: { ...counts.byKind }, byRuns: { ...counts.byRuns } },
  };
}

function showKey(key: EnrolmentKey): z.output<typeof enrolmentKeyShape> {
  const { id, name, prefix, member, uses, usesAtMost, createdAt, expiresAt, lastUsedAt, revokedAt } = key;
  return {
    ...{ id, name, prefix, member: member && { ...member }, uses, usesAtMost },
    createdAt: rfc3339(createdAt),
    expiresAt: rfc3339(expiresAt),
    lastUsedAt: rfc3339OrNull(lastUsedAt),
    revokedAt: rfc3339OrNull(revokedAt),
  };
}
