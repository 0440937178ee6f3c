import { Command } from 'commander';
import { action, type Host, type Invocation, type Outcome } from '../../invocation.ts';
import { safeLine } from '../../output/safe-text.ts';
import { relativeTime } from '../../output/words.ts';
import type { StateReport } from '../../workstation/state-report.ts';
import { addExamples } from '../examples.ts';
import { explained } from './carry-out.ts';

interface Check {
  readonly what: string;
  readonly state: 'ok' | 'look' | 'wrong';
  readonly detail: string;
}

export function doctorCommand(host: Host): Command {
  const command = new Command('doctor')
    .description('Look whether everything about this workstation is as it should be, and say what to do where not')
    .action(action(host, doctor));
  return addExamples(command, {
    command: 'mcpvault workstation doctor',
    does: 'Ends with 1 when something is wrong; changes nothing, asks nobody',
  });
}

async function doctor(run: Invocation): Promise<Outcome> {
  return explained<Outcome>(async () => {
    const { stateReport } = await import('../../workstation/state-report.ts');
    const checks = checksOf(await stateReport(run.io), run.io.clock.now());
    run.out.result({ checks }, () =>
      checks.map(({ what, state, detail }) => `${marks[state]} ${what.padEnd(12)} ${safeLine(detail)}`).join('\n'),
    );
    return checks.some(({ state }) => state === 'wrong') ? 'general' : 'ok';
  });
}

const marks = { ok: 'ok   ', look: 'look ', wrong: 'wrong' } as const;
const day = 86_400_000;

export function checksOf(report: StateReport, now: number): readonly Check[] {
  return [
    hubCheck(report),
    ...bundleChecks(report, now),
    agentCheck(report, now),
    clockCheck(report),
    ...restOf(report, now),
  ].filter((check) => check !== null);
}

function hubCheck({ enrolment }: StateReport): Check {
  if (enrolment === null)
    return { what: 'hub', state: 'ok', detail: 'This computer belongs to no hub; its own policies hold.' };
  const { hub, organization, workstation } = enrolment;
  return { what: 'hub', state: 'ok', detail: `${workstation} of ${organization.name}, at ${hub}.` };
}

function bundleChecks({ bundle }: StateReport, now: number): readonly Check[] {
  if (bundle === null) return [];
  if ('refused' in bundle) {
    const why = bundle.refused === 'absent' ? 'have not arrived yet' : 'are not what the hub signed';
    return [
      {
        what: 'policies',
        state: 'wrong',
        detail: `The hub’s policies ${why}: local servers are closed. Start “mcpvault workstation run”.`,
      },
    ];
  }
  const { version, expiresAt, policies } = bundle.bundle;
  const detail = `Version ${version} with ${policies.length} policies holds until ${new Date(expiresAt).toISOString()}.`;
  return [{ what: 'policies', state: expiresAt <= now ? 'wrong' : expiresAt - now < 2 * day ? 'look' : 'ok', detail }];
}

function agentCheck({ enrolment, agent }: StateReport, now: number): Check | null {
  if (enrolment === null) return null;
  if (agent?.isRevoked === true) {
    return { what: 'agent', state: 'wrong', detail: 'The hub has ended this computer’s access. Enrol it again.' };
  }
  if (agent === null || !agent.isRunning) {
    return {
      what: 'agent',
      state: 'wrong',
      detail: 'It does not run: nothing is reported, and new policies do not arrive. Start “mcpvault workstation run”.',
    };
  }
  if (agent.problem !== null) return { what: 'agent', state: 'look', detail: agent.problem };
  if (agent.refusedBundle !== null) return { what: 'agent', state: 'wrong', detail: agent.refusedBundle };
  const seen = agent.polledAt === null ? 'not yet' : relativeTime(new Date(agent.polledAt).toISOString(), now);
  return { what: 'agent', state: 'ok', detail: `It runs, and spoke with the hub ${seen}.` };
}

function clockCheck({ agent }: StateReport): Check | null {
  if (agent === null || Math.abs(agent.ahead) < 60_000) return null;
  const seconds = Math.round(Math.abs(agent.ahead) / 1000);
  return {
    what: 'clock',
    state: 'look',
    detail: `The clocks of this computer and of the hub are ${seconds} seconds apart.`,
  };
}

function restOf(
  { journals, ownPolicies, secretsLieIn, jobsWaiting, scan, enrolment }: StateReport,
  now: number,
): readonly (Check | null)[] {
  const waits = `${journals.waiting} messages lie here${enrolment === null ? '' : ' and wait for the hub'}; ${journals.lost} could not be written.`;
  return [
    { what: 'record', state: journals.lost > 0 ? 'look' : 'ok', detail: waits },
    typeof ownPolicies === 'string'
      ? { what: 'own policies', state: 'wrong', detail: `${ownPolicies}: local servers are closed until it is mended.` }
      : {
          what: 'own policies',
          state: ownPolicies.hold < ownPolicies.there ? 'look' : 'ok',
          detail: `${ownPolicies.hold} of ${ownPolicies.there} hold${ownPolicies.hold < ownPolicies.there ? '; the hub does not allow the others' : ''}.`,
        },
    { what: 'secrets', state: 'ok', detail: `They lie in ${places[secretsLieIn]}.` },
    jobsWaiting > 0
      ? { what: 'jobs', state: 'look', detail: `${jobsWaiting} wait for your word: mcpvault workstation jobs list` }
      : null,
    scan === null
      ? null
      : {
          what: 'scan',
          state: scan.isSent ? 'ok' : 'look',
          detail: `Taken ${relativeTime(new Date(scan.takenAt).toISOString(), now)}, ${scan.isSent ? `reported: ${scan.verdict ?? 'no verdict'}` : 'not reported yet'}.`,
        },
  ];
}

const places = {
  'secret-service': 'the Secret Service of this desktop',
  keychain: 'the keychain of this Mac',
  dpapi: 'files that Windows encrypts for this account',
  file: 'files that only this account may read',
} as const;
