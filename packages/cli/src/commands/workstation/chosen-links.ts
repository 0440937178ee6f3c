import { resolve } from 'node:path';
import type { Link } from '@mcpvault/workstation/sync/workstation-store';
import type { Command } from 'commander';
import { gather } from '../gather.ts';

export interface LinkChoice {
  readonly client?: readonly string[];
  readonly file?: string;
}

export function withLinkOptions(command: Command): Command {
  return command
    .option('--client <id>', 'only those of this client; may be given again', gather)
    .option('--file <path>', 'only those of this file');
}

/** All, where no names are given. */
export function chosenLinks(
  links: readonly Link[],
  names: readonly string[],
  { client, file }: LinkChoice,
): readonly Link[] {
  return links
    .filter(({ address }) => names.length === 0 || names.includes(address.name))
    .filter((link) => client === undefined || client.includes(link.client))
    .filter(({ path }) => file === undefined || path === resolve(file));
}
