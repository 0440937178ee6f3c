// A message as a workstation tells of it, made into one of the record. Whose it is says the credential; what would make the
// record unreadable, such as an edit that does not fit its original, is refused.
import type { ServerId } from '@mcpvault/domain/ids';
import type { Finding } from '@mcpvault/domain/inspection/finding';
import type { PolicyAlert } from '@mcpvault/domain/policy/effect';
import { severities } from '@mcpvault/domain/policy/policy';
import { readRuleTrace, type MessageTrace } from '@mcpvault/domain/policy/rule-trace';
import type { BodyPlace, MessageRecord } from '@mcpvault/domain/record/message-record';
import type { Edit } from '@mcpvault/domain/redaction/edit';
import type { RecordedMessage } from '@mcpvault/protocol/hub-link/record-batch';
import type { Member } from '@mcpvault/store/members-store';
import { z } from 'zod';

/** Puts an original beside the others of its block, and says where it lies. */
export type Keep = (original: Buffer) => BodyPlace;

export interface Recording {
  readonly member: Member;
  /** Milliseconds since the epoch: what happens later than now did not. */
  readonly now: number;
  readonly withOriginals: boolean;
  isServer(id: ServerId): boolean;
  keep: Keep;
}

/** null: no record could take it. */
export function recordOf(message: RecordedMessage, recording: Recording): MessageRecord | null {
  const { member, now } = recording;
  const request = sideOf(message.request);
  const response = sideOf(message.response);
  if (request === null || response === null) return null;
  const { id, conversation, client, serverName, server, direction, method, target, protocol, outcome } = message;
  const kept = (original: Buffer | null) =>
    original === null || !recording.withOriginals ? null : recording.keep(original);
  return {
    ...{ id, organization: member.organization, at: Math.min(message.at, now), member: member.id, token: null },
    ...{ conversation, client, endpoint: null, server: server !== null && recording.isServer(server) ? server : null },
    ...{ serverName, direction, method, target, protocol, outcome, code: message.code, reason: message.reason },
    ...{ durationUs: message.durationUs, upstreamUs: message.upstreamUs },
    request: kept(request.original),
    response: kept(response.original),
    requestEdits: request.edits,
    responseEdits: response.edits,
    requestFindings: request.findings,
    responseFindings: response.findings,
    ...{ role: member.role, actedBy: null, parameters: message.parameters, trace: message.trace },
    judged: judgedOf(message.judged),
  };
}

interface Side {
  readonly original: Buffer | null;
  readonly edits: readonly Edit[];
  readonly findings: readonly Finding[];
}

function sideOf({ original, edits, findings }: RecordedMessage['request']): Side | null {
  const bytes = original === null ? null : Buffer.from(original, 'base64');
  const length = bytes?.length ?? Number.MAX_SAFE_INTEGER;
  let from = 0;
  for (const { start, end } of edits) {
    if (start < from || end < start || end > length) return null;
    from = end;
  }
  if (findings.some(({ start, end }) => end < start || end > length)) return null;
  return {
    original: bytes,
    edits: edits.map((edit) => ({ ...edit, policy: policyIn(edit.policy) })),
    findings: findings.map((finding) => finding as Finding),
  };
}

const policyId = /^pol_[0-9a-z]{1,40}$/;

function policyIn(text: string | null): Edit['policy'] {
  return text !== null && policyId.test(text) ? (text as Edit['policy']) : null;
}

const sideTrace = z.object({
  rules: z.array(z.string().max(300)).max(1000),
  tags: z.array(z.string().max(60)).max(100).optional(),
  alerts: z.array(z.unknown()).max(1000).optional(),
  restored: z.int().min(0).optional(),
  would: z.enum(['refused', 'held', 'edited']).optional(),
});
const trace = z.object({ call: sideTrace.optional(), result: sideTrace.optional() });

/** What is no trace is left out: the message itself stays. */
function judgedOf(given: unknown): MessageTrace | null {
  const read = trace.safeParse(given);
  if (!read.success) return null;
  const { call, result } = read.data;
  return { ...(call && { call: told(call) }), ...(result && { result: told(result) }) };
}

/** Bounds of what one message may put into the inbox. */
const alertsAtMost = 20;
const alert = z.object({
  policy: z
    .string()
    .regex(policyId)
    .transform((id) => id as PolicyAlert['policy']),
  version: z.int().min(0).max(1e9),
  name: z.string().max(200).transform(plain),
  title: z.string().max(500).transform(plain),
  severity: z.enum(severities),
  findings: z.record(z.string().regex(/^[\w.:-]{1,100}$/), z.int().min(0)),
  outcome: z.enum(['allowed', 'edited', 'held', 'refused']),
});

/** Where they were raised says the way on which they came. */
function alertsOf(given: readonly unknown[]): readonly PolicyAlert[] {
  return given.slice(0, alertsAtMost).flatMap((each) => {
    const read = alert.safeParse(each);
    return read.success ? [{ ...read.data, layer: 'workstation' } as const] : [];
  });
}

/** Without what the database cannot keep, or what would lead a reader of the inbox astray. */
function plain(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\p{Bidi_Control}]/gu, ' ');
}

function told({ rules, tags, alerts = [], restored, would }: z.output<typeof sideTrace>) {
  const ours = rules.filter((rule) => policyId.test(readRuleTrace(rule)?.policy ?? ''));
  const raised = alertsOf(alerts);
  return {
    rules: ours,
    ...(tags === undefined ? {} : { tags }),
    ...(raised.length === 0 ? {} : { alerts: raised }),
    ...(restored === undefined ? {} : { restored }),
    ...(would === undefined ? {} : { would }),
  };
}
