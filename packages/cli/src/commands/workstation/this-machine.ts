// This computer, as the workstation wants to know it.
import type { Platform } from '@mcpvault/workstation/catalogue/client';
import type { Machine } from '@mcpvault/workstation/machine/machine';
import { createNodeFiles } from '@mcpvault/workstation/machine/node-files';
import type { Io } from '../../io.ts';

export function thisMachine(io: Io): Machine {
  const platform = platformOf(io.machine.platform);
  return { platform, home: io.machine.home, env: io.env, files: createNodeFiles(platform) };
}

function platformOf(name: string): Platform {
  if (name === 'darwin') return 'macos';
  return name === 'win32' ? 'windows' : 'linux';
}
