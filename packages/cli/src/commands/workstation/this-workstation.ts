// The workstation of this account: what it remembers, and what it needs to change clients' files.
import { createConfigWriter, type WriterDeps } from '@mcpvault/workstation/sync/config-writer';
import type { PushDeps } from '@mcpvault/workstation/sync/push-links';
import { createWorkstationStore } from '@mcpvault/workstation/sync/workstation-store';
import { workstationFile } from '../../bridge/local-server.ts';
import type { Io } from '../../io.ts';
import { thisMachine } from './this-machine.ts';

export function thisWorkstation(io: Io): PushDeps {
  let marks = 0;
  const deps: WriterDeps = {
    now: io.clock.now,
    sleep: (ms) => io.clock.sleep(ms, io.interrupted),
    mark: () => {
      marks += 1;
      return `${io.machine.pid}-${marks}`;
    },
  };
  return {
    files: thisMachine(io).files,
    writer: createConfigWriter(deps),
    store: createWorkstationStore(workstationFile(io), deps),
    now: io.clock.now,
  };
}
