// A legacy conversation with a server at a URL of which nobody knows yet whether it speaks Streamable HTTP or only the older
// HTTP+SSE: `initialize` finds out. What was found is remembered, and tried first the next time.
import type { Failure } from '@mcpvault/domain/failure';
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import type { Call, CallSink, Link, Listener, ModernHeaders, Outbound } from './link.ts';

export type HttpDialect = 'http' | 'sse';

export interface Dialects {
  /** The one to try first. */
  first(): HttpDialect;
  found(dialect: HttpDialect): void;
  open(dialect: HttpDialect, listener: Listener): Link;
}

/** How a server answers a post that it has no ears for. */
const deafStatuses: ReadonlySet<unknown> = new Set([400, 404, 405]);

export class HttpOrSseLink implements Link {
  readonly #dialects: Dialects;
  readonly #listener: Listener;
  readonly #onClose: () => void;
  #link: Link;
  #dialect: HttpDialect;
  #settled = false;
  #closed = false;

  constructor(dialects: Dialects, listener: Listener, onClose: () => void) {
    this.#dialects = dialects;
    this.#listener = listener;
    this.#onClose = onClose;
    this.#dialect = dialects.first();
    this.#link = this.#open();
  }

  call(request: Outbound, modern: ModernHeaders | null, sink: CallSink): Call {
    if (this.#settled || request.message.method !== 'initialize') return this.#link.call(request, modern, sink);
    const opening = new Opening(sink, {
      answered: () => this.#found(),
      failed: (failure) => this.#otherwise(failure),
      again: (to) => this.#link.call(request, modern, to),
    });
    opening.call = this.#link.call(request, modern, opening);
    return opening;
  }

  tell(message: Outbound, taken?: () => void): void {
    this.#link.tell(message, taken);
  }

  listen(ready?: () => void): void {
    this.#link.listen(ready);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#link.close();
    this.#onClose();
  }

  #open(): Link {
    const dialect = this.#dialect;
    const isOurs = (): boolean => !this.#closed && this.#settled && dialect === this.#dialect;
    return this.#dialects.open(dialect, {
      unsolicited: (message) => {
        if (isOurs()) this.#listener.unsolicited(message);
      },
      lost: (failure, forgotten) => {
        if (!isOurs()) return;
        this.#closed = true;
        this.#onClose();
        this.#listener.lost(failure, forgotten);
      },
    });
  }

  #found(): void {
    this.#settled = true;
    this.#dialects.found(this.#dialect);
  }

  /** True when the other way is worth a try, which is open then. */
  #otherwise(failure: Failure): boolean {
    const isDeaf = this.#dialect === 'http' ? deafStatuses.has(failure.details?.['status']) : isNoStream(failure);
    if (!isDeaf || this.#closed) return false;
    this.#link.close();
    this.#dialect = this.#dialect === 'http' ? 'sse' : 'http';
    this.#link = this.#open();
    return true;
  }
}

function isNoStream(failure: Failure): boolean {
  return failure.code === 'upstream_invalid' || failure.code === 'upstream_timeout';
}

interface OpeningSteps {
  answered(): void;
  failed(failure: Failure): boolean;
  again(sink: CallSink): Call;
}

/** `initialize` on its way, the first time or the second. */
class Opening implements CallSink, Call {
  readonly #sink: CallSink;
  readonly #steps: OpeningSteps;
  /** Why the first try failed, which says more to people than why the second one did. */
  #first: Failure | null = null;
  #cancelled = false;
  call: Call | null = null;

  constructor(sink: CallSink, steps: OpeningSteps) {
    this.#sink = sink;
    this.#steps = steps;
  }

  related(message: Message): void {
    this.#sink.related(message);
  }

  answer(message: Message, status: number): void {
    this.#steps.answered();
    this.#sink.answer(message, status);
  }

  fail(failure: Failure): void {
    if (this.#cancelled) return;
    if (this.#first !== null || !this.#steps.failed(failure)) return this.#sink.fail(this.#first ?? failure);
    this.#first = failure;
    this.call = this.#steps.again(this);
  }

  hasRoom(): boolean {
    return this.#sink.hasRoom();
  }

  onRoom(resume: () => void): void {
    this.#sink.onRoom(resume);
  }

  cancel(reason: string): void {
    this.#cancelled = true;
    this.call?.cancel(reason);
  }
}
