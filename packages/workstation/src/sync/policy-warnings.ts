// Rules of clients that name servers by the command that starts them. An adopted entry has another command, so such a rule may
// refuse it: that is said before anything is written.
import { expandPattern } from '../catalogue/locate-configs.ts';
import type { PathPattern, Platform } from '../catalogue/client.ts';
import type { Machine } from '../machine/machine.ts';
import { nodeAt } from '../reading/config-tree.ts';
import { largestConfig, readConfig } from '../reading/read-config.ts';
import type { ReadableFormat } from '../reading/read-tree.ts';
import type { Link } from './workstation-store.ts';

export interface PolicyWarning {
  readonly client: string;
  /** The file with the rules. */
  readonly path: string;
  readonly message: string;
}

interface CommandRule {
  readonly clients: readonly string[];
  readonly paths: Readonly<Partial<Record<Platform, PathPattern>>>;
  readonly format: ReadableFormat;
  /** Where the rules stand; any of them. */
  readonly pointers: readonly (readonly string[])[];
}

function everywhere(path: string): CommandRule['paths'] {
  return { macos: path, linux: path, windows: path };
}

const rules: readonly CommandRule[] = [
  {
    clients: ['amp'],
    paths: everywhere('~/.config/amp/settings.json'),
    format: 'jsonc',
    pointers: [['amp.mcpPermissions']],
  },
  {
    clients: ['claude-code'],
    paths: {
      macos: '/Library/Application Support/ClaudeCode/managed-settings.json',
      linux: '/etc/claude-code/managed-settings.json',
      windows: 'C:/Program Files/ClaudeCode/managed-settings.json',
    },
    format: 'json',
    pointers: [['allowedMcpServers'], ['deniedMcpServers']],
  },
  {
    clients: ['copilot-cli', 'vscode', 'vscode-insiders', 'copilot-jetbrains'],
    paths: {
      macos: '/Library/Application Support/GitHubCopilot/managed-settings.json',
      linux: '/etc/github-copilot/managed-settings.json',
      windows: 'C:/Program Files/GitHubCopilot/managed-settings.json',
    },
    format: 'json',
    pointers: [['allowedMcpServers'], ['deniedMcpServers']],
  },
  {
    clients: ['codex'],
    paths: {
      macos: '/etc/codex/requirements.toml',
      linux: '/etc/codex/requirements.toml',
      windows: '%ProgramData%/OpenAI/Codex/requirements.toml',
    },
    format: 'toml',
    pointers: [['mcp_servers']],
  },
  {
    clients: ['rovo-dev'],
    paths: everywhere('~/.rovodev/config.yml'),
    format: 'yaml',
    pointers: [['allowedMcpServers'], ['mcp', 'allowedMcpServers']],
  },
];

export async function policyWarnings(links: readonly Link[], machine: Machine): Promise<readonly PolicyWarning[]> {
  const adopted = new Set(links.filter(({ state }) => state === 'pending-adopt').map(({ client }) => client));
  const found: PolicyWarning[] = [];
  for (const { clients, paths, format, pointers } of rules) {
    const concerned = clients.filter((client) => adopted.has(client));
    if (concerned.length === 0) continue;
    const pattern = paths[machine.platform] ?? [];
    for (const each of typeof pattern === 'string' ? [pattern] : pattern) {
      for (const path of await expandPattern(each, machine)) {
        const { document } = readConfig(await machine.files.read(path, largestConfig), format);
        if (document === undefined || pointers.every((at) => nodeAt(document.tree.root, at) === undefined)) continue;
        const message = `${path} has rules that may name servers by their commands: let them allow “mcpvault bridge” too, or the adopted servers are refused.`;
        found.push(...concerned.map((client) => ({ client, path, message })));
      }
    }
  }
  return found;
}
