import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { renderTable } from '../../output/table.ts';
import { relativeTime } from '../../output/words.ts';
import { allPages, pageSize } from '../all-pages.ts';
import { addExamples } from '../examples.ts';
import { memberId } from '../members/find-member.ts';

interface ListOptions {
  readonly member?: string;
  readonly all?: boolean;
}

export function listTokensCommand(host: Host): Command {
  const command = new Command('list')
    .alias('ls')
    .description('List your personal tokens; admins may ask for those of others')
    .option('--member <member>', 'those of this member, by e-mail or id')
    .option('--all', 'those of every member')
    .action(action(host, listTokens));
  return addExamples(command, { command: 'mcpvault tokens list --all', does: 'Every token of the organization' });
}

async function listTokens(run: Invocation, options: ListOptions): Promise<void> {
  const hub = await run.connect();
  const member = options.all ? 'all' : options.member && (await memberId(hub, options.member));
  const tokens = await allPages((cursor) =>
    hub.call('listTokens', { limit: pageSize, cursor, member: member || undefined }),
  );
  const now = run.io.clock.now();
  run.out.result({ items: tokens, next: null }, () => {
    if (tokens.length === 0) return 'No tokens. Make one with: mcpvault tokens create NAME';
    type Row = (typeof tokens)[number];
    const state = (token: Row): string => {
      if (token.revokedAt !== null) return 'revoked';
      return token.expiresAt !== null && Date.parse(token.expiresAt) <= now ? 'expired' : 'active';
    };
    return renderTable(
      tokens,
      [
        { header: 'ID', value: (token: Row) => token.id },
        { header: 'NAME', value: (token: Row) => token.name, shrinks: true },
        { header: 'BEGINS', value: (token: Row) => token.prefix },
        { header: 'MEMBER', value: (token: Row) => token.member.email, shrinks: true },
        { header: 'STATE', value: state, tone: (token: Row) => (state(token) === 'active' ? 'green' : 'dim') },
        { header: 'EXPIRES', value: (token: Row) => relativeTime(token.expiresAt, now) },
        { header: 'LAST USED', value: (token: Row) => relativeTime(token.lastUsedAt, now) },
      ],
      run.out.style,
      run.out.width,
    );
  });
}
