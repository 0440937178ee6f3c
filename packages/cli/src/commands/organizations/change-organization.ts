import type { InputOf } from '@mcpvault/contract/operation';
import type { Operations } from '@mcpvault/contract/operations';
import { Command } from 'commander';
import { CommandFailure } from '../../command-failure.ts';
import type { HubConnection } from '../../connection/hub-connection.ts';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { safeLine } from '../../output/safe-text.ts';
import { allPages, pageSize } from '../all-pages.ts';
import { isIdOf } from '../checked-id.ts';
import { addExamples } from '../examples.ts';

export function changeOrganizationCommand(host: Host): Command {
  const command = new Command('rename')
    .description('Give an organization another name')
    .argument('<organization>', 'its name or id')
    .argument('<name>', 'the new name')
    .action(action(host, (run, organization: string, name: string) => change(run, organization, { name })));
  return addExamples(command, {
    command: 'mcpvault organizations rename Engines "Analytical Engines"',
    does: 'Rename it',
  });
}

export function suspendOrganizationCommand(host: Host): Command {
  const command = new Command('suspend')
    .description('Let nobody of an organization do anything until it is resumed; what is there stays')
    .argument('<organization>', 'its name or id')
    .action(action(host, (run, organization: string) => change(run, organization, { suspended: true })));
  return addExamples(command, { command: 'mcpvault organizations suspend Engines', does: 'From the next request on' });
}

export function resumeOrganizationCommand(host: Host): Command {
  const command = new Command('resume')
    .description('Take a suspension back')
    .argument('<organization>', 'its name or id')
    .action(action(host, (run, organization: string) => change(run, organization, { suspended: false })));
  return addExamples(command, {
    command: 'mcpvault organizations resume Engines',
    does: 'Everybody goes on as before',
  });
}

type Changes = Omit<InputOf<Operations['updateOrganization']>, 'id'>;

async function change(run: Invocation, organization: string, changes: Changes): Promise<void> {
  const hub = await run.connect();
  const id = await organizationId(hub, organization);
  const changed = await hub.call('updateOrganization', { id, ...changes });
  run.out.result(changed, () => `${safeLine(changed.name)} is ${changed.status}.`);
}

async function organizationId(hub: HubConnection, given: string): Promise<`org_${string}`> {
  if (isIdOf('org', given)) return given;
  const all = await allPages((cursor) => hub.call('listOrganizations', { limit: pageSize, cursor }));
  const found = all.filter(({ name }) => name === given);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only.id;
  const says = found.length === 0 ? `No organization is called ${given}.` : `${found.length} are called ${given}.`;
  throw new CommandFailure('general', 'not_found', says, { fix: 'Give an id, from: mcpvault organizations list' });
}
