import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { PublicKey } from '@mcpvault/domain/audit/checkpoint';
import type { Verified } from '@mcpvault/domain/audit/verify-export';
import { Command } from 'commander';
import { CommandFailure, usageFailure } from '../../command-failure.ts';
import { action, type Host, type Invocation, type Outcome } from '../../invocation.ts';
import { addExamples } from '../examples.ts';
import { proofIn, verifyProof } from './proven.ts';
import { isFolder, verifyBundle } from './verify-bundle.ts';

interface VerifyOptions {
  readonly key?: readonly string[];
}

export function verifyAuditCommand(host: Host): Command {
  const command = new Command('verify')
    .description('Check an export without the hub, or the hub’s own log; exits with 1 and names the first broken entry')
    .argument(
      '[file]',
      'an export, a proof, the folder of a bundle, or - for stdin; without it the hub checks its own log',
    )
    .option('--key <key...>', 'public keys that may have signed, from "mcpvault audit keys"; else those in the file')
    .action(action(host, verifyAudit));
  return addExamples(
    command,
    { command: 'mcpvault audit verify audit.jsonl --key 3q2+7w…', does: 'Check an export with the public key alone' },
    { command: 'mcpvault audit verify', does: 'Have the hub check its log' },
  );
}

async function verifyAudit(run: Invocation, file: string | undefined, options: VerifyOptions): Promise<Outcome> {
  if (file === undefined) return verifyHub(run);
  const keys = options.key === undefined ? null : await Promise.all(options.key.map(publicKey));
  return (await isFolder(file)) ? verifyBundle(run, file, keys) : verifyFile(run, file, keys);
}

async function verifyFile(run: Invocation, file: string, keys: readonly PublicKey[] | null): Promise<Outcome> {
  const { verifyExport } = await import('@mcpvault/domain/audit/verify-export');
  const lines = createInterface({ input: await opened(run, file), crlfDelay: Infinity })[Symbol.asyncIterator]();
  const first = await lines.next();
  const proof = await proofIn(first.done === true ? '' : first.value);
  if (proof !== null) return verifyProof(run, proof, keys);
  const verified = await verifyExport(startingWith(first, lines), keys);
  run.out.result({ ...verified, keysGiven: keys !== null }, () => told(verified));
  if (keys === null && verified.intact) {
    run.out.warn(
      `Only the file says that ${verified.key} is the hub's key. Compare it with "mcpvault audit keys", or give it with --key.`,
    );
  }
  return verified.intact ? 'ok' : 'general';
}

async function* startingWith(first: IteratorResult<string>, rest: AsyncIterator<string>): AsyncGenerator<string> {
  for (let line = first; line.done !== true; line = await rest.next()) yield line.value;
}

async function opened(run: Invocation, file: string): Promise<Readable> {
  if (file === '-') return run.io.stdin;
  try {
    return (await open(file)).createReadStream();
  } catch {
    throw usageFailure(`The file ${file} cannot be read.`, 'Name an export made with: mcpvault audit export > FILE');
  }
}

function told(verified: Verified): string {
  const { intact, entries, removed, calls, callsUnseen, from, to, signedAt, problem, organization } = verified;
  if (intact) {
    const kept = removed === 0 ? '' : `, and the hashes of ${removed} that retention took`;
    const when = new Date(signedAt ?? 0).toISOString();
    const shown = calls === 0 ? '' : `, with ${calls} calls`;
    const unseen = callsUnseen === 0 ? '' : ` It only stands for ${callsUnseen} calls, which are not in the file.`;
    return `Intact: ${entries} entries of ${organization} (places ${from} to before ${to})${shown}${kept}. Signed ${when}.${unseen}`;
  }
  return `Broken at line ${problem?.line}${entryOf(problem)}: ${problem?.why}.`;
}

async function verifyHub(run: Invocation): Promise<Outcome> {
  const hub = await run.connect(600_000);
  const found = await hub.call('verifyAudit', {});
  run.out.result(found, () => {
    if (!found.intact) return `Broken${entryOf(found.problem)}: ${found.problem?.why}.`;
    const signed =
      found.signed === null ? 'Not signed yet.' : `Signed up to place ${found.signed.size}, ${found.signed.at}.`;
    return `Intact: ${found.entries} entries, which stand for ${found.calls} calls too. ${signed}`;
  });
  return found.intact ? 'ok' : 'general';
}

function entryOf(
  problem: { readonly sequence: number | null; readonly id: string | null; readonly message: string | null } | null,
): string {
  if (problem === null || problem.sequence === null) return '';
  const names = [problem.id, problem.message].filter((name) => name !== null).join(', ');
  return names === '' ? `, entry ${problem.sequence}` : `, entry ${problem.sequence} (${names})`;
}

export async function publicKey(given: string): Promise<PublicKey> {
  if (Buffer.from(given, 'base64').length !== 32) {
    throw new CommandFailure('usage', 'usage', 'This is no public key of an audit log.', {
      fix: 'Give the PUBLIC KEY of a line of: mcpvault audit keys',
    });
  }
  const { keyId } = await import('@mcpvault/domain/audit/checkpoint');
  return { id: keyId(given), publicKey: given };
}
