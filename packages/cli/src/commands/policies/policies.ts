// `mcpvault policies`: what an organization demands, kept as files.
import { Command } from 'commander';
import type { Host } from '../../invocation.ts';
import { applyPoliciesCommand, diffPoliciesCommand } from './apply-policies.ts';
import { exportPoliciesCommand } from './export-policies.ts';
import { testPoliciesCommand } from './test-policies.ts';

export function policiesCommand(host: Host): Command {
  return new Command('policies')
    .description('Keep policies as YAML files: export, compare, test and apply them')
    .addCommand(exportPoliciesCommand(host))
    .addCommand(diffPoliciesCommand(host))
    .addCommand(testPoliciesCommand(host))
    .addCommand(applyPoliciesCommand(host));
}
