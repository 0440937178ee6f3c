// `mcpvault service-accounts`: callers that are no people, with keys of their own.
import { Command } from 'commander';
import type { Host } from '../../invocation.ts';
import { createAccountCommand } from './create-account.ts';
import {
  accountKeyCommand,
  disableAccountCommand,
  enableAccountCommand,
  removeAccountCommand,
} from './change-account.ts';
import { listAccountsCommand } from './list-accounts.ts';

export function serviceAccountsCommand(host: Host): Command {
  return new Command('service-accounts')
    .description('Make, list, disable and remove service accounts, and make keys for them')
    .addCommand(listAccountsCommand(host))
    .addCommand(createAccountCommand(host))
    .addCommand(accountKeyCommand(host))
    .addCommand(disableAccountCommand(host))
    .addCommand(enableAccountCommand(host))
    .addCommand(removeAccountCommand(host));
}
