// The message page and the live list: recorded exchanges with the people and names around them. Originals come out
// sealed; whoever may see them opens them with the keyring.
import type {
  ConversationId,
  MemberId,
  MessageId,
  OrganizationId,
  PolicyId,
  ServerId,
  WorkstationId,
} from '@mcpvault/domain/ids';
import type { MessageTrace } from '@mcpvault/domain/policy/rule-trace';
import type { MessageOutcome, MessageRecord } from '@mcpvault/domain/record/message-record';
import { type Selectable, type SqlBool, sql } from 'kysely';
import { containing } from './containing.ts';
import { openPage, type Page, type PageRequest } from './page.ts';
import type { Executor, Schema } from './schema.ts';

export interface MessageQuery extends PageRequest {
  /** A server's id, or the name it had when the message was recorded. */
  readonly server?: string | undefined;
  /** The exact tool name; messages of `tools/call` only. */
  readonly tool?: string | undefined;
  readonly member?: MemberId | undefined;
  readonly workstation?: WorkstationId | undefined;
  readonly method?: string | undefined;
  readonly outcome?: MessageOutcome | undefined;
  /** True: `tool_error`, `error` and `failed` only; false: all but those. */
  readonly trouble?: boolean | undefined;
  /** True: only messages that a policy edited; false: only the others. */
  readonly redacted?: boolean | undefined;
  /** Looked for in target, method, server name and the member's e-mail address, without regard to case. */
  readonly q?: string | undefined;
  /** Milliseconds since the epoch, inclusive. */
  readonly from?: number | undefined;
  /** Milliseconds since the epoch, exclusive. */
  readonly to?: number | undefined;
}

/** A line of the list: no originals, no edits, no findings. */
export interface MessageLine
  extends Omit<
    MessageRecord,
    | 'request'
    | 'response'
    | 'requestEdits'
    | 'responseEdits'
    | 'requestFindings'
    | 'responseFindings'
    | 'member'
    | 'role'
    | 'actedBy'
    | 'parameters'
    | 'trace'
    | 'judged'
  > {
  /** Removed members keep their name here. */
  readonly member: { readonly id: MemberId; readonly email: string; readonly name: string };
  /** Who really acted, when somebody acted as the member. */
  readonly actor: { readonly id: MemberId; readonly email: string; readonly name: string } | null;
  /** On which it was judged and carried; null: the hub did so itself. */
  readonly workstation: { readonly id: WorkstationId; readonly name: string } | null;
  readonly requestBytes: number | null;
  readonly responseBytes: number | null;
  /** How many edits a policy asked for. */
  readonly redactions: number;
}

export interface MessageDetail extends MessageLine {
  readonly record: MessageRecord;
  /** null when the originals were let go before the record. */
  readonly block: { readonly id: string; readonly key: string; readonly sealed: Buffer } | null;
  /** Names of the policies that the edits cite, of removed ones too. */
  readonly policies: ReadonlyMap<PolicyId, string>;
}

/** Newest first. */
export async function listMessages(
  executor: Executor,
  organization: OrganizationId,
  query: MessageQuery,
): Promise<Page<MessageLine>> {
  const page = openPage(query);
  const rows = await matching(executor, organization, query)
    .where(page.afterMillis('messages.at', 'messages.id'))
    .orderBy('messages.at', 'desc')
    .orderBy('messages.id', 'desc')
    .limit(page.fetch)
    .execute();
  return page.close(rows, (row) => ({ at: row.at, id: row.id }), toLine);
}

export async function oneMessage(
  executor: Executor,
  organization: OrganizationId,
  id: MessageId,
): Promise<MessageDetail | null> {
  const row = await executor
    .selectFrom('messages')
    .leftJoin('members', 'members.id', 'messages.member')
    .leftJoin('members as actors', 'actors.id', 'messages.acted_by')
    .leftJoin('workstations', 'workstations.id', 'messages.workstation')
    .selectAll('messages')
    .select(['members.email as member_email', 'members.name as member_name', 'workstations.name as workstation_name'])
    .select(actorColumns)
    .where('messages.organization', '=', organization)
    .where('messages.id', '=', id)
    .executeTakeFirst();
  if (!row) return null;
  const block = await executor
    .selectFrom('message_blocks')
    .select(['id', 'key', 'sealed'])
    .where('organization', '=', organization)
    .where('id', '=', row.block)
    .executeTakeFirst();
  const record = toRecord(row);
  const cited = [...record.requestEdits, ...record.responseEdits].flatMap((edit) => edit.policy ?? []);
  return { ...toLine(row), record, block: block ?? null, policies: await policyNames(executor, organization, cited) };
}

