// The agent: the one process that speaks with the hub. It says that this computer is there, takes bundles and jobs, scans on
// schedule, and carries what the bridges wrote down. Bridges never wait for it, and lose nothing when it is stopped, in
// whatever way.
import type { InjectionScorer } from '@mcpvault/domain/inspection/injection/injection-scorer';
import type { Policy } from '@mcpvault/domain/policy/policy';
import { type AgentJob, jobKinds } from '@mcpvault/protocol/hub-link/agent-job';
import type { Bundle } from '@mcpvault/protocol/hub-link/policy-bundle';
import type { Enrolment } from '../enrolment/enrolment.ts';
import { readBundle } from '../govern/held-bundle.ts';
import { LinkFailure } from '../link/link-failure.ts';
import type { SignedInLink } from '../link/signed-in-link.ts';
import type { Forwarder } from '../records/forwarder.ts';
import type { StateFolder } from '../state/state-folder.ts';
import type { AgentDiary } from './agent-diary.ts';
import { carryOutJob, type JobDeps } from './carry-out-job.ts';
import type { JobLedger, JobOutcome, KnownJob } from './job-ledger.ts';
import { readKept, type ReportDeps, scanAndReport, sendKept, type WhyScanned } from './report-scan.ts';
import { takeBundle } from './take-bundle.ts';

export interface AgentDeps {
  readonly link: SignedInLink;
  readonly state: StateFolder;
  readonly enrolment: Enrolment;
  readonly forwarder: Forwarder;
  readonly report: Omit<ReportDeps, 'link' | 'path'>;
  readonly jobs: JobLedger;
  readonly work: Pick<JobDeps, 'push' | 'bridge' | 'scan'>;
  readonly diary: AgentDiary;
  readonly scorer: () => InjectionScorer;
  /** The policies of this computer's own, and when they changed last. */
  own(): Promise<{ readonly policies: readonly Policy[]; readonly changedAt: number }>;
  readonly clock: {
    now(): number;
    sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  };
  /** 0 to 1: so that many agents do not all come at once. */
  random(): number;
  readonly agentVersion: string;
  /** Whether jobs that write need no word of the person where the hub says so too. */
  readonly trustsHub: boolean;
}

export interface Agent {
  /** Until `signal` aborts, or the hub takes this computer's access away. */
  run(signal: AbortSignal): Promise<'stopped' | 'revoked'>;
  /** One round of everything, for whoever wants to wait for it. Rejects with a `LinkFailure`. */
  once(signal: AbortSignal): Promise<void>;
}

/** Milliseconds. */
const forwardEvery = 1_000;
const shortestWait = 1_000;
const longestWait = 60_000;
const mostJobs = 5;

