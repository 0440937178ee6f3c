import { createAgentDiary } from '@mcpvault/workstation/agent/agent-diary';
import { takeAgentLock } from '@mcpvault/workstation/agent/agent-lock';
import { LinkFailure } from '@mcpvault/workstation/link/link-failure';
import { Command } from 'commander';
import { action, type Host, type Invocation, type Outcome } from '../../invocation.ts';
import { safeLine } from '../../output/safe-text.ts';
import { stateOf } from '../../workstation/state-of.ts';
import { addExamples } from '../examples.ts';
import { explained } from './carry-out.ts';
import { linkFailure } from './link-failure.ts';
import { requireEnrolment } from './require-enrolment.ts';

interface RunChoice {
  readonly once?: boolean;
}

export function runCommand(host: Host): Command {
  const command = new Command('run')
    .description('The agent: polls the hub, scans on schedule, reports, and forwards what passed; until it is stopped')
    .option('--once', 'one round of everything, then end')
    .action(action(host, runAgent));
  return addExamples(
    command,
    { command: 'mcpvault workstation run', does: 'In the foreground; docs/workstation.md has service files' },
    { command: 'mcpvault workstation run --once', does: 'For schedulers, and to try it' },
  );
}

async function runAgent(run: Invocation, { once }: RunChoice): Promise<Outcome> {
  return explained<Outcome>(async () => {
    const { io, out } = run;
    const state = stateOf(io);
    const enrolment = await requireEnrolment(io);
    const release = await takeAgentLock(state.lock, io.machine);
    try {
      const diary = createAgentDiary({
        path: state.agent,
        pid: io.machine.pid,
        now: io.clock.now,
        say: (text) => out.note(safeLine(text)),
      });
      const { agentOf } = await import('../../workstation/agent-of.ts');
      const agent = await agentOf(io, enrolment, diary);
      if (once === true) {
        await agent.once(io.interrupted).catch((error: unknown) => {
          throw error instanceof LinkFailure ? linkFailure(error, enrolment.hub) : error;
        });
        out.note('One round is done.');
        return 'ok';
      }
      out.note(`The agent of ${enrolment.workstation} runs, for ${enrolment.hub}. Ctrl-C ends it.`);
      return (await agent.run(io.interrupted)) === 'revoked' ? 'not_signed_in' : 'ok';
    } finally {
      await release();
    }
  });
}
