import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { allPages, pageSize } from '../all-pages.ts';
import { addExamples } from '../examples.ts';
import { readNaming } from './policy-names.ts';

export function exportPoliciesCommand(host: Host): Command {
  const command = new Command('export')
    .description('Print every policy as YAML, in the order of their names')
    .option('--library', 'print the policies that come with MCPVault instead; needs no hub')
    .action(action(host, exportPolicies));
  return addExamples(
    command,
    { command: 'mcpvault policies export > policies.yaml', does: 'Write them to a file' },
    { command: 'mcpvault policies export --library', does: 'See what to begin with' },
  );
}

async function exportPolicies(run: Invocation, { library }: { readonly library?: true }): Promise<void> {
  const { writePolicyDocument } = await import('@mcpvault/hub/policies/policy-file');
  const policies = library ? await shipped() : await ofHub(run);
  const sorted = policies.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  run.out.result(sorted, () => sorted.map(writePolicyDocument).join('---\n').trimEnd());
}

async function shipped() {
  const { policyLibrary } = await import('@mcpvault/hub/policies/library');
  return [...policyLibrary()];
}

async function ofHub(run: Invocation) {
  const hub = await run.connect();
  const naming = await readNaming(hub);
  const all = await allPages((cursor) => hub.call('listDefinitions', { cursor, limit: pageSize }));
  return all.map(naming.toFile);
}
