import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { renderTable } from '../../output/table.ts';
import { relativeTime } from '../../output/words.ts';
import { allPages, pageSize } from '../all-pages.ts';
import { addExamples } from '../examples.ts';
import { memberId } from '../members/find-member.ts';
import { safeLine } from '../../output/safe-text.ts';
import { type Grant, whatText } from './grant-text.ts';

interface ListOptions {
  readonly server?: string;
  readonly member?: string;
}

export function listGrantsCommand(host: Host): Command {
  const command = new Command('list')
    .alias('ls')
    .description('List grants')
    .option('--server <server>', 'only those of this server, by name or id')
    .option('--member <member>', 'only those of this member, by e-mail or id')
    .action(action(host, listGrants));
  return addExamples(command, { command: 'mcpvault grants list --server files', does: 'Who may use a server' });
}

async function listGrants(run: Invocation, options: ListOptions): Promise<void> {
  const hub = await run.connect();
  const member = options.member === undefined ? undefined : await memberId(hub, options.member);
  const wanted = { limit: pageSize, server: options.server, member };
  const grants = await allPages((cursor) => hub.call('listGrants', { ...wanted, cursor }));
  const now = run.io.clock.now();
  run.out.result({ items: grants, next: null }, () => {
    if (grants.length === 0) return 'No grants. Give one with: mcpvault grants add SERVER --member E-MAIL';
    return renderTable<Grant>(
      grants,
      [
        { header: 'ID', value: (grant) => grant.id },
        {
          header: 'FOR',
          value: ({ effect, subject }) => `${effect === 'deny' ? 'DENY ' : ''}${subject.type} ${subject.label}`,
          shrinks: true,
        },
        { header: 'SERVER', value: (grant) => grant.server.name },
        { header: 'TOOLS', value: whatText, shrinks: true },
        { header: 'WHERE', value: ({ condition }) => safeLine(condition ?? ''), shrinks: true },
        { header: 'EXPIRES', value: (grant) => relativeTime(grant.expiresAt, now) },
      ],
      run.out.style,
      run.out.width,
    );
  });
}
