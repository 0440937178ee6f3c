import { Command } from 'commander';
import { action, type Host, type Invocation, type Outcome } from '../../invocation.ts';
import { addExamples } from '../examples.ts';
import { futureMoment } from '../moments.ts';
import { type ScopeOptions, scopeFrom, withScopeOptions } from '../tokens/scope-options.ts';
import { accountId } from './find-account.ts';

const whose = 'its name or id, from "mcpvault service-accounts list"';

export function accountKeyCommand(host: Host): Command {
  const command = withScopeOptions(new Command('key'))
    .description('Make a key for a service account and print it: the only time it can be seen')
    .argument('<account>', whose)
    .argument('<name>', 'where it will be used')
    .option('--expires <when>', 'when it ends (default: never)')
    .action(action(host, makeKey));
  return addExamples(command, {
    command: 'mcpvault service-accounts key "Nightly build" ci --server files --expires 90d',
    does: 'For one server, for a quarter',
  });
}

export function disableAccountCommand(host: Host): Command {
  const command = new Command('disable')
    .description('Disable a service account: its keys stop working at the next request')
    .argument('<account>', whose)
    .action(action(host, (run: Invocation, given: string) => setDisabled(run, given, true)));
  return addExamples(command, {
    command: 'mcpvault service-accounts disable mem_01k…',
    does: 'While one looks into it',
  });
}

export function enableAccountCommand(host: Host): Command {
  const command = new Command('enable')
    .description('Enable a service account again')
    .argument('<account>', whose)
    .action(action(host, (run: Invocation, given: string) => setDisabled(run, given, false)));
  return addExamples(command, { command: 'mcpvault service-accounts enable mem_01k…', does: 'Its keys work again' });
}

export function removeAccountCommand(host: Host): Command {
  const command = new Command('remove')
    .alias('rm')
    .description('Remove a service account with its keys and grants; its messages stay in the record')
    .argument('<account>', whose)
    .option('-y, --yes', 'do not ask')
    .action(action(host, removeAccount));
  return addExamples(command, {
    command: 'mcpvault service-accounts remove mem_01k… --yes',
    does: 'Without a question',
  });
}

interface KeyOptions extends ScopeOptions {
  readonly expires?: string;
}

async function makeKey(run: Invocation, given: string, name: string, options: KeyOptions): Promise<void> {
  const scope = scopeFrom(options);
  const expiresAt = options.expires === undefined ? null : futureMoment(options.expires, run.io.clock.now());
  const hub = await run.connect();
  const id = await accountId(hub, given);
  const key = await hub.call('createServiceAccountKey', { id, name, expiresAt, ...(scope && { scope }) });
  run.out.result(key, () => key.token);
  run.out.note('This is shown once. Put it where it will be used now, and keep it nowhere else.');
}

async function setDisabled(run: Invocation, given: string, disabled: boolean): Promise<void> {
  const hub = await run.connect();
  const account = await hub.call('updateServiceAccount', { id: await accountId(hub, given), disabled });
  run.out.result(account, () => `${disabled ? 'Disabled' : 'Enabled'} ${account.name}.`);
}

async function removeAccount(run: Invocation, given: string, options: { readonly yes?: boolean }): Promise<Outcome> {
  const hub = await run.connect();
  const id = await accountId(hub, given);
  if (!(await run.confirm(`Remove ${given}? Its keys and grants end at once.`, options.yes))) {
    run.out.note('Nothing was changed.');
    return 'general';
  }
  await hub.call('removeServiceAccount', { id });
  run.out.result({ id, removed: true }, () => `Removed ${given}.`);
  return 'ok';
}