/** The lines of one conversation with what policies said, oldest first: at most `most`, those around a time. */
export async function conversationLines(
  executor: Executor,
  organization: OrganizationId,
  { conversation, member }: { readonly conversation: ConversationId; readonly member: MemberId },
  around: number,
  most: number,
): Promise<{
  readonly lines: readonly (MessageLine & { readonly judged: MessageTrace | null })[];
  readonly complete: boolean;
}> {
  const all = () =>
    matching(executor, organization, { member })
      .select('messages.judged')
      .where('messages.conversation', '=', conversation)
      .where('messages.at', '>', around - conversationSpan)
      .where('messages.at', '<', around + conversationSpan);
  const before = await all()
    .where('messages.at', '<=', around)
    .orderBy('messages.at', 'desc')
    .orderBy('messages.id', 'desc')
    .limit(most)
    .execute();
  const after = await all()
    .where('messages.at', '>', around)
    .orderBy('messages.at')
    .orderBy('messages.id')
    .limit(most)
    .execute();
  const rows = [...before.toReversed(), ...after];
  return {
    lines: rows.map((row) => ({ ...toLine(row), judged: row.judged })),
    complete: before.length < most && after.length < most,
  };
}

/** Conversations end twelve hours after their last message; nobody waits for one that spans weeks. */
const conversationSpan = 7 * 86_400_000;

const lineColumns = [
  'messages.id',
  'messages.organization',
  'messages.at',
  'messages.member',
  'messages.token',
  'messages.conversation',
  'messages.client',
  'messages.endpoint',
  'messages.server',
  'messages.server_name',
  'messages.direction',
  'messages.method',
  'messages.target',
  'messages.protocol',
  'messages.outcome',
  'messages.code',
  'messages.reason',
  'messages.duration_us',
  'messages.upstream_us',
  'messages.request_length',
  'messages.response_length',
  'messages.redactions',
  'messages.workstation',
] as const;

const actorColumns = ['actors.id as actor_id', 'actors.email as actor_email', 'actors.name as actor_name'] as const;

const troubles = ['tool_error', 'error', 'failed'] as const;

function matching(executor: Executor, organization: OrganizationId, filter: MessageQuery) {
  let query = executor
    .selectFrom('messages')
    .leftJoin('members', 'members.id', 'messages.member')
    .leftJoin('members as actors', 'actors.id', 'messages.acted_by')
    .leftJoin('workstations', 'workstations.id', 'messages.workstation')
    .select(lineColumns)
    .select(['members.email as member_email', 'members.name as member_name', 'workstations.name as workstation_name'])
    .select(actorColumns)
    .where('messages.organization', '=', organization);
  const { server, tool, member, workstation, method, outcome, trouble, redacted, q, from, to } = filter;
  if (server !== undefined) query = query.where(ofServer(server));
  if (tool !== undefined) query = query.where(ofTool(tool));
  if (member !== undefined) query = query.where('messages.member', '=', member);
  if (workstation !== undefined) query = query.where('messages.workstation', '=', workstation);
  if (method !== undefined) query = query.where('messages.method', '=', method);
  if (outcome !== undefined) query = query.where('messages.outcome', '=', outcome);
  if (trouble !== undefined) query = query.where('messages.outcome', trouble ? 'in' : 'not in', troubles);
  if (redacted !== undefined) query = query.where('messages.redactions', redacted ? '>' : '=', 0);
  if (from !== undefined) query = query.where('messages.at', '>=', from);
  if (to !== undefined) query = query.where('messages.at', '<', to);
  if (q) query = query.where(mentioning(organization, containing(q)));
  return query;
}

function ofServer(server: string) {
  return server.startsWith('srv_')
    ? sql<SqlBool>`messages.server = ${server as ServerId}`
    : sql<SqlBool>`messages.server_name = ${server}`;
}

/** The index holds the first 128 characters, so that a target of any length can be recorded. */
function ofTool(tool: string) {
  return sql<SqlBool>`messages.method = 'tools/call'
    and left(messages.target, 128) = left(${tool}::text, 128) and messages.target = ${tool}`;
}

