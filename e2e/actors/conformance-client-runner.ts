// Runs one scenario of the official conformance suite's client leg, with a gateway and a client in front of it as the client
// under test (conformance-client.ts). What it needs of the suite's file names stays in here.

import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Requirements } from './conformance-scenarios.ts';

export interface ClientScenario {
  readonly scenario: string;
  readonly requirements: Requirements;
  /** What the client in front of the gateway speaks. The server behind it speaks the era of the requirements. */
  readonly clientEra: 'legacy' | 'modern';
  /** Every run makes a folder of its own in here. */
  readonly outDir: string;
  /** The hub that the server is added to, for scenarios about authorization. */
  readonly hub?: { readonly url: string; readonly access: string; readonly token: string };
}

export interface ClientVerdict {
  /** The ids of the checks that passed. */
  readonly successes: readonly string[];
  /** The others that say something, as `check-id: message`; warnings too. */
  readonly failures: readonly string[];
  /** What the suite printed: for people, when something failed. */
  readonly output: string;
}

/** The scored scenarios of each frozen set without those about authorization. A test compares them with the suite. */
export const clientScenarios: Readonly<Record<Requirements, readonly string[]>> = {
  '2025-11-25': ['initialize', 'tools_call', 'elicitation-sep1034-client-defaults', 'sse-retry'],
  '2026-07-28': [
    'tools_call',
    'request-metadata',
    'sep-2322-client-request-state',
    'http-standard-headers',
    'http-custom-headers',
    'http-invalid-tool-headers',
    'json-schema-ref-no-deref',
  ],
};

const authInBoth = [
  'auth/metadata-default',
  'auth/metadata-var1',
  'auth/metadata-var2',
  'auth/metadata-var3',
  'auth/basic-cimd',
  'auth/scope-from-www-authenticate',
  'auth/scope-from-scopes-supported',
  'auth/scope-omitted-when-undefined',
  'auth/scope-step-up',
  'auth/scope-retry-limit',
  'auth/token-endpoint-auth-basic',
  'auth/token-endpoint-auth-post',
  'auth/token-endpoint-auth-none',
  'auth/pre-registration',
];

/** Those about authorization, which need a hub. A test compares them with the suite. */
export const authScenarios: Readonly<Record<Requirements, readonly string[]>> = {
  '2025-11-25': authInBoth,
  '2026-07-28': [
    ...authInBoth,
    'auth/resource-mismatch',
    'auth/offline-access-scope',
    'auth/offline-access-not-supported',
    'auth/authorization-server-migration',
    'auth/iss-supported',
    'auth/iss-not-advertised',
    'auth/iss-supported-missing',
    'auth/iss-wrong-issuer',
    'auth/iss-unexpected',
    'auth/iss-normalized',
    'auth/metadata-issuer-mismatch',
  ],
};

/** Not scored by the sets, and passed all the same. */
export const machineScenarios: readonly string[] = ['auth/client-credentials-jwt', 'auth/client-credentials-basic'];

const suite = fileURLToPath(import.meta.resolve('@modelcontextprotocol/conformance/dist/index.js'));
const plainDriver = fileURLToPath(new URL('conformance-client.ts', import.meta.url));
const authDriver = fileURLToPath(new URL('conformance-auth-client.ts', import.meta.url));

export async function runClientScenario(run: ClientScenario): Promise<ClientVerdict> {
  const results = await mkdtemp(join(run.outDir, `${run.scenario.replaceAll('/', '-')}-`));
  const driver = run.hub === undefined ? plainDriver : authDriver;
  const { url = '', access = '', token = '' } = run.hub ?? {};
  const { output } = await runSuite(
    ['client', '--command', `${process.execPath} ${driver}`, '--scenario', run.scenario, '--timeout', '60000'].concat([
      '--spec-version',
      run.requirements,
      '--output-dir',
      results,
      // Extensions belong to no revision.
      ...(machineScenarios.includes(run.scenario) ? ['--force'] : []),
    ]),
    { CONFORMANCE_CLIENT_ERA: run.clientEra, HUB_URL: url, HUB_ACCESS: access, HUB_TOKEN: token },
  );
  const found = await readdir(results, { recursive: true });
  const file = found.find((name) => basename(name) === 'checks.json');
  if (file === undefined) return { successes: [], failures: ['the scenario left no result'], output };
  const text = await readFile(join(results, file), 'utf8');
  const checks = JSON.parse(text) as { id: string; status: string; errorMessage?: string }[];
  return {
    successes: checks.filter(({ status }) => status === 'SUCCESS').map(({ id }) => id),
    failures: checks
      .filter(({ status }) => status === 'FAILURE' || (run.hub !== undefined && status === 'WARNING'))
      .map(({ id, errorMessage = 'no reason given' }) => `${id}: ${errorMessage}`),
    output,
  };
}

/** The names of the client scenarios that a set scores, as the suite lists them. */
export async function listClientScenarios(requirements: Requirements): Promise<readonly string[]> {
  const { output } = await runSuite(['list', '--client', '--requirements', requirements], {});
  const section = output.split('Client scenarios')[1]?.split('\n\n')[0] ?? '';
  return [...section.matchAll(/^ {2}- (\S+)/gm)].map(([, name]) => name ?? '');
}

async function runSuite(args: readonly string[], env: Record<string, string>): Promise<{ readonly output: string }> {
  const child = spawn(process.execPath, [suite, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 120_000,
    killSignal: 'SIGKILL',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  return { output };
}
