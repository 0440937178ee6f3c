// What a workstation has to follow, as one text that the hub signed. A workstation takes only what is whole, meant for it,
// signed by a key it trusts, not expired, and not older than what it has.
import { z } from 'zod';
import { count, hubId, longText, moment, name, publicKey, shortText } from './words.ts';

/** In front of the text that is signed, so that the signature means nothing anywhere else. */
export const bundlePreface = 'MCPVault workstation bundle 1\n';

/** A policy of the hub as `domain/policy/policy` has it; `completePolicy` fills in what an older hub leaves out. */
const policy = z.looseObject({ id: z.string().max(60), name: z.string().max(200), version: z.int() });

/** What counts against a workstation. */
export const complianceRules = z.object({
  /** Grows with each change. */
  version: z.int(),
  /** How often to scan, in minutes. A workstation counts as overdue after two of them, and a little. */
  everyMinutes: z.int().min(5).max(44_640),
  /** Only these clients, by id; null all. */
  clients: z.array(z.string().max(60)).max(200).nullable(),
  /** Whether to look into projects that clients remember. */
  projects: z.boolean(),
  /** Folders that are not looked into, with all below them; `~` is the member's home. */
  excludedFolders: z.array(z.string().max(1000)).max(100),
  /** How bad each finding is, by its code; `off` does not count. Others are as the scan says. */
  severities: z.record(z.string().max(60), z.enum(['error', 'warning', 'note', 'off'])),
  /** The mildest finding that counts against the workstation. */
  failOn: z.enum(['error', 'warning', 'note']),
  /** Every server must go through MCPVault. */
  requireManaged: z.boolean(),
  /** Files that nobody can judge count as a failure. */
  requireReadable: z.boolean(),
});
export type ComplianceRules = z.infer<typeof complianceRules>;

export const bundle = z.object({
  /** `linkVersion` of the hub. */
  link: z.int(),
  workstation: hubId('wst'),
  organization: hubId('org'),
  /** Grows with each change for this workstation; never falls. */
  version: z.int().positive(),
  madeAt: moment,
  /** What a workstation does with its policies after this is `settings.whenExpired`. */
  expiresAt: moment,
  member: z.object({
    id: hubId('mem'),
    email: z.string().max(320),
    role: z.string().max(100),
    /** With those that they lie in. */
    teams: z.array(z.object({ id: hubId('team'), name: shortText })).max(1000),
  }),
  settings: z.object({
    /** Policies of the workstation's own: `stricter` may only refuse, hold, redact and alert more than the hub's do. */
    localPolicies: z.enum(['allowed', 'stricter', 'forbidden']),
    /** Whether the workstation may run servers that the hub does not know. */
    localServers: z.enum(['allowed', 'forbidden']),
    /** What is sent of messages: with their originals, without, or nothing. */
    messages: z.enum(['originals', 'outline', 'none']),
    /** `keep`: go on with the expired policies; `refuse`: refuse what is local until a bundle comes. */
    whenExpired: z.enum(['keep', 'refuse']),
    pollSeconds: z.int().positive(),
  }),
  /** Of the layer hub, for messages of servers that run on the workstation. Drafts are left out. */
  policies: z.array(policy).max(5000),
  compliance: complianceRules,
  /** Servers behind the hub that the member may use. */
  hosted: z.array(z.object({ id: hubId('srv'), name: name, description: longText })).max(5000),
  /** Those that may sign from now on; they replace the ones known before. */
  keys: z.array(publicKey).min(1).max(20),
});
export type Bundle = z.infer<typeof bundle>;

export const signedBundle = z.object({
  /** The bundle as JSON: these very characters were signed, after `bundlePreface`. */
  text: z.string().max(16 * 1024 * 1024),
  /** Ed25519, base64; by the key in use, and by those that were replaced less than 30 days ago. One that is known is enough. */
  signatures: z
    .array(z.object({ key: z.string().max(64), signature: z.base64().max(120) }))
    .min(1)
    .max(20),
});

export type SignedBundle = z.infer<typeof signedBundle>;

export const bundleApplied = z.object({
  version: z.int().positive(),
  /** null: it holds now. Otherwise why it does not. */
  refused: z.enum(['not_signed', 'not_for_us', 'expired', 'older', 'not_understood', 'not_compiled']).nullable(),
  /** For people; only with a refusal. */
  detail: shortText.optional(),
});
export const bundleAppliedTaken = z.object({ newest: count });
