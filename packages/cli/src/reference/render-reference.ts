// The page docs/cli.md, made from the tree of commands, so that it says what the commands really take.
import type { Argument, Command, Option } from 'commander';
import { examplesOf } from '../commands/examples.ts';
import { exitCodes, exitMeanings, type ExitName } from '../exit-codes.ts';
import { everyCommand } from '../program.ts';
import { ownVariables } from '../settings.ts';

export function renderReference(program: Command): string {
  const commands = everyCommand(program).filter((command) => command !== program && !command.name().startsWith('__'));
  return `${[
    '# The command line',
    '<!-- Made from the commands themselves. To change it, change them, then run their tests with WRITE_REFERENCE=1. -->',
    introduction,
    '## Options of every command',
    optionTable(program.options),
    '## Environment',
    environment,
    '## Exit codes',
    exitTable(),
    '## The bridge',
    bridge,
    '## Commands',
    contents(commands),
    ...commands.map(section),
  ].join('\n\n')}\n`;
}

const introduction = `\`mcpvault\` is one program: \`mcpvault hub\` runs the hub, and every other command talks to one. Run it from a clone as
\`node packages/cli/bin/mcpvault.mjs\`, or put a link to that file on your path.

Results go to stdout: as a table for people, or as JSON with \`--json\`. Notes, progress, questions and errors go to stderr, so
that stdout can always be read by a program. With \`--json\`, a failure is one line on stderr:
\`{"error":{"code":"not_found","message":"…","fix":"…"}}\`; codes never change their meaning, messages may. Colours are
left out where the output is not a terminal.

\`mcpvault login\` keeps credentials for each hub in \`mcpvault/credentials.json\` under \`$XDG_CONFIG_HOME\` (or \`~/.config\`),
readable by you only. A personal token (\`mcpvault login --token\`, or \`MCPVAULT_TOKEN\`) is enough to list servers and tools
and to call them; everything else needs a sign-in. A sign-in renews itself while it is used; any number of commands may run at the same time. Tokens are
printed by \`mcpvault tokens create\` and by nothing else.`;

const bridge = `AI clients that start their servers as programs run \`mcpvault bridge\`. Its arguments stand in their configurations, so they
keep their meaning:

\`\`\`json
{ "mcpServers": { "files": { "command": "mcpvault", "args": ["bridge", "--hub", "https://mcp.example.org", "files"] } } }
\`\`\`

- Which endpoint: the name of a server, the URL of an endpoint (\`https://mcp.example.org/mcp/files\`), or nothing for all servers
  merged. Without a URL the hub is \`--hub\`, else \`MCPVAULT_HUB\`, else the one signed in to last.
- Who is asking: \`--token-file\`, else \`MCPVAULT_TOKEN\`, else what \`mcpvault login\` stored, which is renewed while it is used. No
  token is ever an argument: other programs of the machine can read those.
- stdin and stdout carry JSON-RPC, a message a line, in every revision of MCP; bytes pass unchanged. What people should know goes
  to stderr; \`--quiet\` keeps it short of everything but what ends the command.
- While the hub is away it is tried again and again; requests wait for it as long as \`--timeout\` says (60 seconds when left out), then
  they are answered with an error that says the fix. After a restart a session is opened anew without the client's help, and
  the client is told that lists may have changed. A call that was under way when the connection broke is never repeated unless
  it only reads: its error says that nobody knows whether it was carried out.
- It ends with its stdin, or with SIGTERM, and ends its session at the hub; the exit code is 0 then, and 2 for a wrong command line.`;

const environment = table(
  ['Variable', 'Meaning'],
  [
    ...Object.entries(ownVariables).map(([name, meaning]) => [code(name), meaning]),
    [code('NO_COLOR'), 'When not empty, no colours.'],
    [code('FORCE_COLOR'), 'Colours even where the output is not a terminal; `0` for none at all.'],
    [code('XDG_CONFIG_HOME'), 'Where configuration is kept, instead of `~/.config`.'],
    [code('XDG_CACHE_HOME'), 'Where the compiled program is kept for a quicker start, instead of `~/.cache`.'],
    [code('NODE_EXTRA_CA_CERTS'), 'A file with the certificates of your own authority.'],
  ],
);

function exitTable(): string {
  const rows = (Object.keys(exitCodes) as ExitName[]).map((name) => [
    code(String(exitCodes[name])),
    exitMeanings[name],
  ]);
  return table(['Code', 'Meaning'], rows);
}

function contents(commands: readonly Command[]): string {
  const rows = commands
    .filter((command) => command.commands.length === 0)
    .map((command) => [
      `[${code(fullName(command))}](#${anchor(command)})`,
      command.summary() || command.description(),
    ]);
  return table(['Command', 'What it does'], rows);
}

function section(command: Command): string {
  const isGroup = command.commands.length > 0;
  const parts = [`### ${fullName(command)}`, sentence(command.description())];
  if (!isGroup) {
    parts.push(fence('sh', `${fullName(command)} ${command.usage()}`.replace('[options] ', '').trim()));
    if (command.aliases().length > 0) parts.push(`Also: ${command.aliases().map(code).join(', ')}`);
    if (command.registeredArguments.length > 0) parts.push(argumentTable(command.registeredArguments));
    if (command.options.length > 0) parts.push(optionTable(command.options));
  }
  const examples = examplesOf(command);
  if (examples.length > 0) {
    parts.push(fence('sh', examples.map(({ command: line, does }) => `# ${does}\n${line}`).join('\n')));
  }
  return parts.join('\n\n');
}

function argumentTable(given: readonly Argument[]): string {
  const rows = given.map((argument) => {
    const shape = `${argument.name()}${argument.variadic ? '…' : ''}`;
    return [code(argument.required ? shape : `[${shape}]`), withChoices(argument.description, argument.argChoices)];
  });
  return table(['Argument', 'Meaning'], rows);
}

function optionTable(given: readonly Option[]): string {
  const rows = given
    .filter(({ hidden }) => !hidden)
    .map((option) => {
      const fallback = typeof option.defaultValue === 'string' ? ` (default: ${option.defaultValue})` : '';
      return [code(option.flags), withChoices(option.description, option.argChoices) + fallback];
    });
  return table(['Option', 'Meaning'], rows);
}

function withChoices(description: string, choices: readonly string[] | undefined): string {
  return choices === undefined ? description : `${description}: ${choices.map(code).join(', ')}`;
}

function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
}

function anchor(command: Command): string {
  return fullName(command).replaceAll(' ', '-');
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}

function code(text: string): string {
  return `\`${text}\``;
}

function fence(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}
