import { Command } from 'commander';
import { action, type Host, type Invocation } from '../invocation.ts';
import { version } from '../version.ts';

export function versionCommand(host: Host): Command {
  return new Command('version')
    .description('Show which mcpvault this is, and what it runs on')
    .action(action(host, showVersion));
}

function showVersion({ out, io }: Invocation): Promise<void> {
  const { nodeVersion: node, platform, arch } = io.machine;
  out.result({ version, node, platform, arch }, () => `mcpvault ${version} (Node ${node}, ${platform}-${arch})`);
  return Promise.resolve();
}
