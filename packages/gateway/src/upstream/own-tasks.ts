import { type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import type { CallSink } from './link.ts';

/** Leaves those tasks out of the answer to `tasks/list` that are not the caller's. */
export function ownTasksOnly(sink: CallSink, isOwn: (task: string) => boolean): CallSink {
  return {
    related: (message) => sink.related(message),
    fail: (failure) => sink.fail(failure),
    hasRoom: () => sink.hasRoom(),
    onRoom: (resume) => sink.onRoom(resume),
    answer: (message, status) => sink.answer(message.kind === 'result' ? filtered(message, isOwn) : message, status),
  };
}

function filtered(answer: Message, isOwn: (task: string) => boolean): Message {
  const result = answer.json['result'] as { readonly tasks?: unknown } | null;
  const listed: readonly unknown[] = Array.isArray(result?.tasks) ? result.tasks : [];
  const tasks = listed.filter((task) => {
    const id = (task as { readonly taskId?: unknown } | null)?.taskId;
    return typeof id === 'string' && isOwn(id);
  });
  const id = answer.idSpan === null ? 'null' : answer.textAt(answer.idSpan);
  const raw = Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":${JSON.stringify({ ...result, tasks })}}`);
  return parseMessage(raw, { maxDepth: 10_000, check: 'structure' });
}
