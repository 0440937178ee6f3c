import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../../invocation.ts';
import { renderTable } from '../../../output/table.ts';
import { relativeTime } from '../../../output/words.ts';
import { type Destination, placeOf } from './find-destination.ts';

export function listDestinationsCommand(host: Host): Command {
  return new Command('list')
    .alias('ls')
    .description('List destinations, how far each has come, and what is wrong with it')
    .action(action(host, listDestinations));
}

const tones = { current: 'green', behind: 'yellow', failing: 'red', off: 'dim' } as const;

async function listDestinations(run: Invocation): Promise<void> {
  const hub = await run.connect();
  const page = await hub.call('listDestinations', {});
  const now = run.io.clock.now();
  run.out.result(page, () => {
    if (page.items.length === 0)
      return 'Audit events are sent nowhere. Add a destination: mcpvault audit destinations add';
    const table = renderTable(
      page.items,
      [
        { header: 'NAME', value: (row: Destination) => row.name },
        { header: 'TO', value: placeOf, shrinks: true },
        { header: 'AS', value: (row: Destination) => row.format },
        {
          header: 'STATE',
          value: ({ state }: Destination) => state.is,
          tone: ({ state }: Destination) => tones[state.is],
        },
        { header: 'BEHIND', value: ({ state }: Destination) => String(state.lag) },
        { header: 'DELIVERED', value: ({ state }: Destination) => String(state.delivered) },
        {
          header: 'LAST',
          value: ({ state }: Destination) =>
            state.lastDeliveredAt === null ? 'never' : relativeTime(state.lastDeliveredAt, now),
        },
      ],
      run.out.style,
      run.out.width,
    );
    const troubles = page.items.flatMap(({ name, state }) =>
      state.problem === null
        ? []
        : [`${name}: ${state.problem.why}.${state.problem.fix === null ? '' : ` ${state.problem.fix}`}`],
    );
    return [table, ...troubles].join('\n');
  });
}
