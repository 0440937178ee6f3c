import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryMachine } from '../testing/memory-machine.ts';
import { policyWarnings } from './policy-warnings.ts';
import type { Link } from './workstation-store.ts';

function planned(client: string): Link {
  const address = { container: ['mcpServers'], name: 'a', dialect: 'mcpServers-basic' } as const;
  const bridge = { command: 'mcpvault', args: ['bridge', 'a'] };
  const server = { name: 'a', isLocal: true };
  return {
    client,
    scope: 'user',
    path: '/x',
    format: 'json',
    address,
    state: 'pending-adopt',
    server,
    bridge,
    undo: null,
    since: 0,
  };
}

test('rules that name servers by their commands are told before an entry gets another one, on every platform', async () => {
  const table: readonly (readonly [Parameters<typeof memoryMachine>[0], string, string, string])[] = [
    ['linux', 'amp', '/home/ana/.config/amp/settings.json', '{"amp.mcpPermissions":[]}'],
    ['linux', 'codex', '/etc/codex/requirements.toml', '[mcp_servers.a.identity]\ncommand = "npx"\n'],
    [
      'windows',
      'codex',
      'C:\\ProgramData\\OpenAI\\Codex\\requirements.toml',
      '[mcp_servers.a.identity]\ncommand = "npx"\n',
    ],
    [
      'macos',
      'claude-code',
      '/Library/Application Support/ClaudeCode/managed-settings.json',
      '{"allowedMcpServers":[]}',
    ],
    ['windows', 'copilot-cli', 'C:\\Program Files\\GitHubCopilot\\managed-settings.json', '{"deniedMcpServers":[]}'],
  ];
  for (const [platform, client, path, text] of table) {
    const machine = memoryMachine(platform, { [path]: text });
    assert.deepEqual(
      (await policyWarnings([planned(client)], machine)).map((each) => [each.client, each.path]),
      [[client, path]],
    );
    assert.deepEqual(await policyWarnings([planned('cursor')], machine), []);
    assert.deepEqual(await policyWarnings([{ ...planned(client), state: 'pending-revert' }], machine), []);
  }
});

test('a file without such rules is no reason to warn', async () => {
  const machine = memoryMachine('linux', { '/home/ana/.config/amp/settings.json': '{"amp.mcpServers":{}}' });
  assert.deepEqual(await policyWarnings([planned('amp')], machine), []);
});
