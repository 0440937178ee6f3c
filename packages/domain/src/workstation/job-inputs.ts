// The kinds of jobs with what each is given, as the link has them: for whoever asks for one.
import { type JobKind, jobKinds } from '@mcpvault/protocol/hub-link/agent-job';
import { z } from 'zod';

function shapeOf<Kind extends JobKind, Input extends z.ZodType>(kind: Kind, input: Input) {
  return z.object({ kind: z.literal(kind), input });
}

export const jobInputs = z.discriminatedUnion('kind', [
  shapeOf('scan', jobKinds.scan.input),
  shapeOf('report', jobKinds.report.input),
  shapeOf('refresh', jobKinds.refresh.input),
  shapeOf('read-servers', jobKinds['read-servers'].input),
  shapeOf('update-delegated', jobKinds['update-delegated'].input),
  shapeOf('fetch-logs', jobKinds['fetch-logs'].input),
  shapeOf('remediate', jobKinds.remediate.input),
  shapeOf('revert', jobKinds.revert.input),
]);

export type JobInput = z.output<typeof jobInputs>;

/** Whether it changes files of the member: then they are asked first. */
export function writes(job: JobInput): boolean {
  if (job.kind === 'remediate' || job.kind === 'revert') return !job.input.preview;
  return jobKinds[job.kind].writes;
}
