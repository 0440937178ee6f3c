// What a scan looks at, as `scan` and `check` both let it be chosen.
import { resolve } from 'node:path';
import type { Client } from '@mcpvault/workstation/catalogue/client';
import { clients } from '@mcpvault/workstation/catalogue/clients';
import { type Scan, scan, scanFile } from '@mcpvault/workstation/scanning/scan';
import type { Command } from 'commander';
import { usageFailure } from '../../command-failure.ts';
import type { Invocation } from '../../invocation.ts';
import { gather } from '../gather.ts';
import { managedServers } from './managed-servers.ts';
import { thisMachine } from './this-machine.ts';

export interface ScanChoice {
  readonly file?: string;
  readonly client?: readonly string[];
  readonly project?: readonly string[];
  /** False with --no-projects. */
  readonly projects?: boolean;
  readonly all?: boolean;
}

export function withScanOptions(command: Command): Command {
  return command
    .option('--client <id>', 'only this client; may be given again', gather)
    .option('--file <path>', 'only this file, read as the one --client reads it')
    .option('--project <dir>', 'look into this project too; may be given again', gather)
    .option('--no-projects', 'leave out the projects that clients remember');
}

export async function runScan(run: Invocation, choice: ScanChoice): Promise<Scan> {
  const machine = thisMachine(run.io);
  const managed = await managedServers(run);
  const named = (choice.client ?? []).map(clientNamed);
  if (choice.file !== undefined) {
    const [client] = named;
    if (client === undefined || named.length > 1) {
      throw usageFailure('A file is read as one client reads it.', 'Name the client with --client ID.');
    }
    return scanFile(resolve(choice.file), client, { machine, managed });
  }
  return scan({
    machine,
    managed,
    projects: (choice.project ?? []).map((dir) => resolve(dir)),
    ...(named.length > 0 ? { clients: named.map(({ id }) => id) } : {}),
    withAbsent: choice.all === true,
    findsProjects: choice.projects !== false,
  });
}

export function clientNamed(id: string): Client {
  const client = clients.find((each) => each.id === id);
  if (client === undefined) {
    throw usageFailure(`No client is called "${id}".`, 'See all of them with: mcpvault workstation clients');
  }
  return client;
}
