import { Command } from 'commander';
import { action, type Host, type Invocation, type Outcome } from '../../invocation.ts';
import { safeLine } from '../../output/safe-text.ts';
import { addExamples } from '../examples.ts';
import { memberId } from '../members/find-member.ts';

interface ExplainOptions {
  readonly member?: string;
  readonly tool?: string;
  readonly prompt?: string;
  readonly resource?: string;
  readonly at?: string;
  readonly from?: string;
  readonly arguments?: string;
}

export function explainAccessCommand(host: Host): Command {
  const command = new Command('explain')
    .description('Why somebody may use a server or a tool, or may not; exits with 6 when they may not')
    .argument('<server>', 'its name or id')
    .option('--member <member>', 'who, by e-mail or id (default: you)')
    .option('--tool <name>', 'only this tool')
    .option('--prompt <name>', 'or this prompt')
    .option('--resource <uri>', 'or this resource')
    .option('--at <time>', 'at this time, such as 2027-01-31T09:00:00Z (default: now)')
    .option('--from <address>', 'from this IP address (default: yours)')
    .option('--arguments <json>', 'with these arguments of the call (default: left open)')
    .action(action(host, explain));
  return addExamples(command, {
    command: 'mcpvault access explain files --member ada@example.org --tool write_file',
    does: 'Why Ada may not write',
  });
}

async function explain(run: Invocation, server: string, options: ExplainOptions): Promise<Outcome> {
  const hub = await run.connect();
  const member = options.member === undefined ? undefined : await memberId(hub, options.member);
  const { tool, prompt, resource, at, from: address, arguments: given } = options;
  const found = await hub.call('explainAccess', {
    member,
    server,
    tool,
    prompt,
    resource,
    at,
    address,
    arguments: given,
  });
  run.out.result(found, () => {
    const { style } = run.out;
    const what = found.item === null ? found.server.name : `${found.item.name} of ${found.server.name}`;
    const verdict = found.allowed ? style('green', 'may use') : style('red', 'may not use');
    const steps = found.steps.map(({ speaksFor, text, grant }) => {
      const mark = speaksFor ? style('green', '+') : style('dim', '-');
      return `  ${mark} ${safeLine(text)}${grant === null ? '' : ` (${grant})`}`;
    });
    return [`${safeLine(found.member.name)} ${verdict} ${safeLine(what)}.`, ...steps].join('\n');
  });
  return found.allowed ? 'ok' : 'forbidden';
}
