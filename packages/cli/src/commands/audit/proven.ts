// What a proof of one call or entry says, after it was checked here and not believed.
import type { PublicKey } from '@mcpvault/domain/audit/checkpoint';
import type { Proof } from '@mcpvault/domain/audit/proof-shape';
import type { Invocation, Outcome } from '../../invocation.ts';

/** null where the line is none. */
export async function proofIn(line: string): Promise<Proof | null> {
  if (!line.includes('"proof"')) return null;
  const { proofShape } = await import('@mcpvault/domain/audit/proof-shape');
  try {
    return proofShape.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

export async function verifyProof(run: Invocation, proof: Proof, keys: readonly PublicKey[] | null): Promise<Outcome> {
  const { whyNotProven } = await import('@mcpvault/domain/audit/proof');
  const why = whyNotProven(proof, keys);
  const { call, entry, checkpoint } = proof;
  const said = {
    proven: why === null,
    why,
    message: call?.shown.record['id'] ?? null,
    entry: entry.id,
    sequence: entry.sequence,
    key: checkpoint.key,
    keysGiven: keys !== null,
  };
  run.out.result(said, () => (why === null ? proven(proof) : `Not proven: ${why}.`));
  if (why === null && keys === null) {
    run.out.warn(
      `Only the proof says that ${checkpoint.key} is the hub's key. Compare it with "mcpvault audit keys", or give it with --key.`,
    );
  }
  return why === null ? 'ok' : 'general';
}

function proven({ call, entry, checkpoint }: Proof): string {
  const signed = `the log of ${checkpoint.size} entries of ${checkpoint.organization}, signed ${new Date(checkpoint.at).toISOString()}`;
  if (call === null) return `Proven: entry ${entry.sequence} (${entry.id}, ${entry.action}) is in ${signed}.`;
  const { record, index } = call.shown;
  const { serverName } = record;
  const on = typeof serverName === 'string' ? `on ${serverName}` : null;
  const what = [record['method'], record['target'], on];
  return [
    `Proven: ${String(record['id'])} is call ${index} of entry ${entry.sequence} (${entry.id}) in ${signed}.`,
    `${String(record['member'])}: ${what.filter(Boolean).join(' ')}, ${String(record['outcome'])}, ${new Date(Number(record['at'])).toISOString()}.`,
  ].join('\n');
}
