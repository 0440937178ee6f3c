// A server of this computer behind the bridge: what the client sends passes the same stages as at the hub.
import { resolve } from 'node:path';
import { Failure } from '@mcpvault/domain/failure';
import { loadInjection } from '@mcpvault/hub/inspection/load-injection';
import { runGovernedServer } from '@mcpvault/workstation/govern/run-governed-server';
import { journalKey } from '@mcpvault/workstation/keys/journal-key';
import type { LocalServer } from '@mcpvault/workstation/sync/local-servers';
import { ambientOf } from '../ambient-of.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { ownPolicies } from '../workstation/own-policies.ts';
import { stateOf, vaultFor } from '../workstation/state-of.ts';

/** Of all journals together: weeks of ordinary work. Bytes. */
const journalBytes = 256 * 1024 * 1024;

/** Resolves with the exit code once the conversation is over. */
export async function governLocal(server: LocalServer, io: Io, note: (text: string) => void): Promise<number> {
  const state = stateOf(io);
  const ambient = ambientOf(io);
  try {
    const key = await journalKey(await vaultFor(io), { ...io.clock, random: ambient.random, folder: state.path });
    await runGovernedServer({
      ...{ server, state, ambient, key, note, journalBytes, own: ownPolicies(io), scorer: loadInjection },
      ...{ env: io.env, home: io.machine.home, folder: resolve('.') },
      ...{ input: io.stdin, output: io.stdout, interrupted: io.interrupted },
      ...{ pid: io.machine.pid, isRunning: io.machine.isRunning },
      whenFull: io.env.MCPVAULT_WHEN_UNRECORDED === 'refuse' ? 'refuse' : 'lose',
    });
    io.stdin.destroy();
    return exitCodes.ok;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    note(error.message);
    return exitCodes.general;
  }
}
