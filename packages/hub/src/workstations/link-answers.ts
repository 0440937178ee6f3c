// What each request of the link does.
import type { Ambient } from '@mcpvault/domain/ambient';
import type { JobInput } from '@mcpvault/domain/workstation/job-inputs';
import type { AgentJob } from '@mcpvault/protocol/hub-link/agent-job';
import type { Answers, Asks, LinkName } from '@mcpvault/protocol/hub-link/link';
import { announce } from '@mcpvault/store/change-feed';
import type { Database } from '@mcpvault/store/connect';
import type { Stores } from '@mcpvault/store/stores';
import type { AgentJobRecord } from '@mcpvault/store/workstations/agent-jobs-store';
import type { Change, Changes } from '../changes.ts';
import type { Bundles } from './bundles.ts';
import type { Desk, KnownVisit, Visit } from './desk.ts';
import type { TakeOutcome } from './take-outcome.ts';
import type { TakeRecords } from './take-records.ts';
import type { TakeReport } from './take-report.ts';
import type { Waiting } from './waiting.ts';
import { readWorkstationSettings } from './workstation-settings.ts';

export interface LinkAnswer {
  readonly status: 200 | 304;
  /** null: none. */
  readonly body: object | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface LinkAsked {
  readonly visit: Visit;
  /** null where the request is not one of a workstation that is known already. */
  readonly known: KnownVisit | null;
  readonly ifNoneMatch: string | null;
  /** Whoever asked has gone. */
  readonly signal: AbortSignal;
}

export interface LinkAnswers {
  /** `input` is as the link has it for that request. */
  answer(name: LinkName, input: unknown, asked: LinkAsked): Promise<LinkAnswer>;
}

export interface LinkAnswersDeps {
  readonly database: Database;
  readonly stores: Stores;
  readonly desk: Desk;
  readonly bundles: Bundles;
  readonly waiting: Waiting;
  readonly changes: Changes;
  readonly ambient: Ambient;
  readonly takeReport: TakeReport;
  readonly takeRecords: TakeRecords;
  readonly takeOutcome: TakeOutcome;
}

/** Milliseconds for which a job is given out. */
export const leaseFor = 60_000;

export function createLinkAnswers(deps: LinkAnswersDeps): LinkAnswers {
  const { database, stores, desk, bundles, waiting, changes, ambient } = deps;
  const { clock } = ambient;

  async function tell(changed: readonly Change[]): Promise<void> {
    await announce(database.kysely, changes.announcement(changed));
    await changes.publish(changed);
  }

  async function poll(asked: Asks<'poll'>, visit: KnownVisit, signal: AbortSignal): Promise<Answers<'poll'>> {
    const { workstation, member, address } = visit;
    const { id, organization } = workstation;
    const { agentVersion, scannedAt, journal, bundle } = asked;
    const asking = { id, organization, member };
    const enough = new AbortController();
    const either = AbortSignal.any([signal, enough.signal]);
    // Begun before anything is looked at: what happens in between wakes it.
    const woken = waiting.until((change) => bundles.concerns(asking, change), asked.wait * 1000, either);
    try {
      const seen = { address, agentVersion, at: clock.now(), scannedAt, journal, bundle };
      if (!(await stores.workstations.seen(id, seen))) await desk.known(visit);
      const first = await look(asked, asking);
      if (first.jobs.length > 0 || first.bundle !== bundle || asked.wait === 0) return first;
      await woken;
      if (signal.aborted) return first;
    } finally {
      enough.abort();
    }
    // It may have been revoked meanwhile, or its member may have changed.
    const again = await desk.known(visit);
    return look(asked, { id, organization, member: again.member });
  }

  async function look(
    { jobs: atMost }: Asks<'poll'>,
    asking: Parameters<Bundles['version']>[0],
  ): Promise<Answers<'poll'>> {
    const now = clock.now();
    const leased = await stores.agentJobs.lease(asking.id, atMost, now, now + leaseFor);
    if (leased.length > 0) {
      await tell(leased.map(({ id }) => ({ organization: asking.organization, area: 'agent-jobs', id }) as const));
    }
    const { pollSeconds } = await readWorkstationSettings(stores.settings, asking.organization);
    return { now, bundle: await bundles.version(asking), jobs: leased.map(shown), pollSeconds };
  }

  async function bundle({ workstation, member }: KnownVisit, ifNoneMatch: string | null): Promise<LinkAnswer> {
    const { id, organization } = workstation;
    const made = await bundles.make({ id, organization, member });
    const headers = { etag: made.etag };
    if (ifNoneMatch === made.etag) return { status: 304, body: null, headers };
    return { status: 200, body: await made.sign(), headers };
  }

  async function applied(
    { version, refused, detail }: Asks<'bundleApplied'>,
    { workstation, member }: KnownVisit,
  ): Promise<Answers<'bundleApplied'>> {
    const { id, organization } = workstation;
    await stores.workstations.bundleAnswered(id, version, refused, detail ?? null);
    await tell([{ organization, area: 'workstations', id }]);
    return { newest: await bundles.version({ id, organization, member }) };
  }

  async function localPolicies(
    { policies, changedAt }: Asks<'localPolicies'>,
    { workstation: { id, organization } }: KnownVisit,
  ): Promise<Answers<'localPolicies'>> {
    await stores.workstations.setLocalPolicies(id, policies, Math.min(changedAt, clock.now()));
    await tell([{ organization, area: 'workstations', id }]);
    const { localPolicies: setting } = await readWorkstationSettings(stores.settings, organization);
    return { setAside: setting === 'forbidden' ? policies.map((policy) => policy.id) : [] };
  }

  return {
    async answer(name, input, { visit, known, ifNoneMatch, signal }) {
      const here = () => {
        if (known === null) throw new Error(`${name} was asked by nobody that is known`);
        return known;
      };
      // The face has parsed it with the schema of that very request.
      const as = <Name extends LinkName>() => input as Asks<Name>;
      switch (name) {
        case 'enrol':
          return ok(await desk.enrol(as<'enrol'>(), visit));
        case 'refresh':
          return ok(await desk.refresh(as<'refresh'>(), visit));
        case 'poll':
          return ok(await poll(as<'poll'>(), here(), signal));
        case 'bundle':
          return bundle(here(), ifNoneMatch);
        case 'bundleApplied':
          return ok(await applied(as<'bundleApplied'>(), here()));
        case 'report':
          return ok(await deps.takeReport(as<'report'>(), here().workstation));
        case 'records':
          return ok(await deps.takeRecords(as<'records'>(), here()));
        case 'jobOutcome':
          return ok(await deps.takeOutcome(as<'jobOutcome'>(), here().workstation));
        case 'localPolicies':
          return ok(await localPolicies(as<'localPolicies'>(), here()));
        case 'leave':
          await desk.leave(here());
          return ok({});
      }
    },
  };
}

function ok(body: object): LinkAnswer {
  return { status: 200, body };
}

function shown(job: AgentJobRecord): AgentJob {
  const { id, attempt, needsConsent, requestedBy, reason, createdAt, expiresAt, leasedUntil } = job;
  // Whoever asked for it was checked by the same shapes.
  const { kind, input } = { kind: job.kind, input: job.input } as JobInput;
  return {
    ...{ id, attempt, needsConsent, reason, createdAt, expiresAt },
    requestedBy: requestedBy?.email ?? null,
    leasedUntil: leasedUntil ?? createdAt,
    ...({ kind, input } as JobInput),
  };
}
