import type { InputOf, OutputOf } from '@mcpvault/contract/operation';
import type { Operations } from '@mcpvault/contract/operations';
import { Command, Option } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { renderTable } from '../../output/table.ts';
import type { Tone } from '../../output/style.ts';
import { relativeTime } from '../../output/words.ts';
import { addExamples } from '../examples.ts';
import { memberId } from '../members/find-member.ts';

export type Alert = OutputOf<Operations['listAlerts']>['items'][number];
type Asked = InputOf<Operations['listAlerts']>;

interface ListOptions {
  readonly state?: string;
  readonly all?: boolean;
  readonly kind?: Asked['kind'];
  readonly severity?: Asked['severity'];
  readonly layer?: Asked['layer'];
  readonly owner?: string;
  readonly search?: string;
  readonly limit?: string;
}

export const severityTones: Readonly<Record<Alert['severity'], Tone>> = {
  info: 'dim',
  low: 'dim',
  medium: 'yellow',
  high: 'red',
  critical: 'red',
};

export function listAlertsCommand(host: Host): Command {
  const command = new Command('list')
    .alias('ls')
    .description('List alerts that wait for somebody, those that came last first')
    .addOption(
      new Option('--state <states>', 'open, acknowledged, resolved or dismissed; several with commas').default(
        'open,acknowledged',
      ),
    )
    .option('--all', 'in whatever state')
    .addOption(new Option('--kind <kind>', 'only alerts of one kind').choices(['policy', 'operational']))
    .addOption(
      new Option('--severity <severity>', 'this severe or more').choices(['info', 'low', 'medium', 'high', 'critical']),
    )
    .addOption(
      new Option('--layer <layer>', 'only those raised at the hub, or on workstations').choices(['hub', 'workstation']),
    )
    .option('--owner <member>', 'me, none, or a member by e-mail or id')
    .option('--search <text>', 'what stands in its title, tool, policy, server or member')
    .option('--limit <number>', 'at most so many, up to 200', '50')
    .action(action(host, listAlerts));
  return addExamples(
    command,
    { command: 'mcpvault alerts list --severity high --owner none', does: 'What is bad and nobody is at' },
    { command: 'mcpvault alerts list --all --search warehouse --json', does: 'For a script' },
  );
}

async function listAlerts(run: Invocation, options: ListOptions): Promise<void> {
  const hub = await run.connect();
  const { state, all, kind, severity, layer, owner, search, limit } = options;
  const who = owner === undefined || owner === 'me' || owner === 'none' ? owner : await memberId(hub, owner);
  const page = await hub.call('listAlerts', {
    state: all === true ? 'all' : state,
    ...{ kind, severity, layer, limit },
    ...(who !== undefined && { owner: who }),
    ...(search !== undefined && { q: search }),
  });
  const now = run.io.clock.now();
  run.out.result(page, () => {
    if (page.items.length === 0) return 'No alerts.';
    return renderTable<Alert>(
      page.items,
      [
        { header: 'ID', value: ({ id }) => id },
        { header: 'SEVERITY', value: (alert) => alert.severity, tone: (alert) => severityTones[alert.severity] },
        { header: 'STATE', value: (alert) => alert.state },
        { header: 'TITLE', value: ({ title }) => title, shrinks: true },
        { header: 'WHERE', value: whereText, shrinks: true },
        { header: 'TIMES', value: ({ count }) => String(count), align: 'right' },
        { header: 'LAST', value: ({ lastAt }) => relativeTime(lastAt, now) },
        { header: 'OWNER', value: (alert) => alert.owner?.email ?? '-', shrinks: true },
      ],
      run.out.style,
      run.out.width,
    );
  });
}

/** Whose, and which tool of which server. */
export function whereText({ member, server, tool, kind }: Alert): string {
  const place = [server?.name, tool].filter((part) => part != null).join('/');
  const parts = [member?.email, place].filter((part) => part !== undefined && part !== '');
  return parts.length === 0 ? kind : parts.join(' on ');
}
