import type { Client, ConfigLocation, PathPattern, Platform } from '@mcpvault/workstation/catalogue/client';
import { clients } from '@mcpvault/workstation/catalogue/clients';
import { isInstalled } from '@mcpvault/workstation/catalogue/locate-configs';
import { sources } from '@mcpvault/workstation/catalogue/sources';
import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { type Column, renderTable } from '../../output/table.ts';
import { addExamples } from '../examples.ts';
import { thisMachine } from './this-machine.ts';

export function clientsCommand(host: Host): Command {
  const command = new Command('clients')
    .description('List the AI clients that are known, and where each keeps its servers')
    .option('--installed', 'only those of this computer')
    .action(action(host, listClients));
  return addExamples(command, {
    command: 'mcpvault workstation clients --json',
    does: 'With the confidence in each place, and its sources',
  });
}

interface Place {
  readonly id: string;
  readonly name: string;
  readonly installed: boolean;
  readonly scope: string;
  readonly path: string;
  readonly location: ConfigLocation;
}

async function listClients(run: Invocation, options: { readonly installed?: boolean }): Promise<void> {
  const machine = thisMachine(run.io);
  const places: Place[] = [];
  for (const client of clients) {
    const installed = await isInstalled(client, machine);
    if (options.installed === true && !installed) continue;
    places.push(...placesOf(client, installed, machine.platform));
  }
  const items = places.map(({ location, ...place }) => ({
    ...place,
    format: location.format,
    confidence: location.confidence,
    sources: location.sources.map((id) => ({ id, what: sources[id] })),
  }));
  run.out.result({ items }, () => renderTable(places, columns, run.out.style, run.out.width));
}

function placesOf(
  { id, name, locations, elsewhere }: Client,
  installed: boolean,
  platform: Platform,
): readonly Place[] {
  const found = locations.flatMap((location) =>
    patternsOf(location.path, platform).map((path) => ({ id, name, installed, scope: location.scope, path, location })),
  );
  if (found.length > 0) return found;
  const nowhere: ConfigLocation = { scope: '', path: [], format: 'opaque', confidence: 'medium', sources: [] };
  const path = elsewhere === true ? 'in no file of this computer' : 'nowhere on this platform';
  return [{ id, name, installed, scope: '', path, location: nowhere }];
}

function patternsOf(path: ConfigLocation['path'], platform: Platform): readonly string[] {
  const isPattern = (each: typeof path): each is PathPattern => typeof each === 'string' || Array.isArray(each);
  const pattern = isPattern(path) ? path : (path[platform] ?? []);
  return typeof pattern === 'string' ? [pattern] : pattern;
}

const columns: readonly Column<Place>[] = [
  { header: 'CLIENT', value: ({ id }) => id },
  { header: 'HERE', value: ({ installed }) => (installed ? 'yes' : ''), tone: () => 'green' },
  { header: 'SCOPE', value: ({ scope }) => scope },
  { header: 'FORMAT', value: ({ location }) => location.format },
  { header: 'CONFIDENCE', value: ({ location }) => location.confidence },
  { header: 'PLACE', value: ({ path }) => path, shrinks: true },
];
