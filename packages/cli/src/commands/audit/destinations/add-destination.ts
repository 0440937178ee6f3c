import { readFile } from 'node:fs/promises';
import type { InputOf } from '@mcpvault/contract/operation';
import type { Operations } from '@mcpvault/contract/operations';
import { Command, Option } from 'commander';
import { usageFailure } from '../../../command-failure.ts';
import { action, type Host, type Invocation } from '../../../invocation.ts';
import { addExamples } from '../../examples.ts';
import { gather } from '../../gather.ts';
import { placeOf } from './find-destination.ts';

interface AddOptions {
  readonly webhook?: string;
  readonly syslog?: string;
  readonly file?: boolean;
  readonly ca?: string;
  readonly format: 'jsonl' | 'csv' | 'ocsf';
  readonly action?: readonly string[];
  readonly refusedOnly?: boolean;
  readonly calls: 'all' | 'refused' | 'none';
  readonly fromBeginning?: boolean;
}

export function addDestinationCommand(host: Host): Command {
  const command = new Command('add')
    .description('Send audit events somewhere, in order and at least once')
    .argument('<name>', 'what to call it')
    .option('--webhook <url>', 'to a web address, signed as Standard Webhooks have it')
    .option('--syslog <address>', 'to a syslog server: tls://host:6514 or tcp://host:514')
    .option('--file', 'to files in the data folder of the hub, one a day')
    .option('--ca <file>', 'for tls: certificates to trust instead of the usual ones, PEM')
    .addOption(
      new Option('--format <format>', 'how events are written').choices(['jsonl', 'csv', 'ocsf']).default('jsonl'),
    )
    .option('--action <action>', 'only this operation, or an area such as grants.*; repeatable', gather)
    .option('--refused-only', 'of operations only those that were refused')
    .addOption(new Option('--calls <which>', 'which calls').choices(['all', 'refused', 'none']).default('all'))
    .option('--from-beginning', 'begin with the oldest entry there is, not with what happens from now on')
    .action(action(host, addDestination));
  return addExamples(
    command,
    {
      command: 'mcpvault audit destinations add siem --syslog tls://siem.example.org:6514 --format ocsf',
      does: 'A SIEM',
    },
    { command: 'mcpvault audit destinations add hook --webhook https://example.org/audit', does: 'A web address' },
  );
}

type Transport = InputOf<Operations['createDestination']>['transport'];

async function addDestination(run: Invocation, name: string, options: AddOptions): Promise<void> {
  const transport = await transportOf(options);
  const hub = await run.connect();
  const made = await hub.call('createDestination', {
    name,
    transport,
    format: options.format,
    filter: {
      actions: [...(options.action ?? [])],
      outcome: options.refusedOnly === true ? 'refused' : 'all',
      calls: options.calls,
    },
    from: options.fromBeginning === true ? 'beginning' : 'now',
  });
  run.out.result(made, () => {
    const said = `Audit events are sent to ${placeOf(made.destination)} as ${options.format} (${made.destination.id}).`;
    return made.secret === null ? said : `${said}\nThe receiver checks signatures with: ${made.secret}`;
  });
  if (made.secret !== null) run.out.note('This secret is shown once. Give it to the receiver now.');
}

async function transportOf({ webhook, syslog, file, ca }: AddOptions): Promise<Transport> {
  const given = [webhook, syslog, file === true ? 'file' : undefined].filter((each) => each !== undefined);
  if (given.length !== 1) throw usageFailure('Where to?', 'Give one of --webhook, --syslog and --file.');
  if (webhook !== undefined) return { type: 'webhook', url: webhook };
  if (syslog === undefined) return { type: 'file' };
  const [, scheme, host, port] = /^(tls|tcp):\/\/(\[[0-9a-fA-F:]+\]|[^:/]+)(?::(\d+))?$/.exec(syslog) ?? [];
  if (host === undefined) throw usageFailure(`"${syslog}" is no address of a syslog server.`, 'Write tls://host:6514.');
  const tls = scheme === 'tls';
  return {
    type: 'syslog',
    host: host.replace(/^\[|\]$/g, ''),
    port: Number(port ?? (tls ? 6514 : 514)),
    tls,
    ca: ca === undefined ? null : await certificates(ca),
  };
}

async function certificates(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw usageFailure(`The file ${file} cannot be read.`, 'Name a file with certificates, PEM.');
  }
}
