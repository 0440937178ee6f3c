// How the processes of a stdio server are run: how many, how calls wait for them, what they may see and use.

export interface ProcessRules {
  /** Processes of a `shared` server at most, 1 to 50; the other isolation classes have one for each owner. */
  readonly connections: number;
  /** Calls that one process gets at once; more wait in the queue. 1 for a server that does one thing at a time. */
  readonly callsPerConnection: number;
  /** Calls that may wait for their turn, of all callers together; one more is refused. */
  readonly queue: number;
  /** Seconds that a call waits for its turn at most. */
  readonly queueSeconds: number;
  /**
   * Whether each request carries the session context: to servers that declare the extension `io.mcpvault/session`, to
   * every server, or to none. What clients put in its place never passes.
   */
  readonly sessionContext: 'declared' | 'always' | 'never';
  readonly sandbox: SandboxRules;
  readonly limits: ProcessLimits;
}

export interface SandboxRules {
  /** `required` refuses to start a process where no sandbox can be had; `preferred` starts it without one, and says so. */
  readonly mode: 'off' | 'preferred' | 'required';
  readonly network: boolean;
  /** Absolute paths that a sandboxed process may read beside the system's own folders. */
  readonly read: readonly string[];
  /** Absolute paths that it may also write to. */
  readonly write: readonly string[];
}

/** null: no limit of this kind. */
export interface ProcessLimits {
  /** Mebibytes: of a process with all its descendants where control groups are to be had, else of each of them. */
  readonly memory: number | null;
  /** Seconds of processor time in the life of each process; then it ends, and the next call starts another. */
  readonly cpuSeconds: number | null;
  /** Processes and threads below one server process, itself included. */
  readonly processes: number | null;
  /** Seconds that a process may live: then it takes no further call, finishes those under way, and ends. */
  readonly lifeSeconds: number | null;
  /** Seconds that one call may take, progress or not; a process that stays silent that long is ended. */
  readonly callSeconds: number | null;
}

export const defaultProcessRules: ProcessRules = {
  connections: 10,
  callsPerConnection: 256,
  queue: 1000,
  queueSeconds: 30,
  sessionContext: 'declared',
  sandbox: { mode: 'off', network: true, read: [], write: [] },
  limits: { memory: null, cpuSeconds: null, processes: null, lifeSeconds: null, callSeconds: null },
};

/** Under this key of `_meta` travels the session context, and servers declare under it that they understand it. */
export const sessionContextKey = 'io.mcpvault/session';

/** What became of the rules on this machine, for people to see. */
export interface Confinement {
  /** `sandboxed`: as asked; `limited`: limits hold, but no sandbox; `open`: neither. */
  readonly state: 'sandboxed' | 'limited' | 'open';
  /** What was asked for and cannot be had here, each as one sentence with its fix. */
  readonly missing: readonly string[];
}

type Part<Whole> = { readonly [Name in keyof Whole]?: Whole[Name] | undefined };

/** Rules of which parts are left out, as given in a change, or as written down before those parts existed. */
export interface PartialProcessRules extends Part<Omit<ProcessRules, 'sandbox' | 'limits'>> {
  readonly sandbox?: Part<SandboxRules> | undefined;
  readonly limits?: Part<ProcessLimits> | undefined;
}

/** Whole rules: what is left out is as `before` has it. */
export function completeRules(given: PartialProcessRules, before: ProcessRules = defaultProcessRules): ProcessRules {
  const { sandbox, limits, ...rest } = given;
  return {
    ...filled(before, rest),
    sandbox: filled(before.sandbox, sandbox),
    limits: filled(before.limits, limits),
  };
}

function filled<Whole extends object>(before: Whole, given: Part<Whole> | undefined): Whole {
  const said = Object.entries(given ?? {}).filter(([, value]) => value !== undefined);
  return { ...before, ...Object.fromEntries(said) };
}
