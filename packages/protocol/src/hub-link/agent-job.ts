// Work that a hub asks of a workstation. A workstation polls; a job that it is given is leased to it, and comes again when its
// lease runs out without an outcome. The same outcome may be told twice. Kinds that write ask the member first, unless the
// rules of the hub and the workstation's own settings both say otherwise.
import { z } from 'zod';
import { count, hubId, longText, moment, name, ownId, path, shortText } from './words.ts';

const pointer = z.string().max(2000);
const entry = z.object({ client: name, path, pointer, server: z.string().max(300) });

/** Each kind of job, with what it is given. `writes`: it changes files of the member. */
export const jobKinds = {
  scan: { writes: false, input: z.object({}) },
  /** Sends the report of the last scan again. */
  report: { writes: false, input: z.object({}) },
  /** Fetches the bundle now. */
  refresh: { writes: false, input: z.object({}) },
  /** Lists the servers that the workstation runs. */
  'read-servers': { writes: false, input: z.object({}) },
  'update-delegated': { writes: true, input: z.object({ server: hubId('srv') }) },
  /** The last lines that a local server, or the agent itself (null), has logged. */
  'fetch-logs': {
    writes: false,
    input: z.object({ server: z.string().max(300).nullable(), lines: z.int().min(1).max(2000) }),
  },
  /** Adopts, or takes out, one entry of a client's config. A preview writes nothing and answers the difference. */
  remediate: {
    writes: true,
    input: z.object({
      does: z.enum(['adopt', 'remove']),
      entry,
      /** Adopt: through this server of the hub; null: run by the workstation as before. */
      to: z.string().max(300).nullable(),
      preview: z.boolean(),
    }),
  },
  /** Puts an entry back as it was before MCPVault touched it; null all of them. */
  revert: { writes: true, input: z.object({ entry: entry.nullable(), preview: z.boolean() }) },
} as const;

export type JobKind = keyof typeof jobKinds;

const jobShape = <Kind extends JobKind, Input extends z.ZodType>(kind: Kind, input: Input) =>
  z.object({
    id: hubId('job'),
    kind: z.literal(kind),
    input,
    /** How often it was given out before, and this time: from 1. Told with the outcome. */
    attempt: z.int().positive(),
    /** Whether the member has to agree first. */
    needsConsent: z.boolean(),
    /** The e-mail address of who asked for it, for the member to see; null: the hub itself. */
    requestedBy: z.string().max(320).nullable(),
    reason: shortText,
    createdAt: moment,
    expiresAt: moment,
    /** It is given out again after this. */
    leasedUntil: moment,
  });

export const agentJob = z.discriminatedUnion('kind', [
  jobShape('scan', jobKinds.scan.input),
  jobShape('report', jobKinds.report.input),
  jobShape('refresh', jobKinds.refresh.input),
  jobShape('read-servers', jobKinds['read-servers'].input),
  jobShape('update-delegated', jobKinds['update-delegated'].input),
  jobShape('fetch-logs', jobKinds['fetch-logs'].input),
  jobShape('remediate', jobKinds.remediate.input),
  jobShape('revert', jobKinds.revert.input),
]);
export type AgentJob = z.infer<typeof agentJob>;

export const poll = z.object({
  agentVersion: z.string().max(50),
  /** The bundle that holds; null: none yet. */
  bundle: z.int().positive().nullable(),
  /** When the last scan was taken that the hub has not been told of, or has; null: never. */
  scannedAt: moment.nullable(),
  /** Items that wait to be sent, and that were lost since the journal began. */
  journal: z.object({ id: ownId, waiting: count, lost: count }).nullable(),
  /** Jobs that it will take now; 0 to only say that it is there. */
  jobs: z.int().min(0).max(10),
  /** Seconds that the hub may wait for something to happen; 0 answers at once. */
  wait: z.int().min(0).max(25),
});

export const polled = z.object({
  /** The hub's clock: milliseconds since the epoch. */
  now: z.int(),
  /** The newest bundle; fetch it when it is not the one that holds. */
  bundle: z.int().positive(),
  jobs: z.array(agentJob).max(10),
  pollSeconds: z.int().positive(),
});

/** What became of a job. */
export const jobOutcome = z.object({
  id: hubId('job'),
  attempt: z.int().positive(),
  /**
   * `asking`: the member is being asked, and the lease goes on; `declined`: they said no; `refused`: the workstation may or can
   * not do it. The last four end the job.
   */
  state: z.enum(['asking', 'done', 'failed', 'declined', 'refused']),
  /** For people; holds no secret. */
  detail: longText,
  /** The report that came of it. */
  report: ownId.nullable(),
  /** Servers, log lines, a difference: what the kind answers. Holds no secret. */
  result: z
    .object({
      servers: z
        .array(
          z.object({
            name: z.string().max(300),
            kind: z.string().max(60),
            state: z.string().max(60),
            detail: shortText,
          }),
        )
        .max(1000)
        .optional(),
      lines: z.array(longText).max(2000).optional(),
      /** A unified difference. */
      difference: z
        .string()
        .max(1024 * 1024)
        .optional(),
    })
    .nullable(),
});
export type JobOutcome = z.infer<typeof jobOutcome>;
export const jobOutcomeTaken = z.object({
  /** False: the job had ended before, or was given to another attempt since. */
  taken: z.boolean(),
});
