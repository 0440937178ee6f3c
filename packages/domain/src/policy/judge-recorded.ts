// One recorded exchange judged by a draft, with what is known about it now: its caller, server and tool as they are today, and
// the conversation as the draft itself would have labelled it. Nothing is sent.
import type { Caller } from '../identity/caller.ts';
import { createFlowMemory, type FlowMemory } from '../flow/flow-memory.ts';
import { flowTexts } from '../flow/flow-texts.ts';
import { readResult } from '../flow/read-result.ts';
import { builtInRoles } from '../identity/role.ts';
import type { ServerEntry } from '../catalog/server.ts';
import { combineEdits } from '../redaction/combine-edits.ts';
import { isListingMethod } from '../pipeline/is-listing.ts';
import type { PolicySet } from './compile.ts';
import { noSession, type SessionFacts, type ToolFacts } from './message-facts.ts';
import { type Trial, tryMessage } from './try-message.ts';
import type { MessageRecord } from '../record/message-record.ts';
import { type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';

export interface Surroundings {
  readonly key: Uint8Array;
  server(record: MessageRecord): ServerEntry | null;
  tool(record: MessageRecord, name: string): ToolFacts | null;
  teams(record: MessageRecord): Pick<Caller, 'teams' | 'email'>;
  teamNames(teams: Caller['teams']): readonly string[];
}

export interface Judged {
  readonly call: Trial | null;
  readonly result: Trial | null;
}

/** What conversations did so far in the run. */
export type Conversations = Map<string, { labels: Set<string>; calls: number; since: number; flow?: FlowMemory }>;

const limits = { maxDepth: 10_000, check: 'structure' } as const;
const mostConversations = 20_000;

/** Throws for originals that cannot be read. */
export function judgeRecorded(
  set: PolicySet,
  record: MessageRecord,
  request: Buffer | null,
  response: Buffer | null,
  surroundings: Surroundings,
  conversations: Conversations,
): Judged {
  if (request === null || record.direction !== 'call') return { call: null, result: null };
  const asked = parseMessage(request, limits);
  const session = sessionOf(record, conversations);
  const flow = set.readsFlow ? flowOf(record, conversations) : null;
  const facts = factsOf(record, surroundings, session, flow);
  const call = tryMessage(set, { message: asked, answers: null, direction: 'call', facts });
  note(call, session);
  if (asked.method === 'tools/call') session.calls++;
  if (call.outcome === 'refused' || call.outcome === 'held') return { call, result: null };
  flow?.said(textsAt(asked, asked.marks.arguments ?? asked.params));
  const answered = answerIn(record, response);
  if (answered === null) return { call, result: null };
  const direction = isListingMethod(asked.method) ? 'listing' : 'result';
  const result = tryMessage(set, { message: answered, answers: asked, direction, facts });
  note(result, session);
  if (flow !== null && direction === 'result') noteFlow(flow, { record, asked, answered, result, surroundings });
  return { call, result };
}

/** Answers that MCPVault made itself are nobody’s result. */
function answerIn({ outcome }: MessageRecord, response: Buffer | null): Message | null {
  return response === null || (outcome !== 'answered' && outcome !== 'tool_error')
    ? null
    : parseMessage(response, limits);
}

function sessionOf({ conversation, member, at }: MessageRecord, conversations: Conversations) {
  const key = conversation ?? member;
  const known = conversations.get(key);
  if (known !== undefined) return known;
  if (conversations.size >= mostConversations) conversations.clear();
  const made = { labels: new Set<string>(), calls: 0, since: at };
  conversations.set(key, made);
  return made;
}

/** Of caller, credential and client together, as on the way of real messages. */
function flowOf({ member, token, client, at }: MessageRecord, conversations: Conversations): FlowMemory {
  const key = `${member} ${token ?? ''} ${client ?? ''}`;
  const entry = conversations.get(key) ?? { labels: new Set<string>(), calls: 0, since: at };
  conversations.set(key, entry);
  return (entry.flow ??= createFlowMemory());
}

interface Read {
  readonly record: MessageRecord;
  readonly asked: Message;
  readonly answered: Message;
  readonly result: Trial;
  readonly surroundings: Surroundings;
}

function noteFlow(flow: FlowMemory, { record, asked, answered, result, surroundings }: Read): void {
  const tool =
    asked.method === 'tools/call' && record.target !== null ? surroundings.tool(record, record.target) : null;
  const { edits = [], effects = [] } = result.decision ?? {};
  const server = surroundings.server(record)?.name ?? '';
  readResult(flow, { message: answered, edits: combineEdits(edits), effects, server, isOpen: tool?.openWorld ?? true });
}

function textsAt(message: Message, span: Message['params']): readonly string[] {
  return span === null ? [] : flowTexts(message.valueAt(span));
}

function note(trial: Trial, session: { readonly labels: Set<string> }): void {
  for (const effect of trial.decision?.effects ?? [])
    if (effect.kind === 'label') for (const label of effect.labels) session.labels.add(label);
}

function factsOf(
  record: MessageRecord,
  surroundings: Surroundings,
  { labels, calls, since }: { readonly labels: Set<string>; readonly calls: number; readonly since: number },
  flow: FlowMemory | null,
): Parameters<typeof tryMessage>[1]['facts'] {
  const { teams, email } = surroundings.teams(record);
  const session: SessionFacts = { ...noSession, labels: [...labels], calls, since };
  const caller: Caller = {
    organization: record.organization,
    member: record.member,
    email,
    role: record.role ?? 'member',
    permissions: builtInRoles.member.permissions,
    teams,
    token: record.token,
  };
  return {
    caller,
    owner: record.member,
    server: surroundings.server(record),
    reach: null,
    circumstances: { now: record.at, address: null, client: record.client },
    // Recorded under the name that the server itself uses.
    bareName: record.method === 'tools/call' ? record.target : null,
    message: {
      now: record.at,
      client: record.client,
      ip: null,
      workstation: null,
      tool: (name) => surroundings.tool(record, name),
      teams: () => surroundings.teamNames(teams),
      session,
      ...(flow !== null && { flow: (texts: readonly string[]) => flow.facts(texts) }),
      quarantine: () => null,
      key: () => surroundings.key,
      conversation: record.conversation ?? '',
    },
    underway: 0,
    maxUnderway: 1,
    exceeded: null,
    recording: true,
  };
}
