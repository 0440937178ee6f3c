import { Command } from 'commander';
import type { HubConnection } from '../../connection/hub-connection.ts';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { renderTable } from '../../output/table.ts';
import { allPages, pageSize } from '../all-pages.ts';
import { addExamples } from '../examples.ts';

export function listToolsCommand(host: Host): Command {
  const command = new Command('list')
    .alias('ls')
    .description('List the tools you may use, of one server or of all')
    .argument('[server]', 'its name or id')
    .action(action(host, listTools));
  return addExamples(
    command,
    { command: 'mcpvault tools list', does: 'Every tool of every server' },
    { command: 'mcpvault tools list files', does: 'The tools of one server' },
  );
}

async function listTools(run: Invocation, given: string | undefined): Promise<void> {
  const hub = await run.connect();
  const servers = given === undefined ? await readyServers(hub) : [await hub.call('getServer', { id: given })];
  const tools = (await Promise.all(servers.map((server) => toolsOf(hub, server)))).flat();
  run.out.result({ items: tools, next: null }, () => {
    if (tools.length === 0) return 'No tools.';
    return renderTable(
      tools,
      [
        { header: 'SERVER', value: (tool) => tool.server },
        { header: 'TOOL', value: (tool) => tool.name },
        { header: 'DESCRIPTION', value: (tool) => tool.title ?? firstSentence(tool.description ?? ''), shrinks: true },
      ],
      run.out.style,
      run.out.width,
    );
  });
}

async function readyServers(hub: HubConnection) {
  const servers = await allPages((cursor) => hub.call('listServers', { limit: pageSize, cursor }));
  return servers.filter(({ tools }) => tools > 0);
}

async function toolsOf(hub: HubConnection, server: { readonly id: string; readonly name: string }) {
  const tools = await allPages((cursor) => hub.call('listServerTools', { id: server.id, limit: pageSize, cursor }));
  return tools.map((tool) => ({ server: server.name, ...tool }));
}

function firstSentence(text: string): string {
  return /^(.*?[.!?])(?:\s|$)/s.exec(text)?.[1] ?? text;
}
