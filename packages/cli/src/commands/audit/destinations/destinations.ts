// `mcpvault audit destinations`: where audit events are sent as they happen.
import { Command } from 'commander';
import type { Host } from '../../../invocation.ts';
import { addDestinationCommand } from './add-destination.ts';
import { listDestinationsCommand } from './list-destinations.ts';
import { removeDestinationCommand, switchDestinationCommand } from './change-destination.ts';
import { testDestinationCommand } from './test-destination.ts';

export function destinationsCommand(host: Host): Command {
  return new Command('destinations')
    .description('Send audit events to a web address, a syslog server or files, as they happen')
    .addCommand(listDestinationsCommand(host))
    .addCommand(addDestinationCommand(host))
    .addCommand(testDestinationCommand(host))
    .addCommand(switchDestinationCommand(host, true))
    .addCommand(switchDestinationCommand(host, false))
    .addCommand(removeDestinationCommand(host));
}
