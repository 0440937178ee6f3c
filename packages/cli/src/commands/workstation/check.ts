import { judgeReport } from '@mcpvault/domain/workstation/judge-report';
import type { ComplianceRules } from '@mcpvault/protocol/hub-link/policy-bundle';
import type { Severity } from '@mcpvault/workstation/scanning/finding';
import type { Scan, ScannedConfig } from '@mcpvault/workstation/scanning/scan';
import { Command, Option } from 'commander';
import { action, type Host, type Invocation, type Outcome } from '../../invocation.ts';
import { safeLine } from '../../output/safe-text.ts';
import { count } from '../../output/words.ts';
import { CommandFailure } from '../../command-failure.ts';
import { stateOf } from '../../workstation/state-of.ts';
import { addExamples } from '../examples.ts';
import { explained } from './carry-out.ts';
import { requireEnrolment } from './require-enrolment.ts';
import { runScan, type ScanChoice, withScanOptions } from './scan-options.ts';

interface CheckChoice extends ScanChoice {
  readonly failOn: Severity;
  readonly managed?: boolean;
  readonly byHub?: boolean;
}

export function checkCommand(host: Host): Command {
  const command = withScanOptions(
    new Command('check').description('Say by exit code whether this computer complies; for device management'),
  )
    .addOption(
      new Option('--fail-on <severity>', 'the mildest finding that counts')
        .choices(['error', 'warning', 'note'])
        .default('error'),
    )
    .option('--managed', 'every server must go through MCPVault')
    .option('--by-hub', 'by the rules of the hub that this computer belongs to; ends with 22 where it belongs to none')
    .action(action(host, checkComputer));
  return addExamples(
    command,
    { command: 'mcpvault workstation check', does: 'Ends with 0, 20 when something is wrong, 21 when nobody can tell' },
    { command: 'mcpvault workstation check --fail-on warning --managed --json', does: 'Stricter, with the reasons' },
  );
}

const weight: Readonly<Record<Severity, number>> = { note: 0, warning: 1, error: 2 };
/** States in which a file may hold servers that nobody sees. */
const undetermined: readonly ScannedConfig['state'][] = [
  ...(['malformed', 'wrong-container', 'no-permission', 'privacy-denied'] as const),
  ...(['not-a-file', 'too-large', 'unreadable', 'opaque', 'duplicate-keys'] as const),
];

interface Reason {
  readonly client: string;
  readonly path: string;
  readonly server: string | null;
  readonly code: string;
  readonly place: string;
  readonly message: string;
}

async function checkComputer(run: Invocation, choice: CheckChoice): Promise<Outcome> {
  const rules = choice.byHub === true ? await explained(() => hubRules(run)) : null;
  const found = await runScan(run, choice);
  const reasons = rules === null ? reasonsOf(found, choice) : reasonsBy(found, rules);
  const unclear = found.clients.filter(({ state }) => undetermined.includes(state));
  const verdict = reasons.length > 0 ? 'non_compliant' : unclear.length > 0 ? 'undetermined' : 'ok';
  const unknown = unclear.map(({ client, path, state }) => ({ client, path, state }));
  run.out.result(
    { compliant: verdict === 'ok', verdict: verdict === 'ok' ? 'compliant' : verdict, reasons, unknown },
    () =>
      [
        ...reasons.map(({ message, path, place }) => `${safeLine(message)}  ${safeLine(path)} ${safeLine(place)}`),
        ...unclear.map(({ path, explanation }) => `${safeLine(path)}: ${safeLine(explanation)}`),
        verdict === 'ok'
          ? 'Compliant.'
          : `${count(reasons.length, 'reason')} against, ${count(unclear.length, 'file')} unclear.`,
      ].join('\n'),
  );
  return verdict;
}

/** Those of the bundle that this computer holds. */
async function hubRules({ io }: Invocation): Promise<ComplianceRules> {
  const { readBundle } = await import('@mcpvault/workstation/govern/held-bundle');
  const held = await readBundle(stateOf(io).bundle, await requireEnrolment(io));
  if ('bundle' in held) return held.bundle.compliance;
  throw new CommandFailure('undetermined', 'no_rules', 'The rules of the hub are not on this computer.', {
    fix: 'Start “mcpvault workstation run”, which fetches them.',
  });
}

function reasonsBy({ clients }: Scan, rules: ComplianceRules): readonly Reason[] {
  const reported = JSON.parse(JSON.stringify(clients)) as Parameters<typeof judgeReport>[0];
  return judgeReport(reported, rules).reasons;
}

function reasonsOf({ clients }: Scan, { failOn, managed }: CheckChoice): readonly Reason[] {
  return clients.flatMap(({ client, path, findings }) =>
    findings
      .filter(({ code, severity }) => weight[severity] >= weight[failOn] || (managed === true && code === 'unmanaged'))
      .map(({ code, server, place, message }) => ({ client, path, server: server ?? null, code, place, message })),
  );
}
