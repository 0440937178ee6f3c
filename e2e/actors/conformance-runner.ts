// Runs the official conformance suite, server leg, as its own process against one endpoint, and reads what it found.
// It judges as the suite does: a scenario passes when none of its checks failed. A scored scenario without a result failed.
//
//   node e2e/actors/conformance-runner.ts --url http://localhost:PORT/mcp --requirements 2026-07-28

import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Requirements, scoredScenarios } from './conformance-scenarios.ts';

export interface ConformanceRun {
  /** Must name a loopback host. */
  readonly url: string;
  readonly requirements: Requirements;
  /** Every run makes a folder of its own in here. */
  readonly outDir: string;
  /** For the whole suite; 240 seconds where left out. Past it the suite is stopped and what is missing counts as failed. */
  readonly timeoutMs?: number;
}

export interface ConformanceReport {
  /** Scored scenarios only. */
  readonly passed: readonly string[];
  readonly failed: readonly string[];
  /** How many scenarios the requirement set scores. */
  readonly scored: number;
  /** Every scenario that left a result, scored or not. */
  readonly details: Readonly<Record<string, ScenarioReport>>;
  /** What the suite printed: for people, when something failed. */
  readonly output: string;
}

export interface ScenarioReport {
  readonly scored: boolean;
  readonly passed: boolean;
  /** The ids of the checks that passed. */
  readonly successes: readonly string[];
  /** The others that say something, as `check-id: message`. */
  readonly failures: readonly string[];
  readonly warnings: readonly string[];
}

export async function runConformance(run: ConformanceRun): Promise<ConformanceReport> {
  const scored = scoredScenarios[run.requirements];
  await mkdir(run.outDir, { recursive: true });
  const results = await mkdtemp(join(run.outDir, `${run.requirements}-`));
  const output = await runSuite(run, results);
  const details = await readResults(results, scored);
  const passed = scored.filter((scenario) => details[scenario]?.passed);
  const failed = scored.filter((scenario) => !details[scenario]?.passed);
  return { passed, failed, scored: scored.length, details, output };
}

/** One line for each scored scenario that failed, with its reasons. */
export function explainFailures(report: ConformanceReport): string {
  return report.failed
    .map((scenario) => `${scenario}: ${report.details[scenario]?.failures.join('; ') ?? 'left no result'}`)
    .join('\n');
}

const suite = fileURLToPath(import.meta.resolve('@modelcontextprotocol/conformance/dist/index.js'));

async function runSuite({ url, requirements, timeoutMs = 240_000 }: ConformanceRun, results: string): Promise<string> {
  const child = spawn(
    process.execPath,
    [suite, 'server', '--url', url, '--requirements', requirements, '--output-dir', results],
    { cwd: results, stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs, killSignal: 'SIGKILL' },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  return output;
}

interface Check {
  readonly id: string;
  readonly status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO';
  readonly errorMessage?: string;
}

async function readResults(folder: string, scored: readonly string[]): Promise<Record<string, ScenarioReport>> {
  const details: Record<string, ScenarioReport> = {};
  for (const entry of await readdir(folder)) {
    const scenario = /^server-(.+)-\d{4}-\d{2}-\d{2}T[\d-]+Z$/.exec(entry)?.[1];
    if (scenario === undefined) continue;
    const checks: Check[] = JSON.parse(await readFile(join(folder, entry, 'checks.json'), 'utf8'));
    const failures = explain(checks, 'FAILURE');
    details[scenario] = {
      scored: scored.includes(scenario),
      passed: failures.length === 0,
      successes: checks.filter((check) => check.status === 'SUCCESS').map((check) => check.id),
      failures,
      warnings: explain(checks, 'WARNING'),
    };
  }
  return details;
}

function explain(checks: readonly Check[], status: Check['status']): string[] {
  return checks
    .filter((check) => check.status === status)
    .map((check) => `${check.id}: ${check.errorMessage ?? 'no reason given'}`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { url: { type: 'string' }, requirements: { type: 'string' }, 'out-dir': { type: 'string' } },
  });
  const { url, requirements } = values;
  if (url === undefined || (requirements !== '2025-11-25' && requirements !== '2026-07-28')) {
    throw new Error('Give --url and --requirements 2025-11-25 or 2026-07-28.');
  }
  const report = await runConformance({
    url,
    requirements,
    outDir: values['out-dir'] ?? join(tmpdir(), 'conformance'),
  });
  process.stdout.write(
    `${explainFailures(report)}\n${report.passed.length} of ${report.scored} scored scenarios passed\n`,
  );
  process.exitCode = report.failed.length === 0 ? 0 : 1;
}

if (import.meta.main) await main();
