import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { usageFailure } from '../../command-failure.ts';
import { action, type Host, type Invocation, type Outcome } from '../../invocation.ts';
import { isIdOf } from '../checked-id.ts';
import { addExamples } from '../examples.ts';
import { verifyProof } from './proven.ts';
import { publicKey } from './verify-audit.ts';

interface ProveOptions {
  readonly key?: readonly string[];
  readonly save?: string;
}

export function proveCommand(host: Host): Command {
  const command = new Command('prove')
    .description('Prove that one call, or one entry, is in the signed log; checked here, not by the hub')
    .argument('<id>', 'a message (msg_…) or an audit entry (aud_…)')
    .option('--key <key...>', 'public keys that may have signed, from "mcpvault audit keys"; else those the hub names')
    .option('--save <file>', 'write the proof, for whoever has no hub: "mcpvault audit verify FILE" checks it')
    .action(action(host, prove));
  return addExamples(command, {
    command: 'mcpvault audit prove msg_01k3… --save proof.json',
    does: 'Prove a call to somebody else',
  });
}

async function prove(run: Invocation, id: string, options: ProveOptions): Promise<Outcome> {
  if (!isIdOf('msg', id) && !isIdOf('aud', id)) {
    throw usageFailure('That is not an id of the form msg_… or aud_….', 'Find it with: mcpvault audit calls');
  }
  const keys = options.key === undefined ? null : await Promise.all(options.key.map(publicKey));
  const hub = await run.connect();
  const proof = await hub.call('proveAudited', { id });
  if (options.save !== undefined) {
    await writeFile(options.save, `${JSON.stringify(proof)}\n`);
    run.out.note(`The proof is in ${options.save}. Check it anywhere with: mcpvault audit verify ${options.save}`);
  }
  return verifyProof(run, proof, keys);
}