/** Members are looked up first: joining each message to its member before comparing would cost far more. */
function mentioning(organization: OrganizationId, pattern: string) {
  return sql<SqlBool>`(messages.target ilike ${pattern} or messages.method ilike ${pattern}
    or messages.server_name ilike ${pattern}
    or messages.member = any(array(
      select id from members where members.organization = ${organization} and members.email ilike ${pattern})))`;
}

type LineRow = Omit<
  Selectable<Schema['messages']>,
  | 'block'
  | 'request_offset'
  | 'response_offset'
  | 'request_edits'
  | 'response_edits'
  | 'request_findings'
  | 'response_findings'
  | 'role'
  | 'acted_by'
  | 'parameters'
  | 'trace'
  | 'judged'
  | 'secrets'
> & {
  member_email: string | null;
  member_name: string | null;
  workstation_name: string | null;
  actor_id: MemberId | null;
  actor_email: string | null;
  actor_name: string | null;
};

/** What a line of the list and a whole record say alike. */
function inBoth(row: LineRow | Selectable<Schema['messages']>) {
  return {
    id: row.id,
    organization: row.organization,
    at: row.at,
    token: row.token,
    conversation: row.conversation,
    client: row.client,
    endpoint: row.endpoint,
    server: row.server,
    serverName: row.server_name,
    direction: row.direction,
    method: row.method,
    target: row.target,
    protocol: row.protocol,
    outcome: row.outcome,
    code: row.code,
    reason: row.reason,
    durationUs: row.duration_us,
    upstreamUs: row.upstream_us,
  };
}

function toLine(row: LineRow): MessageLine {
  return {
    ...inBoth(row),
    member: { id: row.member, email: row.member_email ?? '', name: row.member_name ?? '' },
    actor: row.actor_id && { id: row.actor_id, email: row.actor_email ?? '', name: row.actor_name ?? '' },
    workstation: row.workstation && { id: row.workstation, name: row.workstation_name ?? row.workstation },
    requestBytes: row.request_length,
    responseBytes: row.response_length,
    redactions: row.redactions,
  };
}

export function toRecord(row: Selectable<Schema['messages']>): MessageRecord {
  return {
    ...inBoth(row),
    member: row.member,
    request: toPlace(row.request_offset, row.request_length),
    response: toPlace(row.response_offset, row.response_length),
    requestEdits: row.request_edits,
    responseEdits: row.response_edits,
    requestFindings: row.request_findings,
    responseFindings: row.response_findings,
    role: row.role,
    actedBy: row.acted_by,
    parameters: row.parameters,
    trace: row.trace,
    judged: row.judged,
    secrets: row.secrets,
  };
}

function toPlace(offset: number | null, length: number | null) {
  return offset === null || length === null ? null : { offset, length };
}

async function policyNames(executor: Executor, organization: OrganizationId, ids: readonly PolicyId[]) {
  if (ids.length === 0) return new Map<PolicyId, string>();
  const rows = await executor
    .selectFrom('policies')
    .select(['id', 'name'])
    .where('organization', '=', organization)
    .where('id', 'in', [...new Set(ids)])
    .execute();
  return new Map(rows.map((row) => [row.id, row.name]));
}

export interface CallsOfTool {
  readonly answered: number;
  readonly failed: number;
  readonly refused: number;
  /** Milliseconds since the epoch; null where there was none. */
  readonly lastAt: number | null;
}

/** What one member did with one tool, prompt or resource since then. */
export async function callsOfTool(
  executor: Executor,
  organization: OrganizationId,
  {
    member,
    server,
    method,
    target,
  }: Pick<MessageRecord, 'server' | 'method' | 'target'> & { readonly member: MemberId },
  since: number,
): Promise<CallsOfTool> {
  const { rows } = await sql<{ answered: string; failed: string; refused: string; last: string | null }>`
    select count(*) filter (where outcome in ('answered', 'sent')) as answered,
      count(*) filter (where outcome in ('tool_error', 'error', 'failed')) as failed,
      count(*) filter (where outcome = 'refused' and code is distinct from 'approval_required') as refused, max(at) as last
    from messages where organization = ${organization} and member = ${member} and at >= ${since}
      and server is not distinct from ${server} and method = ${method} and target is not distinct from ${target}`.execute(
    executor,
  );
  const [row] = rows;
  const number = (text: string | undefined): number => Number(text ?? 0);
  return {
    answered: number(row?.answered),
    failed: number(row?.failed),
    refused: number(row?.refused),
    lastAt: row?.last == null ? null : Number(row.last),
  };
}
