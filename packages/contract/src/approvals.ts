// Held calls that wait for a person’s yes. Everybody sees their own; who decides sees those that are theirs to decide.
import { approvalScopes, approvalStates } from '@mcpvault/domain/approvals/approval';
import { z } from 'zod';
import { id, operation, page, paging, time } from './operation.ts';

const person = z.object({ id: id('mem'), email: z.string(), name: z.string() });

export const approvalShape = z.object({
  id: id('apr'),
  /** As it stands now. `approved`: not used yet, or good for the whole conversation. */
  state: z.enum(approvalStates),
  /** What it was given for; null as long as nobody said yes. */
  scope: z.enum(approvalScopes).nullable(),
  member: person,
  /** Who acted as the member; null where they asked in person. */
  actor: person.nullable(),
  client: z.string().nullable(),
  server: z.object({ id: id('srv'), name: z.string() }).nullable(),
  method: z.string(),
  /** The tool, prompt or resource, by the name that the server uses. */
  target: z.string().nullable(),
  /** Those that hold it, in the versions they had. */
  policies: z.array(z.object({ id: id('pol'), name: z.string(), version: z.number().int(), reason: z.string() })),
  /** How many different people have to say yes. */
  needed: z.number().int(),
  votes: z.array(
    z.object({
      member: person,
      says: z.enum(['approve', 'refuse']),
      scope: z.enum(approvalScopes).nullable(),
      reason: z.string().nullable(),
      at: time,
    }),
  ),
  /** What the asker says of it. */
  note: z.string().nullable(),
  /** Whether it may be approved for the whole conversation. */
  sessions: z.boolean(),
  isOwn: z.boolean(),
  /** Why the caller may not decide on it; null when they may. */
  whyNot: z.string().nullable(),
  createdAt: time,
  expiresAt: time,
  decidedAt: time.nullable(),
  usedAt: time.nullable(),
});

export const approvalDetail = z.object({
  ...approvalShape.shape,
  /** What is asked, as JSON, with secrets and what policies take out taken out. */
  arguments: z.string(),
  /** Whether there is more of it than is shown. */
  isCut: z.boolean(),
  /** Earlier requests for the same tool, newest first. */
  similar: z.array(
    z.object({
      id: id('apr'),
      state: z.enum(approvalStates),
      member: person,
      /** By the same asker, with the very same arguments. */
      isSame: z.boolean(),
      reason: z.string().nullable(),
      createdAt: time,
    }),
  ),
  /** What the asker did with this tool in the last thirty days; what only waited for a yes is not counted. */
  calls: z.object({
    answered: z.number().int(),
    failed: z.number().int(),
    refused: z.number().int(),
    lastAt: time.nullable(),
  }),
});

const reason = z.string().trim().max(1000).optional();

export const listApprovals = operation({
  name: 'approvals.list',
  method: 'GET',
  path: '/approvals',
  permission: 'self',
  summary: 'List held calls: your own, and those that are yours to decide; a page may be shorter than asked for',
  input: z.object({
    ...paging,
    state: z.enum(approvalStates).optional(),
    /** True: only those that you may decide on now. */
    decidable: z
      .enum(['true', 'false'])
      .transform((text) => text === 'true')
      .optional(),
  }),
  output: page(approvalShape),
});

export const getApproval = operation({
  name: 'approvals.get',
  method: 'GET',
  path: '/approvals/{id}',
  permission: 'self',
  summary: 'Show a held call: its arguments with redactions, the rules that hold it, and similar calls of before',
  input: z.object({ id: id('apr') }),
  output: approvalDetail,
});

export const approveCall = operation({
  name: 'approvals.approve',
  method: 'POST',
  path: '/approvals/{id}/approve',
  permission: 'self',
  summary: 'Approve a held call: once, or for its conversation',
  input: z.object({
    id: id('apr'),
    scope: z.enum(approvalScopes).default('once'),
    reason,
    /** Also makes a draft of a policy that would no longer hold this asker’s calls of this tool. */
    proposePolicy: z.boolean().default(false),
  }),
  output: z.object({ ...approvalDetail.shape, proposed: z.object({ id: id('pol'), name: z.string() }).nullable() }),
});

export const refuseCall = operation({
  name: 'approvals.refuse',
  method: 'POST',
  path: '/approvals/{id}/refuse',
  permission: 'self',
  summary: 'Refuse a held call, or take an approval back that was not used yet',
  input: z.object({ id: id('apr'), reason }),
  output: approvalDetail,
});

export const withdrawCall = operation({
  name: 'approvals.withdraw',
  method: 'POST',
  path: '/approvals/{id}/withdraw',
  permission: 'self',
  summary: 'Take back a request for approval of your own',
  input: z.object({ id: id('apr') }),
  output: approvalDetail,
});
