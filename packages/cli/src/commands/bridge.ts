// `mcpvault bridge`: the command that AI clients run. Its arguments stand in their configurations: they never change their
// meaning.
import { Command } from 'commander';
import type { Host } from '../invocation.ts';
import { type GlobalOptions, readSettings } from '../settings.ts';
import { addExamples } from './examples.ts';

interface Options extends GlobalOptions {
  readonly tokenFile?: string;
}

/** The shorter way, from the first word of the command line, is in the program file; both end in `runBridge`. */
export function bridgeCommand(host: Host): Command {
  const command = new Command('bridge')
    .description('Carry an AI client’s messages from stdio to the hub; clients run this, people do not')
    .argument('[server]', 'name of the server, or URL of an endpoint or of a hub; all servers merged when left out')
    .option('--token-file <file>', 'file that holds a personal token, instead of MCPVAULT_TOKEN or the stored sign-in')
    .action(async function (this: Command, target: string | undefined) {
      const { runBridge } = await import('../bridge/run-bridge.ts');
      const { hub, tokenFile, ...global } = this.optsWithGlobals<Options>();
      const { quiet, timeoutMs } = readSettings(global, host.io);
      const code = await runBridge({ target, hub, tokenFile, quiet, timeoutMs }, host.io);
      host.finish(code === 0 ? 'ok' : 'general');
    });
  return addExamples(
    command,
    { command: 'mcpvault bridge', does: 'All servers that you may use, at the hub you are signed in to' },
    { command: 'mcpvault bridge --hub https://mcp.example.org files', does: 'One server of this hub' },
    { command: 'mcpvault bridge https://mcp.example.org/mcp/files', does: 'The same by the URL of its endpoint' },
  );
}
