// What a server says to a client besides answers: notifications, and requests that the client is to answer.
import { Failure } from '@mcpvault/domain/failure';
import { apply } from '@mcpvault/domain/redaction/apply';
import { type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import { refusalError } from '../downstream/rpc-error.ts';
import type { Usable } from '../ports.ts';
import type { Link } from '../upstream/link.ts';
import type { Asked, Conversation } from './conversation.ts';
import type { Core } from './core.ts';
import type { Told } from './scribe.ts';

interface About {
  readonly core: Core;
  readonly conversation: Conversation;
  readonly usable: Usable | null;
}

/** Judges a server's notification or request, records it, and delivers what may pass. */
export function relayToClient(about: About, link: Link, message: Message, deliver: (data: Buffer) => void): void {
  const { core, conversation, usable } = about;
  if (usable === null) return;
  const { clock } = core.host.ambient;
  const at = clock.now();
  const began = clock.micros();
  const verdict = core.judge.result(message, null, {
    caller: conversation.caller,
    endpoint: conversation.endpoint,
    usable,
  });
  const told: Told = { conversation, usable, direction: 'result', message, verdict, at, began, sent: null };
  if (verdict.refusal !== null) {
    const { code, reason } = verdict.refusal;
    core.scribe.write(told, { outcome: 'refused', code, reason, answer: null, verdict: null }, forget);
    if (message.kind === 'request') {
      const answer = refusalError(message, verdict.refusal);
      link.tell({ message: parseMessage(answer, { maxDepth: 100, check: 'structure' }), edits: [] });
    }
    return;
  }
  if (message.kind === 'notification') {
    core.scribe.write(told, { outcome: 'sent', code: null, reason: null, answer: null, verdict: null }, forget);
    return deliver(apply(message.raw, verdict.edits));
  }
  ask(about, usable, link, message, told, deliver);
}

function ask(
  about: About,
  usable: Usable,
  link: Link,
  message: Message,
  told: Told,
  deliver: (data: Buffer) => void,
): void {
  const { core, conversation } = about;
  if (message.id === null) return;
  const merged = conversation.endpoint === null;
  const id = merged ? core.host.ambient.ids.next('ask') : message.id;
  const asked: Asked = {
    request: message,
    link,
    usable,
    serverId: merged && message.idSpan !== null ? message.textAt(message.idSpan) : null,
    answered(answer, verdict) {
      const outcome = verdict.refusal !== null ? 'refused' : answer.kind === 'result' ? 'answered' : 'error';
      const { code = null, reason = null } = verdict.refusal ?? {};
      core.scribe.write(told, { outcome, code, reason, answer: answer.raw, verdict }, forget);
    },
  };
  conversation.asked.set(id, asked);
  const edited = apply(message.raw, told.verdict.edits);
  if (!merged) return deliver(edited);
  deliver(
    parseMessage(edited, { maxDepth: core.settings.maxDepth, check: 'structure' }).withId(JSON.stringify(id)).raw,
  );
}

/** Takes a client's answer to a server's request; answers that nobody asked for are dropped. */
export function takeAnswer(core: Core, conversation: Conversation, answer: Message): void {
  if (answer.id === null) return;
  const asked = conversation.asked.get(answer.id);
  if (asked === undefined) return;
  conversation.asked.delete(answer.id);
  const about = {
    caller: conversation.caller,
    owner: conversation.owner,
    endpoint: conversation.endpoint,
    usable: asked.usable,
    bareName: null,
  };
  const verdict = core.judge.call(answer, about);
  const own = asked.serverId === null ? answer : answer.withId(asked.serverId);
  asked.answered(answer, verdict);
  if (verdict.refusal !== null) {
    const refusal = refusalError(asked.request, verdict.refusal);
    return asked.link.tell({ message: parseMessage(refusal, { maxDepth: 100, check: 'structure' }), edits: [] });
  }
  if (verdict.edits.length === 0 || asked.serverId === null)
    return asked.link.tell({ message: own, edits: verdict.edits });
  const edited = parseMessage(apply(answer.raw, verdict.edits), {
    maxDepth: core.settings.maxDepth,
    check: 'structure',
  });
  asked.link.tell({ message: edited.withId(asked.serverId), edits: [] });
}

/** Judges, records and forwards a client's notification. Returns the failure that refused it, if any. */
export function tellServer(
  core: Core,
  conversation: Conversation,
  usable: Usable | null,
  message: Message,
  link: () => Link | null,
): Failure | null {
  const { clock } = core.host.ambient;
  const at = clock.now();
  const began = clock.micros();
  const { caller, owner, endpoint } = conversation;
  const verdict = core.judge.call(message, { caller, owner, endpoint, usable, bareName: null });
  const told: Told = { conversation, usable, direction: 'call', message, verdict, at, began, sent: null };
  if (verdict.refusal !== null) {
    const { code, reason } = verdict.refusal;
    core.scribe.write(told, { outcome: 'refused', code, reason, answer: null, verdict: null }, forget);
    return new Failure(code, reason);
  }
  core.scribe.write(told, { outcome: 'sent', code: null, reason: null, answer: null, verdict: null }, forget);
  link()?.tell({ message, edits: verdict.edits });
  return null;
}

function forget(): void {}
