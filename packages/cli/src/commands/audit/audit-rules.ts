import { Argument, Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { addExamples } from '../examples.ts';

export function auditRulesCommand(host: Host): Command {
  const command = new Command('mode')
    .description('Whether calls may pass when they cannot be written down; without an argument it is shown')
    .addArgument(
      new Argument('[mode]', 'required refuses such calls, best-effort lets them pass and counts them').choices([
        'required',
        'best-effort',
        'default',
      ]),
    )
    .action(action(host, auditRules));
  return addExamples(command, { command: 'mcpvault audit mode required', does: 'No call without its record' });
}

async function auditRules(run: Invocation, mode: 'required' | 'best-effort' | 'default' | undefined): Promise<void> {
  const hub = await run.connect();
  if (mode !== undefined) await hub.call('updateAuditRules', { mode: mode === 'default' ? null : mode });
  const rules = await hub.call('getAuditRules', {});
  run.out.result(rules, () => {
    const by = rules.chosen ? 'chosen here' : 'the hub’s own setting';
    const lost =
      rules.lost === 0 ? '' : `\n${rules.lost} messages passed without being written down, last ${rules.lastLostAt}.`;
    return `${rules.mode} (${by})${lost}`;
  });
}
