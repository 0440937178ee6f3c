// A legacy client's way to a server of which nobody knows yet that it speaks the legacy era: `initialize` is tried, and
// where the server turns out to be a modern one, the way is changed before the client hears of it.
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import type { Failure } from '@mcpvault/domain/failure';
import { MalformedMessage, memberAt, type Message } from '@mcpvault/protocol/jsonrpc/message';
import { legacyRevisions } from '@mcpvault/protocol/mcp/revision';
import type { Call, CallSink, Link, Listener, ModernHeaders, Outbound } from '../../upstream/link.ts';
import type { Opener } from '../../upstream/links.ts';
import { protocolOf } from '../../upstream/protocol-of.ts';
import { downgradedQuestion, downgradedResult } from './downgrade.ts';
import type { Eras } from './eras.ts';
import { asSent, errorOf, idOf, paramsOf, requestOf, resultIn, resultOf } from './words.ts';

export interface LegacyOpeningDeps {
  readonly server: ServerEntry;
  readonly listener: Listener;
  open(listener: Listener): Link;
  /** The way over the bridge; null where the server is known to speak the legacy era. */
  readonly instead: (() => Link) | null;
  /** In whose name the server may be asked about its era. */
  readonly caller: Opener['caller'];
  readonly eras: Eras;
}

export class LegacyOpening implements Link, Listener {
  readonly #deps: LegacyOpeningDeps;
  #link: Link;
  /** True while it is not known whether this link is the right one. */
  #trying = false;
  #closed = false;
  #lost: { readonly failure: Failure; readonly forgotten: boolean } | null = null;
  /** The client's revision, where the server insists on a newer one. */
  #older: string | null = null;

  constructor(deps: LegacyOpeningDeps) {
    this.#deps = deps;
    this.#link = deps.open(this);
  }

  call(request: Outbound, modern: ModernHeaders | null, sink: CallSink): Call {
    if (request.message.method === 'initialize') return this.#initialize(request, sink);
    if (this.#older === null) return this.#link.call(request, modern, sink);
    return this.#link.call(request, modern, this.#downgrading(request, sink, this.#older));
  }

  tell(message: Outbound, taken?: () => void): void {
    this.#link.tell(message, taken);
  }

  listen(ready?: () => void): void {
    this.#link.listen(ready);
  }

  close(): void {
    this.#closed = true;
    this.#link.close();
  }

  unsolicited(message: Message): void {
    this.#deps.listener.unsolicited(message);
  }

  lost(failure: Failure, forgotten: boolean): void {
    if (this.#trying) this.#lost = { failure, forgotten };
    else this.#deps.listener.lost(failure, forgotten);
  }

  #initialize(request: Outbound, sink: CallSink): Call {
    this.#trying = true;
    const call = new ChangingCall();
    call.current = this.#link.call(request, null, {
      related: (message) => sink.related(message),
      hasRoom: () => sink.hasRoom(),
      onRoom: (resume) => sink.onRoom(resume),
      answer: (answer, status) => {
        if (answer.kind === 'result') return this.#answered(request, answer, status, sink);
        this.#elseModern(request, sink, call, () => sink.answer(answer, status));
      },
      fail: (failure) => this.#elseModern(request, sink, call, () => sink.fail(failure), failure),
    });
    return call;
  }

  #answered(request: Outbound, answer: Message, status: number, sink: CallSink): void {
    const { eras, server } = this.#deps;
    if (this.#deps.instead !== null && this.#link.standing !== true) eras.learn(server, 'legacy', true);
    this.#settle();
    sink.answer(this.#inItsOwnRevision(request, answer), status);
  }

  /** A client that asked for an older revision than the server insists on is served in its own. */
  #inItsOwnRevision(request: Outbound, answer: Message): Message {
    const message = asSent(request);
    const span = message.params === null ? null : memberAt(message.text, message.params, 'protocolVersion');
    const asked = span === null ? null : message.scalarAt(span);
    const wanted = legacyRevisions.find((revision) => revision === asked);
    const spoken = protocolOf(answer);
    if (wanted === undefined || spoken === null || spoken <= wanted) return answer;
    this.#older = wanted;
    return resultOf(idOf(answer), resultIn(answer).set('protocolVersion', JSON.stringify(wanted)));
  }

  #elseModern(request: Outbound, sink: CallSink, call: ChangingCall, giveUp: () => void, failure?: Failure): void {
    const { instead, eras, server, caller } = this.#deps;
    if (instead === null || call.cancelled || !this.#isEvidence(failure)) return this.#giveUp(giveUp);
    Promise.resolve(eras.speaksModern(server, caller)).then(
      (speaks) => {
        if (!speaks || call.cancelled || this.#closed) return this.#giveUp(giveUp);
        eras.learn(server, 'legacy', false);
        this.#change(request, sink, call, instead, giveUp);
      },
      () => this.#giveUp(giveUp),
    );
  }

  #change(request: Outbound, sink: CallSink, call: ChangingCall, instead: () => Link, giveUp: () => void): void {
    const old = this.#link;
    try {
      this.#link = instead();
    } catch {
      return this.#giveUp(giveUp);
    }
    this.#lost = null;
    this.#trying = false;
    old.close();
    call.current = this.#link.call(request, null, sink);
  }

  /** What comes back for a request, in an older revision's words. */
  #downgrading({ message: request }: Outbound, sink: CallSink, revision: string): CallSink {
    return {
      related: (message) => {
        const asked = message.kind === 'request' ? this.#question(message, revision) : message;
        if (asked !== null) sink.related(asked);
      },
      answer: (answer, status) => sink.answer(downgradedAnswer(request, answer, revision), status),
      fail: (failure) => sink.fail(failure),
      hasRoom: () => sink.hasRoom(),
      onRoom: (resume) => sink.onRoom(resume),
    };
  }

  /** null where the client cannot be asked, which the server is told. */
  #question(request: Message, revision: string): Message | null {
    const method = request.method ?? '';
    const params = downgradedQuestion(method, paramsOf(request), revision);
    if (typeof params !== 'string') return requestOf(idOf(request), method, params);
    this.#link.tell({ message: errorOf(idOf(request), { code: -32601, message: params }), edits: [] });
    return null;
  }

  /** A server elsewhere may be just away; a process that ends or stays silent says that it does not understand. */
  #isEvidence(failure: Failure | undefined): boolean {
    if (failure === undefined || failure.code === 'upstream_invalid') return true;
    return this.#deps.server.transport.type === 'stdio' && failure.code !== 'busy';
  }

  /** That the link was lost says more than that the call failed. */
  #giveUp(giveUp: () => void): void {
    this.#settle();
    giveUp();
  }

  #settle(): void {
    this.#trying = false;
    const lost = this.#lost;
    this.#lost = null;
    if (lost !== null && !this.#closed) this.#deps.listener.lost(lost.failure, lost.forgotten);
  }
}

/** A call that goes on under another one. */
class ChangingCall implements Call {
  current: Call | null = null;
  cancelled = false;

  cancel(reason: string): void {
    this.cancelled = true;
    this.current?.cancel(reason);
  }
}

/** What cannot be read is left as it is: whoever judges it says so. */
function downgradedAnswer(request: Message, answer: Message, revision: string): Message {
  if (answer.kind !== 'result') return answer;
  try {
    return resultOf(idOf(answer), downgradedResult(request.method ?? '', resultIn(answer), revision));
  } catch (error) {
    if (error instanceof MalformedMessage) return answer;
    throw error;
  }
}
