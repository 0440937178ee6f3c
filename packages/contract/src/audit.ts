import { manifestShape } from '@mcpvault/domain/audit/bundle-shape';
import { checkpointShape, exportLine, headerShape } from '@mcpvault/domain/audit/export-lines';
import { messageOutcomes } from '@mcpvault/domain/record/message-record';
import { proofShape } from '@mcpvault/domain/audit/proof-shape';
import { z } from 'zod';
import { id, operation, page, paging, time } from './operation.ts';

/** A place in the log, counted from 0. */
const place = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const hash = z.string().regex(/^[0-9a-f]{64}$/);

const publishedKey = z.object({
  id: z.string(),
  /** Ed25519: the 32 bytes as base64. */
  publicKey: z.string(),
  from: time,
  /** null: in use. What a replaced key signed stays good. */
  until: time.nullable(),
});

export const listAudit = operation({
  name: 'audit.list',
  method: 'GET',
  path: '/audit',
  permission: 'audit:read',
  summary: 'List audit entries, newest first',
  input: z.object({
    ...paging,
    action: z.string().max(100).optional(),
    actor: z.string().max(100).optional(),
    subject: z.string().max(100).optional(),
  }),
  output: page(
    z.object({
      id: id('aud'),
      /** Its place in the organization's log. */
      sequence: place,
      at: time,
      actor: z.object({ id: z.string(), label: z.string() }),
      action: z.string(),
      subject: z.string().nullable(),
      outcome: z.enum(['done', 'refused']),
      detail: z.record(z.string(), z.unknown()),
    }),
  ),
});

export const exportAudit = operation({
  name: 'audit.export',
  method: 'POST',
  path: '/audit/exports',
  permission: 'audit:read',
  summary: 'Begin an export of the audit log: its header and the signature that closes it; the lines between are read',
  input: z.object({
    from: time.optional(),
    to: time.optional(),
    /** With the calls themselves, which `audit.read` then must be asked for too. */
    calls: z.boolean().default(false),
  }),
  output: z.object({
    header: headerShape,
    /** The lines from `from` to before `to` belong between them. */
    from: place,
    to: place,
    closing: checkpointShape,
  }),
});

export const bundleEvidence = operation({
  name: 'audit.bundle',
  method: 'POST',
  path: '/audit/bundles',
  permission: 'audit:read',
  summary: 'Begin an evidence bundle: a range of the log as for an export, and what is in force, signed together',
  input: z.object({ from: time.optional(), to: time.optional() }),
  output: z.object({
    header: headerShape,
    /** The lines from `from` to before `to`, with their calls, belong between header and closing. */
    from: place,
    to: place,
    closing: checkpointShape,
    files: z.array(z.object({ name: z.string(), text: z.string() })),
    manifest: manifestShape,
  }),
});

export const readAuditLog = operation({
  name: 'audit.read',
  method: 'GET',
  path: '/audit/log',
  permission: 'audit:read',
  summary: 'Read the audit log in its order: entries with their hashes, and the checkpoints on the way',
  input: z.object({
    from: place,
    to: place,
    limit: z.coerce.number().int().min(1).max(1000).default(1000),
    calls: z.stringbool().default(false),
  }),
  output: z.object({
    items: z.array(exportLine),
    /** The `from` of the next page; null on the last one. */
    next: place.nullable(),
  }),
});

export const verifyAudit = operation({
  name: 'audit.verify',
  method: 'GET',
  path: '/audit/verify',
  permission: 'audit:read',
  summary:
    'Check the whole audit log against its hashes, its signed checkpoints, and the last one kept outside the database',
  input: z.object({}),
  output: z.object({
    intact: z.boolean(),
    entries: place,
    /** Entries of which retention left the hash. */
    removed: place,
    /** Calls that the log stands for. */
    calls: place,
    /** The last checkpoint that was kept. */
    signed: z.object({ size: place, at: time, key: z.string() }).nullable(),
    /** Where one is kept outside the database. */
    anchoredAt: z.string().nullable(),
    problem: z
      .object({
        sequence: place.nullable(),
        id: z.string().nullable(),
        /** The message, where it is a call that is not as it was. */
        message: z.string().nullable(),
        why: z.string(),
      })
      .nullable(),
    checkedAt: time,
  }),
});

