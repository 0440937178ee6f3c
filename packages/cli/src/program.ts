// The tree of commands. Help, completion and docs/cli.md are all made from it.
import { Command, Option } from 'commander';
import { accessCommand } from './commands/access/access.ts';
import { loginCommand } from './commands/account/login.ts';
import { logoutCommand } from './commands/account/logout.ts';
import { statusCommand } from './commands/account/status.ts';
import { whoamiCommand } from './commands/account/whoami.ts';
import { approvalsCommand } from './commands/approvals/approvals.ts';
import { alertsCommand } from './commands/alerts/alerts.ts';
import { auditCommand } from './commands/audit/audit.ts';
import { bridgeCommand } from './commands/bridge.ts';
import { configCommand } from './commands/clients/config.ts';
import { completeCommand, completionCommand } from './commands/completion.ts';
import { clientsCommand } from './commands/connected-clients/connected-clients.ts';
import { connectionsCommand } from './commands/connections/connections.ts';
import { grantsCommand } from './commands/grants/grants.ts';
import { hubCommand } from './commands/hub.ts';
import { impersonationsCommand } from './commands/impersonations/impersonations.ts';
import { identityProvidersCommand } from './commands/identity-providers/identity-providers.ts';
import { inspectCommand } from './commands/inspect/inspect.ts';
import { limitsCommand } from './commands/limits/limits.ts';
import { organizationsCommand } from './commands/organizations/organizations.ts';
import { membersCommand } from './commands/members/members.ts';
import { messagesCommand } from './commands/messages/messages.ts';
import { policiesCommand } from './commands/policies/policies.ts';
import { rolesCommand } from './commands/roles/roles.ts';
import { serviceAccountsCommand } from './commands/service-accounts/service-accounts.ts';
import { serversCommand } from './commands/servers/servers.ts';
import { tokensCommand } from './commands/tokens/tokens.ts';
import { toolsCommand } from './commands/tools/tools.ts';
import { versionCommand } from './commands/version-command.ts';
import { workstationsCommand } from './commands/workstations/workstations.ts';
import { workstationCommand } from './commands/workstation/workstation.ts';
import type { Host } from './invocation.ts';
import { version } from './version.ts';

export function createProgram(host: Host): Command {
  const { stdout, stderr } = host.io;
  const program = new Command('mcpvault')
    .description('The control plane between AI clients and MCP servers.')
    .version(version, '-V, --version', 'print the version')
    .option('--hub <url>', 'the hub to talk to (default: MCPVAULT_HUB, else the one signed in to last)')
    .addOption(new Option('-o, --output <format>', 'how results are printed').choices(['table', 'json']))
    .option('--json', 'the same as --output json')
    .option('-q, --quiet', 'print results and errors only')
    .option('--timeout <seconds>', 'how long to wait for an answer')
    .option('--no-input', 'ask no questions')
    .addCommand(hubCommand())
    .addCommand(loginCommand(host))
    .addCommand(logoutCommand(host))
    .addCommand(whoamiCommand(host))
    .addCommand(statusCommand(host))
    .addCommand(serversCommand(host))
    .addCommand(connectionsCommand(host))
    .addCommand(clientsCommand(host))
    .addCommand(toolsCommand(host))
    .addCommand(messagesCommand(host))
    .addCommand(tokensCommand(host))
    .addCommand(grantsCommand(host))
    .addCommand(accessCommand(host))
    .addCommand(limitsCommand(host))
    .addCommand(policiesCommand(host))
    .addCommand(approvalsCommand(host))
    .addCommand(alertsCommand(host))
    .addCommand(membersCommand(host))
    .addCommand(serviceAccountsCommand(host))
    .addCommand(impersonationsCommand(host))
    .addCommand(rolesCommand(host))
    .addCommand(identityProvidersCommand(host))
    .addCommand(organizationsCommand(host))
    .addCommand(auditCommand(host))
    .addCommand(bridgeCommand(host))
    .addCommand(configCommand(host))
    .addCommand(workstationCommand(host))
    .addCommand(workstationsCommand(host))
    .addCommand(inspectCommand(host))
    .addCommand(completionCommand(host))
    .addCommand(versionCommand(host))
    .addCommand(completeCommand(host), { hidden: true });
  for (const command of everyCommand(program)) {
    if (command.name() !== 'hub') command.helpOption('-h, --help', 'show this help');
    if (command.commands.length > 0) command.helpCommand('help [command]', 'show the help of a command');
    command
      .exitOverride()
      .configureHelp({ showGlobalOptions: true })
      .configureOutput({
        writeOut: (text) => stdout.write(text),
        writeErr: (text) => stderr.write(text),
        // Errors are thrown, and said in one place.
        outputError: () => undefined,
        getOutHelpWidth: () => stdout.columns ?? 100,
        getErrHelpWidth: () => stderr.columns ?? 100,
      });
  }
  return program;
}

/** The command and all below it, in the order of the help. */
export function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}
