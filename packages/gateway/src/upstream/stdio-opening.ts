// How MCPVault itself opens a process that several conversations share: one `initialize` in its own name, whose answer
// serves them all. It declares no capabilities but the session context, without which nobody in particular could answer a
// server's question.
import { sessionContextKey } from '@mcpvault/domain/catalog/process-rules';
import { Failure } from '@mcpvault/domain/failure';
import { apply } from '@mcpvault/domain/redaction/apply';
import { memberAt, type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import { latestLegacy, legacyRevisions } from '@mcpvault/protocol/mcp/revision';
import type { GatewaySettings } from '../ports.ts';
import { protocolOf } from './protocol-of.ts';
import type { ServerProcess } from './process/server-process.ts';
import { declaresContext } from './session-context.ts';
import type { Call, CallSink, Outbound } from './link.ts';

/** The process's other side. */
export interface OpeningHop {
  call(link: null, request: Outbound, sink: CallSink): Call;
  send(bytes: Buffer): void;
}

type State =
  | { readonly is: 'not_begun' }
  | { readonly is: 'begun'; readonly waiting: (() => void)[] }
  | { readonly is: 'open'; readonly answer: Message; readonly declaresContext: boolean }
  | { readonly is: 'failed'; readonly failure: Failure };

const stopGrace = 2_000;

export class StdioOpening {
  readonly #hop: OpeningHop;
  readonly #process: ServerProcess;
  readonly #settings: GatewaySettings;
  #state: State = { is: 'not_begun' };

  constructor(hop: OpeningHop, process: ServerProcess, settings: GatewaySettings) {
    this.#hop = hop;
    this.#process = process;
    this.#settings = settings;
  }

  get isOpen(): boolean {
    return this.#state.is === 'open';
  }

  /** True once the server has declared that it understands the session context. */
  get declaresContext(): boolean {
    return this.#state.is === 'open' && this.#state.declaresContext;
  }

  /** Runs `ready` once the process is open, or has shown that it cannot be. */
  whenSettled(ready: (failure: Failure | null) => void): void {
    switch (this.#state.is) {
      case 'open':
        return ready(null);
      case 'failed':
        return ready(this.#state.failure);
      case 'begun':
        this.#state.waiting.push(() => this.whenSettled(ready));
        return;
      case 'not_begun':
        this.#state = { is: 'begun', waiting: [() => this.whenSettled(ready)] };
        this.#begin();
    }
  }

  /**
   * The answer to a client's own `initialize`, as text of the result. A client that asked for an older revision than the
   * server speaks is taken at its word: what newer revisions add are members that it does not read.
   */
  resultFor(request: Message): string {
    if (this.#state.is !== 'open') throw new Error('the process is not open');
    const { answer } = this.#state;
    if (answer.result === null) throw new Error('the process refused to open');
    const wanted = request.params === null ? null : memberAt(request.text, request.params, 'protocolVersion');
    const revision = wanted === null ? null : legacyRevisions.find((each) => each === request.valueAt(wanted));
    const spoken = memberAt(answer.text, answer.result, 'protocolVersion');
    if (revision == null || spoken === null || revision >= (protocolOf(answer) ?? ''))
      return answer.textAt(answer.result);
    const edit = { ...spoken, replacement: JSON.stringify(revision) };
    const delivered = apply(answer.raw, [{ ...edit, layer: 'hub', policy: null, reason: 'revision', detector: null }]);
    const { result } = parseMessage(delivered, { maxDepth: this.#settings.maxDepth, check: 'structure' });
    return result === null ? '{}' : delivered.toString('utf8', result.start, result.end);
  }

  #begin(): void {
    const clientInfo = { name: 'mcpvault', version: '0.1.0' };
    const params = {
      protocolVersion: latestLegacy,
      capabilities: { experimental: { [sessionContextKey]: {} } },
      clientInfo,
    };
    const raw = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params }));
    const message = parseMessage(raw, { maxDepth: 10, check: 'structure' });
    const timer = setTimeout(() => {
      const seconds = Math.round(this.#settings.connectTimeout / 1000);
      this.#settle(
        new Failure(
          'upstream_timeout',
          `the server "${this.#name}" did not answer initialize within ${seconds} seconds`,
        ),
      );
    }, this.#settings.connectTimeout);
    timer.unref();
    const sink = {
      related() {},
      hasRoom: () => true,
      onRoom() {},
      answer: (answer: Message) => {
        clearTimeout(timer);
        this.#settle(answer.kind === 'result' ? answer : refused(answer, this.#name));
      },
      fail: (failure: Failure) => {
        clearTimeout(timer);
        this.#settle(failure);
      },
    };
    this.#hop.call(null, { message, edits: [] }, sink);
  }

  #settle(with_: Message | Failure): void {
    if (this.#state.is !== 'begun') return;
    const { waiting } = this.#state;
    if (with_ instanceof Failure) {
      this.#state = { is: 'failed', failure: with_ };
      // Whoever comes next gets a new process, and the pool's patience with those that fail.
      void this.#process.stop({ grace: stopGrace, why: 'it could not be opened' });
    } else {
      this.#hop.send(Buffer.from('{"jsonrpc":"2.0","method":"notifications/initialized"}'));
      this.#state = { is: 'open', answer: with_, declaresContext: declaresContext(with_) };
    }
    for (const go of waiting) go();
  }

  get #name(): string {
    return this.#process.server.name;
  }
}

function refused(answer: Message, server: string): Failure {
  const error = answer.error === null ? null : (answer.valueAt(answer.error) as { message?: unknown } | null);
  const said = typeof error?.message === 'string' ? `: ${error.message.slice(0, 300)}` : '';
  return new Failure('upstream_unavailable', `the server "${server}" refused to be initialized${said}`);
}
