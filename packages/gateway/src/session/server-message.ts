// What a server says to a client besides answers: notifications, and requests that the client is to answer.
import { isMergedEndpoint } from '@mcpvault/domain/catalog/naming';
import { Failure } from '@mcpvault/domain/failure';
import { apply } from '@mcpvault/domain/redaction/apply';
import { combineEdits } from '@mcpvault/domain/redaction/combine-edits';
import type { Edit } from '@mcpvault/domain/redaction/edit';
import { type Message, parseMessage, type RequestId } from '@mcpvault/protocol/jsonrpc/message';
import type { Span } from '@mcpvault/protocol/jsonrpc/scan';
import { refusalError, rpcError } from '../downstream/rpc-error.ts';
import type { Usable } from '../ports.ts';
import type { Link } from '../upstream/link.ts';
import type { Asked } from './asked.ts';
import type { Conversation } from './conversation.ts';
import type { Core } from './core.ts';
import { heldBack } from './held-back.ts';
import type { Told } from './scribe.ts';

interface About {
  readonly core: Core;
  readonly conversation: Conversation;
  readonly usable: Usable;
  /** What the endpoint itself must change in what the server says; left out where it changes nothing. */
  readonly reworded?: (message: Message) => readonly Edit[];
}

/** Judges a server's notification or request, records it, and delivers what may pass. */
export function relayToClient(about: About, link: Link, message: Message, deliver: (data: Buffer) => void): void {
  const { core, conversation, usable, reworded } = about;
  const { clock } = core.host.ambient;
  const at = clock.now();
  const began = clock.micros();
  const { caller, address, client, endpoint } = conversation;
  const judged = core.judge.result(message, null, { conversation, caller, address, client, endpoint, usable });
  const own = reworded?.(message) ?? [];
  const verdict = own.length === 0 ? judged : { ...judged, edits: combineEdits([...own, ...judged.edits]) };
  const told: Told = { conversation, usable, direction: 'result', message, verdict, at, began, sent: null };
  if (verdict.refusal !== null) {
    const { code, reason } = verdict.refusal;
    const kept = { ...told, verdict: { ...verdict, edits: [heldBack(message, 'null', verdict)] } };
    core.scribe.write(kept, { outcome: 'refused', code, reason, answer: null, verdict: null }, forget);
    if (message.kind === 'request') tellOwn(link, refusalError(message, verdict.refusal));
    return;
  }
  if (message.kind === 'request') return ask(about, link, told, deliver);
  core.scribe.write(told, { outcome: 'sent', code: null, reason: null, answer: null, verdict: null }, forget);
  const renamed = message.method === 'notifications/cancelled' ? withdraw(conversation, link, message) : [];
  deliver(apply(message.raw, combineEdits([...renamed, ...verdict.edits])));
}

/** Where several servers speak to one client, their ids could meet: each question gets an id of our own then. */
function ask({ core, conversation, usable }: About, link: Link, told: Told, deliver: (data: Buffer) => void): void {
  const { message } = told;
  if (message.id === null || message.idSpan === null) return;
  const renamed = isMergedEndpoint(conversation.endpoint);
  const id: RequestId = renamed ? core.host.ambient.ids.next('ask') : message.id;
  const end = (why: string): void => {
    const answer = rpcError(message, 'request_timeout', why);
    core.scribe.write(told, { outcome: 'failed', code: 'request_timeout', reason: why, answer, verdict: null }, forget);
    tellOwn(link, answer);
  };
  const asked: Asked = {
    request: message,
    link,
    usable,
    renamed,
    at: told.at,
    answered(answer, verdict) {
      const outcome = verdict.refusal !== null ? 'refused' : answer.kind === 'result' ? 'answered' : 'error';
      const { code = null, reason = null } = verdict.refusal ?? {};
      core.scribe.write(told, { outcome, code, reason, answer: answer.raw, verdict }, forget);
    },
    unanswered: end,
  };
  if (!conversation.ask(id, asked)) return end('the client has too many questions to answer already');
  const { progressToken } = message.marks;
  const own = renamed
    ? [renaming(message.idSpan, id), ...(progressToken === null ? [] : [renaming(progressToken, id)])]
    : [];
  deliver(apply(message.raw, combineEdits([...own, ...told.verdict.edits])));
}

