import { Command } from 'commander';
import { CommandFailure } from '../../command-failure.ts';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { asText, safeLine, safeText } from '../../output/safe-text.ts';
import { renderTable } from '../../output/table.ts';
import { allPages, pageSize } from '../all-pages.ts';
import { addExamples } from '../examples.ts';

export function showToolCommand(host: Host): Command {
  const command = new Command('show')
    .description('Show one tool: what it does and which arguments it takes')
    .argument('<server>', 'its name or id')
    .argument('<tool>', 'the name of the tool')
    .action(action(host, showTool));
  return addExamples(command, { command: 'mcpvault tools show everything echo', does: 'Before calling it' });
}

async function showTool(run: Invocation, server: string, name: string): Promise<void> {
  const hub = await run.connect();
  const tools = await allPages((cursor) => hub.call('listServerTools', { id: server, limit: pageSize, cursor }));
  const tool = tools.find((each) => each.name === name);
  if (tool === undefined) {
    throw new CommandFailure('general', 'not_found', `${server} has no tool ${name} that you may use.`, {
      fix: `See which there are with: mcpvault tools list ${server}`,
    });
  }
  const { style } = run.out;
  run.out.result(tool, () => {
    const title = tool.title === undefined ? '' : `  ${safeLine(tool.title)}`;
    const parts = [`${style('bold', safeLine(tool.name))}${title}`, safeText(tool.description ?? '').trim()];
    const rows = parameters(tool.inputSchema);
    if (rows.length > 0) parts.push(renderTable(rows, columns, style, run.out.width));
    return parts.filter((part) => part !== '').join('\n\n');
  });
}

interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly description: string;
}

const columns = [
  { header: 'ARGUMENT', value: (row: Parameter) => row.name },
  { header: 'TYPE', value: (row: Parameter) => row.type },
  { header: 'REQUIRED', value: (row: Parameter) => (row.required ? 'yes' : '') },
  { header: 'DESCRIPTION', value: (row: Parameter) => row.description, shrinks: true },
];

function parameters(schema: Readonly<Record<string, unknown>>): Parameter[] {
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries((schema.properties ?? {}) as Readonly<Record<string, unknown>>).map(([name, property]) => {
    const said = (property ?? {}) as Readonly<Record<string, unknown>>;
    const type = Array.isArray(said.enum)
      ? said.enum.map(asText).join(' | ')
      : [said.type ?? 'any'].flat().map(asText).join(' | ');
    return { name, type, required: required.includes(name), description: asText(said.description) };
  });
}
