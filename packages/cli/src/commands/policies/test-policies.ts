import { Command } from 'commander';
import { action, type Host, type Invocation, type Outcome } from '../../invocation.ts';
import { safeLine } from '../../output/safe-text.ts';
import { addExamples } from '../examples.ts';
import { readPolicies } from './read-policies.ts';

export function testPoliciesCommand(host: Host): Command {
  const command = new Command('test')
    .description('Check policies in files and run their tests, here and without a hub')
    .argument('<file...>', 'YAML files')
    .action(action(host, testPolicies));
  return addExamples(command, { command: 'mcpvault policies test policies/*.yaml', does: 'Before they are applied' });
}

async function testPolicies(run: Invocation, files: readonly string[]): Promise<Outcome> {
  const policies = await readPolicies(files);
  const { policyOfFile } = await import('@mcpvault/hub/policies/policy-file');
  const { loadInjection } = await import('@mcpvault/hub/inspection/load-injection');
  const { policyProblems } = await import('@mcpvault/domain/policy/validate');
  const { runPolicyTests } = await import('@mcpvault/domain/policy/run-tests');
  const results = policies.map((file) => {
    const policy = policyOfFile(file);
    const problems = policyProblems(policy);
    const isSound = problems.every(({ isWarning }) => isWarning === true);
    return { name: file.name, problems, tests: isSound ? runPolicyTests(policy, loadInjection) : [] };
  });
  const isWrong = results.some(
    ({ problems, tests }) =>
      problems.some(({ isWarning }) => isWarning !== true) || tests.some(({ failure }) => failure !== null),
  );
  run.out.result(results, () => results.flatMap(linesOf).join('\n'));
  return isWrong ? 'general' : 'ok';
}

interface Result {
  readonly name: string;
  readonly problems: readonly { readonly problem: string; readonly fix: string; readonly isWarning?: true }[];
  readonly tests: readonly { readonly name: string; readonly failure: string | null }[];
}

function linesOf({ name, problems, tests }: Result): string[] {
  return [
    safeLine(name),
    ...problems.map(({ problem, fix, isWarning }) =>
      safeLine(`  ${isWarning ? 'warning' : 'wrong'}: ${problem} ${fix}`),
    ),
    ...tests.map(({ name: test, failure }) =>
      safeLine(failure === null ? `  ok: ${test}` : `  failed: ${test}: ${failure}`),
    ),
  ];
}
