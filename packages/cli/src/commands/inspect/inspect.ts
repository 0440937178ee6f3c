import { Command } from 'commander';
import type { Host } from '../../invocation.ts';
import { inspectInjectionCommand } from './inspect-injection.ts';
import { inspectTextCommand } from './inspect-text.ts';

export function inspectCommand(host: Host): Command {
  return new Command('inspect')
    .description('Ask the detectors about texts, here and without a hub')
    .addCommand(inspectInjectionCommand(host))
    .addCommand(inspectTextCommand(host));
}
