import { type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import type { Call, CallSink } from './link.ts';

/** An answer that needs no server, in the next turn. `result` is JSON text. */
export function answerLater(request: Message, result: string, sink: CallSink): Call {
  return sayLater(request, `"result":${result}`, sink);
}

/** The same for an error. */
export function refuseLater(request: Message, code: number, message: string, sink: CallSink): Call {
  return sayLater(request, `"error":${JSON.stringify({ code, message })}`, sink);
}

function sayLater(request: Message, outcome: string, sink: CallSink): Call {
  let cancelled = false;
  const id = request.idSpan === null ? 'null' : request.textAt(request.idSpan);
  const raw = Buffer.from(`{"jsonrpc":"2.0","id":${id},${outcome}}`);
  queueMicrotask(() => {
    if (!cancelled) sink.answer(parseMessage(raw, { maxDepth: 10_000, check: 'structure' }), 200);
  });
  return {
    cancel() {
      cancelled = true;
    },
  };
}
