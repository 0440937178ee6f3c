// A scan, reported: what `mcpvault workstation scan --json` prints, with when and why. It holds no secret: findings say kind
// and place, and of commands and addresses only what a scan shows.
import { z } from 'zod';
import { count, hubId, longText, moment, name, ownId, path, shortText } from './words.ts';

/** A word that a later agent may add to; the hub keeps it, and counts what it does not know as nothing. */
const word = z.string().min(1).max(60);
const pointer = z.string().max(2000);

export const scannedServer = z.object({
  name: z.string().max(300),
  pointer,
  /** hosted, delegated, local, unmanaged */
  kind: word,
  /** stdio, http, sse, ws, builtin, extension, invalid */
  transport: word,
  disabled: z.boolean(),
  /** network, container, wrapped, bare */
  runs: word.nullable(),
  package: shortText.nullable(),
  pinned: z.boolean().nullable(),
  server: z.string().max(300).nullable(),
  command: longText.nullable(),
  args: z.array(longText).max(200).nullable(),
  url: longText.nullable(),
  cwd: path.nullable(),
  envNames: z.array(z.string().max(300)).max(200),
  headerNames: z.array(z.string().max(300)).max(200),
});

export const severities = ['error', 'warning', 'note'] as const;

export const scanFinding = z.object({
  code: word,
  severity: z.enum(severities),
  server: z.string().max(300).optional(),
  place: pointer,
  kind: z.string().max(100).optional(),
  confidence: z.number().min(0).max(1).optional(),
  message: longText,
  fix: longText,
});

export const scannedConfig = z.object({
  client: name,
  name: name,
  alsoReadBy: z.array(name).max(100),
  scope: word,
  path,
  project: path.nullable(),
  pointer: pointer.nullable(),
  /** ok, absent, empty, no-servers, malformed, … */
  state: word,
  explanation: longText,
  format: word,
  dialect: word.nullable(),
  confidence: word,
  writable: z.boolean(),
  servers: z.array(scannedServer).max(1000),
  findings: z.array(scanFinding).max(5000),
});

export const scanReport = z.object({
  /** Sent again with the same id, it is the same report: the first one counts. */
  id: ownId,
  takenAt: moment,
  agentVersion: z.string().max(50),
  /** `rules`: the interval of the rules; `job`: the hub asked; `member`: by hand. */
  why: z.enum(['rules', 'job', 'member']),
  /** The job that asked for it. */
  job: hubId('job').nullable(),
  /** Of the compliance rules that were followed; null where there were none yet. */
  rules: z.int().nullable(),
  clients: z.array(scannedConfig).max(2000),
});
export type ScanReport = z.infer<typeof scanReport>;

export const reportTaken = z.object({
  /** The hub's id of the report. */
  report: hubId('rep'),
  /** False: it was there before. */
  isNew: z.boolean(),
  verdict: z.enum(['compliant', 'non_compliant', 'undetermined']),
  reasons: count,
});
