import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { safeLine } from '../../output/safe-text.ts';
import { renderDetails } from '../../output/table.ts';
import { count, relativeTime } from '../../output/words.ts';
import { addExamples } from '../examples.ts';
import { workstationId } from './find-workstation.ts';
import { standingOf } from './workstation-text.ts';

export function showWorkstationCommand(host: Host): Command {
  const command = new Command('show')
    .description('Show a workstation: what it is, what it follows, what its last scan found')
    .argument('<workstation>', 'its name or id')
    .action(action(host, showWorkstation));
  return addExamples(command, { command: 'mcpvault workstations show ada-laptop', does: 'Look at one workstation' });
}

async function showWorkstation(run: Invocation, given: string): Promise<void> {
  const hub = await run.connect();
  const workstation = await hub.call('getWorkstation', { id: await workstationId(hub, given) });
  const report = workstation.report && (await hub.call('getScanReport', { id: workstation.report.id }));
  run.out.result({ ...workstation, counted: report?.counted ?? [] }, () => {
    const now = run.io.clock.now();
    const { bundle, journal } = workstation;
    const { tone, text } = standingOf(workstation);
    const applied = bundle.applied === bundle.version ? 'follows it' : `follows ${bundle.applied ?? 'none yet'}`;
    const details = renderDetails(
      [
        ['Name', safeLine(workstation.name)],
        ['Id', workstation.id],
        ['Member', workstation.member.email],
        ['Stands', run.out.style(tone, text)],
        ['Why', workstation.stateWhy === null ? undefined : safeLine(workstation.stateWhy)],
        ['System', safeLine(`${workstation.platform} ${workstation.osVersion} (${workstation.architecture})`)],
        ['Host', safeLine(workstation.hostName)],
        ['Agent', safeLine(workstation.agentVersion)],
        ['Address', workstation.observedAddress],
        ['Seen', workstation.online ? 'now' : relativeTime(workstation.lastSeenAt, now)],
        ['Enrolled', relativeTime(workstation.enrolledAt, now)],
        ['Bundle', `${bundle.version}, ${applied}${bundle.refused === null ? '' : ` (refused: ${bundle.refused})`}`],
        ['Waiting', journal === null ? undefined : `${count(journal.waiting, 'item')}, ${journal.lost} lost`],
        ['Scanned', report === null ? 'never' : relativeTime(report.takenAt, now)],
      ],
      run.out.style,
    );
    const reasons = (report?.counted ?? []).map(
      ({ message, fix, path }) => `- ${safeLine(message)}  ${safeLine(path)}\n  ${safeLine(fix)}`,
    );
    return [details, ...reasons].join('\n');
  });
}
