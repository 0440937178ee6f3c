import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import type { Tone } from '../../output/style.ts';
import { renderTable } from '../../output/table.ts';
import { relativeTime } from '../../output/words.ts';
import { allPages, pageSize } from '../all-pages.ts';
import { addExamples } from '../examples.ts';

const tones: Readonly<Record<string, Tone>> = { active: 'green', invited: 'yellow', disabled: 'dim' };

export function listMembersCommand(host: Host): Command {
  const command = new Command('list')
    .alias('ls')
    .description('List members')
    .option('--match <text>', 'only those whose name or e-mail holds this')
    .action(action(host, listMembers));
  return addExamples(command, { command: 'mcpvault members list --match ada', does: 'Find someone' });
}

async function listMembers(run: Invocation, { match }: { readonly match?: string }): Promise<void> {
  const hub = await run.connect();
  const members = await allPages((cursor) => hub.call('listMembers', { limit: pageSize, cursor, q: match }));
  const now = run.io.clock.now();
  run.out.result({ items: members, next: null }, () => {
    if (members.length === 0) return 'No members.';
    type Row = (typeof members)[number];
    return renderTable(
      members,
      [
        { header: 'E-MAIL', value: (member: Row) => member.email, shrinks: true },
        { header: 'NAME', value: (member: Row) => member.name, shrinks: true },
        { header: 'ROLE', value: (member: Row) => member.roleName },
        { header: 'STATUS', value: (member: Row) => member.status, tone: (member: Row) => tones[member.status] },
        { header: 'TEAMS', value: (member: Row) => member.teams.map(({ name }) => name).join(', '), shrinks: true },
        { header: 'LAST SEEN', value: (member: Row) => relativeTime(member.lastSeenAt, now) },
        { header: 'ID', value: (member: Row) => member.id },
      ],
      run.out.style,
      run.out.width,
    );
  });
}