export const proveAuditEntry = operation({
  name: 'audit.prove',
  method: 'GET',
  path: '/audit/{id}/proof',
  permission: 'audit:read',
  summary: 'Prove that an entry is in the log: its hash, and the path from there to a signed root (RFC 6962)',
  input: z.object({ id: id('aud') }),
  output: z.object({ sequence: place, leaf: hash, path: z.array(hash), checkpoint: checkpointShape }),
});

export const proveAudited = operation({
  name: 'audit.prove-offline',
  method: 'GET',
  path: '/audit/proofs/{id}',
  permission: 'audit:read',
  summary: 'Prove that a call or an entry is in the log, to whoever has nothing but the public key',
  input: z.object({ id: z.union([id('msg'), id('aud')]) }),
  output: proofShape,
});

export const listAuditCalls = operation({
  name: 'audit.calls',
  method: 'GET',
  path: '/audit/calls',
  permission: 'audit:read',
  summary: 'List the calls that the audit log stands for, newest first: who, as whom, what and how it ended',
  input: z.object({
    ...paging,
    member: z.string().max(100).optional(),
    /** Its id, or the name that it had. */
    server: z.string().max(200).optional(),
    /** The tool, prompt or resource. */
    target: z.string().max(500).optional(),
    method: z.string().max(200).optional(),
    outcome: z.enum(messageOutcomes).optional(),
    /** Carried with this secret, by its name, or by the id of a connection. */
    secret: z.string().max(250).optional(),
  }),
  output: page(
    z.object({
      /** The entry that stands for it, and its place among the calls of that entry. */
      sequence: place,
      index: place,
      message: z.string(),
      at: time,
      member: z.object({ id: z.string(), label: z.string() }),
      role: z.string().nullable(),
      /** Who really acted, when somebody acted as the member. */
      actedBy: z.object({ id: z.string(), label: z.string() }).nullable(),
      client: z.string().nullable(),
      server: z.object({ id: z.string().nullable(), name: z.string().nullable() }),
      method: z.string(),
      target: z.string().nullable(),
      /** Names and kinds of the arguments, as JSON; never their values. */
      parameters: z.string().nullable(),
      outcome: z.enum(messageOutcomes),
      code: z.string().nullable(),
      reason: z.string().nullable(),
      durationMs: z.number(),
      requestBytes: z.number().nullable(),
      responseBytes: z.number().nullable(),
      edits: z.number(),
      trace: z.string().nullable(),
      /** The secrets it was carried with, by name: `connection cnn_…`, `header X-Api-Key`, `env TOKEN`. */
      secrets: z.array(z.string()),
    }),
  ),
});

const auditRules = z.object({
  /** `required`: calls are refused while they cannot be written down; `best-effort`: they pass, and are counted. */
  mode: z.enum(['required', 'best-effort']),
  /** Whether the organization chose it, or the hub's own setting holds. */
  chosen: z.boolean(),
});

export const getAuditRules = operation({
  name: 'organization.audit-rules',
  method: 'GET',
  path: '/organization/audit',
  permission: 'audit:read',
  summary: 'Whether calls may pass when they cannot be written down',
  input: z.object({}),
  output: auditRules.extend({
    /** Messages that passed without being written down, as far as the log tells; only with `best-effort`. */
    lost: place,
    lastLostAt: time.nullable(),
  }),
});

export const updateAuditRules = operation({
  name: 'organization.update-audit-rules',
  method: 'PUT',
  path: '/organization/audit',
  permission: 'audit:write',
  summary: 'Change whether calls may pass when they cannot be written down; null goes by the hub’s own setting',
  input: z.object({ mode: z.enum(['required', 'best-effort']).nullable() }),
  output: auditRules,
});

export const listAuditKeys = operation({
  name: 'audit.keys',
  method: 'GET',
  path: '/audit/keys',
  permission: 'anyone',
  summary: 'The public keys that audit checkpoints are signed with, for everybody',
  input: z.object({}),
  output: z.object({ items: z.array(publishedKey), next: z.null() }),
});

export const rotateAuditKey = operation({
  name: 'audit.rotate-key',
  method: 'POST',
  path: '/audit/keys/rotate',
  permission: 'audit:write',
  summary: 'Sign with a new key from now on',
  input: z.object({}),
  output: publishedKey,
});
