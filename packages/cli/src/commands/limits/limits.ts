// `mcpvault limits`: how many calls there may be, and how many there were.
import { Command } from 'commander';
import type { Host } from '../../invocation.ts';
import { addLimitCommand } from './add-limit.ts';
import { changeLimitCommand } from './change-limit.ts';
import { listLimitsCommand } from './list-limits.ts';
import { removeLimitCommand } from './remove-limit.ts';

export function limitsCommand(host: Host): Command {
  return new Command('limits')
    .description('See, make and change rates and quotas')
    .addCommand(listLimitsCommand(host))
    .addCommand(addLimitCommand(host))
    .addCommand(changeLimitCommand(host))
    .addCommand(removeLimitCommand(host));
}
