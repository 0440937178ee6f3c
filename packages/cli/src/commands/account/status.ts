// How the hub is: reachable, ready, and its servers too. The exit code says it in one number.
import { Command } from 'commander';
import { CommandFailure } from '../../command-failure.ts';
import type { HubHealth } from '../../connection/hub-health.ts';
import { action, type Host, type Invocation, type Outcome } from '../../invocation.ts';
import { renderDetails } from '../../output/table.ts';
import { safeLine } from '../../output/safe-text.ts';
import { allPages, pageSize } from '../all-pages.ts';
import { addExamples } from '../examples.ts';

interface ServerState {
  readonly name: string;
  readonly status: 'connecting' | 'ready' | 'unavailable' | 'disabled';
  readonly reason: string | null;
  readonly fix: string | null;
}

export function statusCommand(host: Host): Command {
  const command = new Command('status')
    .summary('Show whether the hub is ready, and which servers are')
    .description(
      'Show whether the hub is ready, and which servers are. Ends with 0 when all is well, with 1 when something is not, and with 4 when no hub answers.',
    )
    .action(action(host, status));
  return addExamples(
    command,
    { command: 'mcpvault status', does: 'Look at the current hub' },
    { command: 'until mcpvault status > status.txt; do sleep 1; done', does: 'Wait until everything is ready' },
  );
}

async function status(run: Invocation): Promise<Outcome> {
  const connection = await run.connect();
  const { readHealth } = await import('../../connection/hub-health.ts');
  const health = await readHealth(connection);
  const servers = health.ready ? await serverStates(run) : null;
  const broken = (servers ?? []).filter((server) => server.status === 'unavailable');
  const report = { hub: connection.hub, ready: health.ready, components: health.components, servers };
  run.out.result(report, () => render(run, connection.hub, health, servers));
  return health.ready && broken.length === 0 ? 'ok' : 'general';
}

/** null when nobody is signed in: the rest of the status needs no sign-in. */
async function serverStates(run: Invocation): Promise<readonly ServerState[] | null> {
  try {
    const connection = await run.connect();
    const servers = await allPages((cursor) => connection.call('listServers', { limit: pageSize, cursor }));
    return servers.map(({ name, status: state, reason, fix }) => ({ name, status: state, reason, fix }));
  } catch (error) {
    if (error instanceof CommandFailure && error.exit === 'not_signed_in') return null;
    throw error;
  }
}

function render(run: Invocation, hub: string, health: HubHealth, servers: readonly ServerState[] | null): string {
  const { style } = run.out;
  const well = (good: boolean, text: string): string => style(good ? 'green' : 'red', text);
  const components = health.components.map(({ name, status: state }): [string, string] => [
    `  ${safeLine(name)}`,
    well(state === 'ok', safeLine(state)),
  ]);
  const head = renderDetails(
    [
      ['Hub', hub],
      ['Ready', well(health.ready, health.ready ? 'yes' : 'no')],
      ...components,
      ['Servers', summary(servers)],
    ],
    style,
  );
  const broken = (servers ?? []).filter((server) => server.status === 'unavailable');
  const details = broken.map(({ name, reason, fix }) =>
    [
      `  ${style('red', name)}  ${safeLine(reason ?? 'unavailable')}`,
      ...(fix === null ? [] : [`    ${safeLine(fix)}`]),
    ].join('\n'),
  );
  return [head, ...details].join('\n');
}

function summary(servers: readonly ServerState[] | null): string {
  if (servers === null) return 'sign in to see them: mcpvault login';
  if (servers.length === 0) return 'none yet: mcpvault servers add';
  const counts = Map.groupBy(servers, (server) => server.status);
  return [...counts].map(([state, those]) => `${those.length} ${state}`).join(', ');
}