/** The server takes a question back. Returns what must be changed in the notification that says so. */
function withdraw(conversation: Conversation, link: Link, message: Message): readonly Edit[] {
  const span = message.marks.requestId;
  if (span === null) return [];
  const written = message.textAt(span);
  for (const [id, asked] of conversation.questions()) {
    const { request } = asked;
    if (asked.link !== link || request.idSpan === null || request.textAt(request.idSpan) !== written) continue;
    conversation.takeAsked(id);
    return asked.renamed ? [renaming(span, id)] : [];
  }
  return [];
}

/** Takes a client's answer to a server's request; answers that nobody asked for are dropped. `taken` as of `Link.tell`. */
export function takeAnswer(core: Core, conversation: Conversation, answer: Message, taken: () => void): void {
  const { caller, owner, address, client, endpoint } = conversation;
  const waiting = answer.id === null ? null : conversation.question(answer.id);
  if (waiting === null || answer.id === null) return taken();
  // Looked up anew: a grant may have been taken back since the server asked.
  const usable = core.host.catalog.byName(caller, waiting.usable.server.name);
  const asked = conversation.takeAsked(answer.id);
  if (asked === null) return taken();
  const about = { conversation, caller, owner, address, client, endpoint, usable, bareName: null };
  const verdict = core.judge.call(answer, about);
  asked.answered(answer, verdict);
  if (verdict.refusal !== null) return tellOwn(asked.link, refusalError(asked.request, verdict.refusal), taken);
  const { idSpan } = asked.request;
  const own =
    asked.renamed && idSpan !== null && answer.idSpan !== null
      ? [splice(answer.idSpan, asked.request.textAt(idSpan))]
      : [];
  asked.link.tell({ message: answer, edits: combineEdits([...own, ...verdict.edits]) }, taken);
}

/**
 * Judges, records and forwards a client's notification. Returns the failure that refused it, if any; `taken` as of
 * `Link.tell`, and not called when it was refused.
 */
export function tellServer(
  core: Core,
  conversation: Conversation,
  usable: Usable | null,
  message: Message,
  link: Link | null,
  taken: () => void,
  own: readonly Edit[] = [],
): Failure | null {
  const { clock } = core.host.ambient;
  const at = clock.now();
  const began = clock.micros();
  const { caller, owner, address, client, endpoint } = conversation;
  const about = { conversation, caller, owner, address, client, endpoint, usable, bareName: null };
  const verdict = core.judge.call(message, about);
  const told: Told = { conversation, usable, direction: 'call', message, verdict, at, began, sent: null };
  if (verdict.refusal !== null) {
    const { code, reason } = verdict.refusal;
    core.scribe.write(told, { outcome: 'refused', code, reason, answer: null, verdict: null }, forget);
    return new Failure(code, reason);
  }
  core.scribe.write(told, { outcome: 'sent', code: null, reason: null, answer: null, verdict: null }, forget);
  if (link === null) taken();
  else link.tell({ message, edits: combineEdits([...own, ...verdict.edits]) }, taken);
  return null;
}

/** Says something of our own to a server. */
export function tellOwn(link: Link, raw: Buffer, taken?: () => void): void {
  link.tell({ message: parseMessage(raw, { maxDepth: 100, check: 'structure' }), edits: [] }, taken);
}

function renaming(span: Span, id: RequestId): Edit {
  return splice(span, JSON.stringify(id));
}

export function splice(span: Span, replacement: string): Edit {
  const reason = 'known under another id here';
  return { start: span.start, end: span.end, replacement, layer: 'hub', policy: null, reason, detector: null };
}

function forget(): void {}
