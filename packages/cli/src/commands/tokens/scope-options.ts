import type { Command } from 'commander';
import { usageFailure } from '../../command-failure.ts';

export interface ScopeOptions {
  readonly operation?: readonly string[];
  readonly server?: readonly string[];
  readonly tool?: readonly string[];
}

/** What a key is narrowed to; nothing given leaves it as wide as its member. */
export function withScopeOptions(command: Command): Command {
  return command
    .option('--operation <name...>', 'narrow it to operations of the API, such as servers.list or members.*')
    .option('--server <name...>', 'narrow it to these servers; "none" for no server at all')
    .option('--tool <name...>', 'narrow it further, to these tools of the one server named');
}

export function scopeFrom({ operation, server, tool }: ScopeOptions) {
  if (tool !== undefined && server?.length !== 1) {
    throw usageFailure('Tools belong to a server.', 'Name exactly one with --server.');
  }
  if (operation === undefined && server === undefined) return null;
  const servers = server?.filter((name) => name !== 'none').map((name) => ({ server: name, tools: tool && [...tool] }));
  return { operations: operation && [...operation], servers };
}
