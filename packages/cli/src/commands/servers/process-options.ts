// How `servers add` lets one say how the processes of a server are run, and how that is shown. Pure.
import type { InputOf, OutputOf } from '@mcpvault/contract/operation';
import type { Operations } from '@mcpvault/contract/operations';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { safeLine } from '../../output/safe-text.ts';
import { count } from '../../output/words.ts';
import { gather } from '../gather.ts';

type Server = OutputOf<Operations['getServer']>;
type Rules = NonNullable<InputOf<Operations['createServer']>['processes']>;
type Sandbox = NonNullable<Rules['sandbox']>;

export interface ProcessOptions {
  readonly connections?: number;
  readonly callsPerConnection?: number;
  readonly queue?: number;
  readonly queueSeconds?: number;
  readonly sessionContext?: 'declared' | 'always' | 'never';
  readonly sandbox?: 'off' | 'preferred' | 'required';
  /** False with --no-network. */
  readonly network: boolean;
  readonly allowRead?: readonly string[];
  readonly allowWrite?: readonly string[];
  readonly memory?: number;
  readonly cpuSeconds?: number;
  readonly maxProcesses?: number;
  readonly lifeSeconds?: number;
  readonly callSeconds?: number;
}

export function addProcessOptions(command: Command): Command {
  return command
    .option('--connections <number>', 'processes of a shared server at most (default: 10)', whole)
    .option('--calls-per-connection <number>', 'calls that one process gets at once (default: 256)', whole)
    .option('--queue <number>', 'calls that may wait for their turn (default: 1000)', whole)
    .option('--queue-seconds <seconds>', 'how long a call waits for its turn (default: 30)', whole)
    .addOption(
      new Option(
        '--session-context <which>',
        'which servers are told who asks: those that declare io.mcpvault/session, or as said (default: declared)',
      ).choices(['declared', 'always', 'never']),
    )
    .addOption(
      new Option('--sandbox <mode>', 'run it in a sandbox, always or where there can be one (default: off)').choices([
        'off',
        'preferred',
        'required',
      ]),
    )
    .option('--no-network', 'no network in its sandbox')
    .option('--allow-read <path>', 'what it may read in its sandbox beside the system; repeatable', gather)
    .option('--allow-write <path>', 'what it may also write to; repeatable', gather)
    .option('--memory <mebibytes>', 'memory of a process', whole)
    .option('--cpu-seconds <seconds>', 'processor time in the life of a process', whole)
    .option('--max-processes <number>', 'processes and threads below one process', whole)
    .option('--life-seconds <seconds>', 'how long a process lives before another takes its place', whole)
    .option('--call-seconds <seconds>', 'how long one call may take', whole);
}

/** Undefined when nothing was said, so that the hub's defaults hold. */
export function rulesFrom(options: ProcessOptions): Rules | undefined {
  const { connections, callsPerConnection, queue, queueSeconds, sessionContext } = options;
  const { memory, cpuSeconds, maxProcesses: processes, lifeSeconds, callSeconds } = options;
  const sandbox: Sandbox = said({
    mode: options.sandbox,
    network: options.network ? undefined : false,
    read: options.allowRead && [...options.allowRead],
    write: options.allowWrite && [...options.allowWrite],
  });
  const limits = said({ memory, cpuSeconds, processes, lifeSeconds, callSeconds });
  const rules = said({
    ...{ connections, callsPerConnection, queue, queueSeconds, sessionContext },
    sandbox: isEmpty(sandbox) ? undefined : sandbox,
    limits: isEmpty(limits) ? undefined : limits,
  });
  return isEmpty(rules) ? undefined : rules;
}

/** Lines for `servers show`; none for servers that are no processes, and for members. */
export function processLines({ isolation, processes, confinement, running }: Server): [string, string | undefined][] {
  if (processes === undefined || confinement === undefined || running === undefined) return [];
  const { connections, callsPerConnection, queue, queueSeconds } = processes;
  const calls = running.reduce((sum, each) => sum + each.calls, 0);
  return [
    ['Running', running.length === 0 ? 'none' : `${processesOf(running.length)}, ${count(calls, 'call')}`],
    ['Pool', isolation === 'shared' ? `up to ${processesOf(connections)}` : undefined],
    ['Queue', `${count(callsPerConnection, 'call')} a process, then ${queue} wait for ${queueSeconds} s at most`],
    ['Sandbox', sandboxText(processes.sandbox)],
    ['Limits', limitsText(processes.limits)],
    ['Confined', confinement.state],
    ['Missing', confinement.missing.length === 0 ? undefined : confinement.missing.map(safeLine).join(' ')],
  ];
}

function sandboxText({ mode, network, read, write }: NonNullable<Server['processes']>['sandbox']): string {
  if (mode === 'off') return 'off';
  const paths = (verb: string, list: readonly string[]) => (list.length === 0 ? [] : [`${verb} ${list.join(', ')}`]);
  return safeLine(
    [mode, network ? 'network' : 'no network', ...paths('reads', read), ...paths('writes', write)].join('; '),
  );
}

function limitsText(limits: NonNullable<Server['processes']>['limits']): string {
  const { memory, cpuSeconds, processes, lifeSeconds, callSeconds } = limits;
  const texts = [
    memory === null ? null : `${memory} MiB`,
    cpuSeconds === null ? null : `${cpuSeconds} s of processor time`,
    processes === null ? null : processesOf(processes),
    lifeSeconds === null ? null : `lives ${lifeSeconds} s`,
    callSeconds === null ? null : `${callSeconds} s a call`,
  ].filter((text) => text !== null);
  return texts.length === 0 ? 'none' : texts.join(', ');
}

function processesOf(amount: number): string {
  return `${amount} process${amount === 1 ? '' : 'es'}`;
}

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

function said<Parts extends object>(parts: Parts): { [Name in keyof Parts]?: Exclude<Parts[Name], undefined> } {
  const entries = Object.entries(parts).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof Parts]?: Exclude<Parts[Name], undefined> };
}

function isEmpty(parts: object): boolean {
  return Object.keys(parts).length === 0;
}
