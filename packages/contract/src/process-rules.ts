import { z } from 'zod';
import { time } from './operation.ts';

const absolutePath = z
  .string()
  .regex(/^\/[^\0\n]*$/, 'must be an absolute path')
  .max(4000);
const paths = z.array(absolutePath).max(50);
const limit = (most: number) => z.number().int().min(1).max(most).nullable();

const sandboxFields = {
  /** `required` refuses to start a process where no sandbox can be had, `preferred` starts it without one. */
  mode: z.enum(['off', 'preferred', 'required']),
  network: z.boolean(),
  /** What a sandboxed process may read beside the system’s own folders. */
  read: paths,
  /** What it may also write to. */
  write: paths,
};

/** null is no limit. */
const limitFields = {
  /** Mebibytes. */
  memory: limit(1024 * 1024),
  /** Seconds of processor time in the life of a process. */
  cpuSeconds: limit(10_000_000),
  /** Processes and threads of one server process, itself included. */
  processes: limit(100_000),
  /** Seconds that a process lives before another takes its place. */
  lifeSeconds: limit(10_000_000),
  /** Seconds that one call may take. */
  callSeconds: limit(86_400),
};

const ruleFields = {
  /** Processes of a shared server at most. */
  connections: z.number().int().min(1).max(50),
  /** Calls that one process gets at once; more wait in the queue. */
  callsPerConnection: z.number().int().min(1).max(10_000),
  /** Calls that may wait for their turn. */
  queue: z.number().int().min(0).max(100_000),
  /** Seconds that a call waits for its turn at most. */
  queueSeconds: z.number().int().min(1).max(3600),
  /** Which servers get the session context in `_meta`: those that declare the extension, all, or none. */
  sessionContext: z.enum(['declared', 'always', 'never']),
};

/** How the processes of a stdio server are run. */
export const processRules = z.object({
  ...ruleFields,
  sandbox: z.object(sandboxFields),
  limits: z.object(limitFields),
});

/** What is left out has its default, or in a change stays as it is. */
export const processRulesInput = z
  .object({
    ...ruleFields,
    sandbox: z.object(sandboxFields).partial().optional(),
    limits: z.object(limitFields).partial().optional(),
  })
  .partial();

/** `sandboxed`: as asked; `limited`: limits hold, but no sandbox; `open`: neither. */
export const confinement = z.object({
  state: z.enum(['sandboxed', 'limited', 'open']),
  /** What was asked for and cannot be had on the hub’s machine, and how to get it. */
  missing: z.array(z.string()),
});

export const runningProcess = z.object({
  id: z.string(),
  /** null when it could not be started. */
  pid: z.number().int().nullable(),
  startedAt: time,
  /** Calls that wait for its answer. */
  calls: z.number().int(),
  /** True while it takes no further calls and finishes those under way. */
  leaving: z.boolean(),
  confinement,
});
