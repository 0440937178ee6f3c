// How a server's processes are run while it is being written in a form, and what the hub is asked for in the end. Pure.
import type { Input, Output } from '../../api/hub.ts';

export type ProcessRules = NonNullable<Output<'getServer'>['processes']>;
type AskedRules = NonNullable<Input<'updateServer'>['processes']>;

/** Numbers as they were typed; empty where there is no limit. */
export interface ProcessDraft {
  readonly connections: string;
  readonly callsPerConnection: string;
  readonly queue: string;
  readonly queueSeconds: string;
  readonly sessionContext: ProcessRules['sessionContext'];
  readonly mode: ProcessRules['sandbox']['mode'];
  readonly network: boolean;
  /** One path a line. */
  readonly read: string;
  readonly write: string;
  readonly memory: string;
  readonly cpuSeconds: string;
  readonly processes: string;
  readonly lifeSeconds: string;
  readonly callSeconds: string;
}

export const usualProcesses: ProcessDraft = {
  connections: '10',
  callsPerConnection: '256',
  queue: '1000',
  queueSeconds: '30',
  sessionContext: 'declared',
  mode: 'off',
  network: true,
  read: '',
  write: '',
  memory: '',
  cpuSeconds: '',
  processes: '',
  lifeSeconds: '',
  callSeconds: '',
};

export function draftOfRules(rules: ProcessRules): ProcessDraft {
  const { sandbox, limits } = rules;
  const text = (number: number | null) => (number === null ? '' : String(number));
  return {
    connections: text(rules.connections),
    callsPerConnection: text(rules.callsPerConnection),
    queue: text(rules.queue),
    queueSeconds: text(rules.queueSeconds),
    sessionContext: rules.sessionContext,
    mode: sandbox.mode,
    network: sandbox.network,
    read: sandbox.read.join('\n'),
    write: sandbox.write.join('\n'),
    memory: text(limits.memory),
    cpuSeconds: text(limits.cpuSeconds),
    processes: text(limits.processes),
    lifeSeconds: text(limits.lifeSeconds),
    callSeconds: text(limits.callSeconds),
  };
}

/** Only of a draft without a problem. */
export function rulesOf(draft: ProcessDraft): AskedRules {
  const limit = (text: string) => (text.trim() === '' ? null : Number(text));
  return {
    connections: Number(draft.connections),
    callsPerConnection: Number(draft.callsPerConnection),
    queue: Number(draft.queue),
    queueSeconds: Number(draft.queueSeconds),
    sessionContext: draft.sessionContext,
    sandbox: { mode: draft.mode, network: draft.network, read: pathsOf(draft.read), write: pathsOf(draft.write) },
    limits: {
      memory: limit(draft.memory),
      cpuSeconds: limit(draft.cpuSeconds),
      processes: limit(draft.processes),
      lifeSeconds: limit(draft.lifeSeconds),
      callSeconds: limit(draft.callSeconds),
    },
  };
}

export interface ProcessProblem {
  readonly field: keyof ProcessDraft;
  readonly text: string;
}

/** The first thing that cannot be saved, or null. */
export function processProblem(draft: ProcessDraft): ProcessProblem | null {
  for (const [field, least, most] of counts) {
    if (!isWhole(draft[field], least, most)) {
      return { field, text: `Give a whole number from ${least} to ${most.toLocaleString('en')}.` };
    }
  }
  for (const field of limitFields) {
    if (draft[field].trim() !== '' && !isWhole(draft[field], 1, 10_000_000)) {
      return { field, text: 'Give a whole number, or leave it empty for no limit.' };
    }
  }
  for (const field of ['read', 'write'] as const) {
    if (pathsOf(draft[field]).some((path) => !path.startsWith('/'))) {
      return { field, text: 'Give absolute paths, one a line.' };
    }
  }
  return null;
}

const counts = [
  ['connections', 1, 50],
  ['callsPerConnection', 1, 10_000],
  ['queue', 0, 100_000],
  ['queueSeconds', 1, 3600],
] as const;

const limitFields = ['memory', 'cpuSeconds', 'processes', 'lifeSeconds', 'callSeconds'] as const;

function isWhole(text: string, least: number, most: number): boolean {
  return /^\d+$/.test(text.trim()) && Number(text) >= least && Number(text) <= most;
}

function pathsOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