export function createAgent(deps: AgentDeps): Agent {
  const { link, state, forwarder, jobs, diary, clock, random } = deps;
  let { enrolment } = deps;
  let bundle: Bundle | null = null;
  /** The hub's clock less this one's, in milliseconds. */
  let ahead = 0;
  let mirrored = -1;
  const reportDeps: ReportDeps = { ...deps.report, link, path: state.lastScan };

  const hubTime = (): number => clock.now() + ahead;

  async function begin(): Promise<void> {
    const held = await readBundle(state.bundle, enrolment);
    bundle = 'bundle' in held ? held.bundle : null;
  }

  async function poll(wait: number, signal: AbortSignal): Promise<void> {
    const kept = await readKept(state.lastScan);
    const asked = {
      agentVersion: deps.agentVersion,
      bundle: bundle?.version ?? null,
      scannedAt: kept?.report.takenAt ?? null,
      journal: forwarder.waiting(),
      jobs: mostJobs,
      wait,
    };
    const answer = await link.ask('poll', asked, { signal, patience: (wait + 20) * 1000 });
    if (answer === null) throw new LinkFailure('invalid', 'The hub answered a question that was not asked.');
    if (wait === 0 || Math.abs(answer.now - hubTime()) > (wait + 5) * 1000) ahead = answer.now - clock.now();
    enrolment = { ...enrolment, pollSeconds: answer.pollSeconds };
    await diary.polled(ahead);
    if (answer.bundle !== bundle?.version) await refresh(answer.bundle);
    for (const job of answer.jobs) await take(job);
  }

  async function refresh(newest: number): Promise<string> {
    const taken = await takeBundle({ link, state, scorer: deps.scorer, now: hubTime }, enrolment, newest);
    enrolment = taken.enrolment;
    bundle = taken.bundle;
    if (taken.outcome === 'refused') {
      const text = `The hub’s bundle ${newest} was refused (${taken.why}); ${bundle === null ? 'none holds' : `version ${bundle.version} goes on to hold`}.`;
      await diary.refused(text);
      return text;
    }
    await diary.holds(taken.bundle.version);
    return `Version ${taken.bundle.version} holds.`;
  }

  /** A job of before is answered as it was then. One that is over, or was meant for another time, is not begun. */
  async function take(job: AgentJob): Promise<void> {
    const known = await jobs.find(job.id);
    if (known?.outcome != null) return answer(job, known.outcome);
    if (job.expiresAt <= hubTime() || job.createdAt < enrolment.since - day) {
      return settle({
        job,
        outcome: refusedAs('It is over, or was made before this computer belonged to the hub.'),
        asks: false,
        consent: null,
        since: clock.now(),
      });
    }
    const begun: KnownJob = known ?? { job, outcome: null, asks: asksFor(job), consent: null, since: clock.now() };
    await jobs.keep({ ...begun, job });
    if (begun.asks && begun.consent === null) {
      diary.note(
        `The hub asks for “${job.kind}”${job.requestedBy === null ? '' : ` (${job.requestedBy})`}: answer with “mcpvault workstation jobs”.`,
      );
      return answer(job, {
        state: 'asking',
        detail: 'The person at the computer is asked.',
        report: null,
        result: null,
      });
    }
    await carryOut({ ...begun, job });
  }

  /** A hub alone cannot write here: that it need not ask, the settings of this computer have to say as well. */
  function asksFor({ kind, input, needsConsent }: AgentJob): boolean {
    const writes = jobKinds[kind].writes && !('preview' in input && input.preview === true);
    return needsConsent || (writes && !deps.trustsHub);
  }

  async function carryOut(known: KnownJob): Promise<void> {
    const { job, consent } = known;
    if (consent === 'declined') {
      return settle({
        ...known,
        outcome: { state: 'declined', detail: 'The person at the computer said no.', report: null, result: null },
      });
    }
    const outcome = await carryOutJob(job, {
      ...deps.work,
      ...reporting,
      lines: diary.lines,
      refresh: () => refresh(bundle?.version ?? 1),
    });
    await settle({ ...known, outcome });
  }

  const reporting: Pick<JobDeps, 'report'> = {
    report: async (job) => {
      if (job.kind === 'report') return (await sendKept(reportDeps, true))?.report.id ?? null;
      return (await scanned({ why: 'job', job: job.id })).id;
    },
  };

  /** Written down before the hub hears of it: whatever happens in between, it is not carried out twice. */
  async function settle(known: KnownJob): Promise<void> {
    await jobs.keep(known);
    diary.note(`${known.job.kind}: ${known.outcome?.state ?? ''}. ${known.outcome?.detail ?? ''}`);
    if (known.outcome !== null) await answer(known.job, known.outcome);
  }

  async function answer({ id, attempt }: AgentJob, outcome: JobOutcome): Promise<void> {
    await link.ask('jobOutcome', { id, attempt, ...outcome });
  }

  /** Jobs on which the person has said a word since. */
  async function takeWords(): Promise<void> {
    for (const known of await jobs.all()) {
      if (known.outcome === null && known.consent !== null) await carryOut(known);
    }
  }

  async function scanned(why: WhyScanned) {
    const report = await scanAndReport(reportDeps, bundle?.compliance ?? null, why);
    await diary.scanned(report.takenAt);
    return report;
  }

  async function scanWhenDue(): Promise<void> {
    if (bundle === null) return;
    const kept = await readKept(state.lastScan);
    const isDue = kept === null || clock.now() - kept.report.takenAt >= bundle.compliance.everyMinutes * 60_000;
    // A clock that was set back must not keep it from scanning.
    const isFromLater = kept !== null && kept.report.takenAt > clock.now() + day;
    if (isDue || isFromLater) await scanned({ why: 'rules', job: null });
    else await sendKept(reportDeps, false);
  }

  async function mirror(): Promise<void> {
    const { policies, changedAt } = await deps.own();
    if (changedAt === mirrored) return;
    await link.ask('localPolicies', {
      policies: policies.slice(0, 500).map((policy) => ({ ...policy })),
      changedAt: Math.floor(changedAt),
    });
    mirrored = changedAt;
  }

  async function forward(signal: AbortSignal): Promise<void> {
    const arrived = await forwarder.forward(signal);
    if (arrived > 0) await diary.forwarded(arrived);
  }

  async function once(signal: AbortSignal): Promise<void> {
    await begin();
    await poll(0, signal);
    await takeWords();
    await scanWhenDue();
    await mirror();
    await forward(signal);
  }

  /** Repeats `work`, later and later while the hub is away. */
  async function repeatedly(work: () => Promise<void>, every: () => number, signal: AbortSignal): Promise<void> {
    let wait = shortestWait;
    while (!signal.aborted) {
      try {
        await work();
        wait = shortestWait;
        await clock.sleep(every(), signal);
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof LinkFailure)) throw error;
        if (error.kind === 'unauthenticated') throw error;
        await diary.failed(error.message);
        const longer = Math.max(wait * (0.5 + random() / 2), error.after ?? 0);
        wait = Math.min(wait * 2, longestWait);
        await clock.sleep(longer, signal);
      }
    }
  }

  return {
    once,
    async run(signal) {
      await begin();
      const over = new AbortController();
      const either = AbortSignal.any([signal, over.signal]);
      const pollEvery = (): number =>
        Math.max(0, enrolment.pollSeconds * 1000 * (0.8 + random() * 0.2) - longPoll(enrolment) * 1000);
      let isFirst = true;
      const tasks = [
        repeatedly(
          async () => {
            await poll(isFirst ? 0 : longPoll(enrolment), either);
            isFirst = false;
          },
          pollEvery,
          either,
        ),
        repeatedly(
          () => forward(either),
          () => forwardEvery,
          either,
        ),
        repeatedly(takeWords, () => forwardEvery, either),
        repeatedly(scanWhenDue, () => 15_000 + random() * 15_000, either),
        repeatedly(mirror, () => 5_000, either),
      ];
      try {
        await Promise.all(tasks);
        return 'stopped';
      } catch (error) {
        if (!(error instanceof LinkFailure) || error.kind !== 'unauthenticated') throw error;
        await diary.revoked(error.message);
        return 'revoked';
      } finally {
        over.abort();
        await Promise.allSettled(tasks);
      }
    },
  };
}

const day = 86_400_000;

/** Seconds that the hub may hold a poll, so that a job comes at once. */
function longPoll({ pollSeconds }: Enrolment): number {
  return Math.min(25, Math.max(0, Math.floor(pollSeconds)));
}

function refusedAs(detail: string): JobOutcome {
  return { state: 'refused', detail, report: null, result: null };
}
