// What policies said about recorded messages, counted: each message carries what its rules said. Reading is bounded by a
// number of messages, the newest first, since a day of a busy hub is millions of them.
import type { MemberId, MessageId, OrganizationId, PolicyId } from '@mcpvault/domain/ids';
import type { MessageTrace } from '@mcpvault/domain/policy/rule-trace';
import type { MessageOutcome } from '@mcpvault/domain/record/message-record';
import { sql } from 'kysely';
import type { Executor } from './schema.ts';

export interface RuleCount {
  /** As `writeRuleTrace` writes it. */
  readonly rule: string;
  readonly count: number;
  /** Milliseconds since the epoch. */
  readonly lastAt: number;
}

/** How often each rule said what, since a time; `messages` is how many were read, at most `most`. */
export async function countRules(
  executor: Executor,
  organization: OrganizationId,
  from: number,
  most: number,
): Promise<{ readonly rules: readonly RuleCount[]; readonly messages: number }> {
  const { rows } = await sql<RuleCount & { readonly messages: number }>`
    with looked as materialized (
      select at, judged from messages
      where organization = ${organization} and at >= ${from} and judged is not null
      order by at desc limit ${most}
    )
    select rule #>> '{}' as rule, count(*) as count, max(at) as "lastAt", (select count(*) from looked) as messages
    from looked, jsonb_path_query(judged, '$.*.rules[*]') as rule
    group by 1`.execute(executor);
  return { rules: rows.map(({ messages: _, ...rule }) => rule), messages: rows[0]?.messages ?? 0 };
}

export interface AskedMessage {
  readonly id: MessageId;
  readonly at: number;
  readonly member: MemberId;
  readonly email: string;
  readonly serverName: string | null;
  readonly target: string | null;
  readonly method: string;
  readonly outcome: MessageOutcome;
  readonly redactions: number;
  readonly judged: MessageTrace;
}

/** Messages that a policy was asked about, newest first, at most `most` of them. */
export async function messagesAsked(
  executor: Executor,
  organization: OrganizationId,
  policy: PolicyId,
  range: { readonly from: number; readonly to: number },
  most: number,
): Promise<readonly AskedMessage[]> {
  const { rows } = await sql<AskedMessage>`
    select messages.id, at, member, coalesce(members.email, '') as email, server_name as "serverName", target, method,
      outcome, redactions, judged
    from messages left join members on members.id = messages.member
    where messages.organization = ${organization} and at >= ${range.from} and at < ${range.to} and judged is not null
      and jsonb_path_exists(judged, '$.*.rules[*] ? (@ starts with $policy)',
        jsonb_build_object('policy', ${`${policy}@`}::text))
    order by at desc limit ${most}`.execute(executor);
  return rows;
}
