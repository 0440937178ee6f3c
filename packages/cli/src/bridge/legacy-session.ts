// The session that a legacy client believes in. When the hub has forgotten it, another one is opened in its place by
// saying again what the client said, and the client is told that lists may have changed.
import { memberAt, type Message } from '@mcpvault/protocol/jsonrpc/message';
import type { ClientOutput } from './client-output.ts';

export interface SessionDeps {
  readonly output: ClientOutput;
  note(text: string): void;
  /** Asks the hub in the session's name, before it serves the client again; rejects with a `BridgeFailure`. */
  ask(message: Buffer, headers: Readonly<Record<string, string>>): Promise<Asked>;
  /** Says something that has no answer; resolves when the hub has it. */
  tell(message: Buffer, headers: Readonly<Record<string, string>>): Promise<void>;
}

export interface Asked {
  readonly answer: Message;
  readonly session: string | null;
}

interface Told {
  readonly initialize: Buffer;
  initialized: Buffer | null;
  level: Message | null;
  readonly subscriptions: Map<string, Message>;
}

const lists = ['tools', 'prompts', 'resources'] as const;

export class LegacySession {
  readonly #deps: SessionDeps;
  readonly #told: Told;
  #id: string | null;
  #revision: string | null;
  #offers: ReadonlySet<string>;
  /** Counts the sessions that stood behind this one. */
  generation = 0;
  /** Questions of servers that the client has not answered; ids as JSON text. */
  readonly asked = new Set<string>();
  #reopening: Promise<void> | null = null;
  onReopened: () => void = () => {};

  /** `opened` is what the hub answered to `initialize`. */
  constructor(deps: SessionDeps, initialize: Buffer, opened: Asked) {
    this.#deps = deps;
    this.#told = { initialize, initialized: null, level: null, subscriptions: new Map() };
    this.#id = opened.session;
    this.#revision = revisionOf(opened.answer);
    this.#offers = offersOf(opened.answer);
  }

  get id(): string | null {
    return this.#id;
  }

  headers(): Record<string, string> {
    return headersOf(this.#id, this.#revision);
  }

  /** Resolves once it can be used; rejects with the failure that kept it from being opened again. */
  ready(): Promise<void> {
    return this.#reopening ?? Promise.resolve();
  }

  /** What has to be said again to a session that takes the place of this one. */
  remember(message: Message): void {
    const uri = message.target;
    if (message.method === 'notifications/initialized') this.#told.initialized = message.raw;
    else if (message.method === 'logging/setLevel') this.#told.level = message;
    else if (message.method === 'resources/subscribe' && uri !== null) this.#told.subscriptions.set(uri, message);
    else if (message.method === 'resources/unsubscribe' && uri !== null) this.#told.subscriptions.delete(uri);
  }

  /** The hub has forgotten the session of this generation; resolves once there is another one. */
  lost(generation: number): Promise<void> {
    if (generation !== this.generation) return this.ready();
    this.#reopening ??= this.#reopen().finally(() => (this.#reopening = null));
    return this.#reopening;
  }

  async #reopen(): Promise<void> {
    const { ask, tell, output, note } = this.#deps;
    const { answer, session } = await ask(this.#told.initialize, {});
    const headers = headersOf(session, revisionOf(answer));
    if (this.#told.initialized !== null) await tell(this.#told.initialized, headers);
    const again = [this.#told.level, ...this.#told.subscriptions.values()].filter((each) => each !== null);
    for (const [index, message] of again.entries()) {
      await ask(underId(message, `"mcpvault-again-${this.generation}-${index}"`), headers).catch(() => undefined);
    }
    const offered = this.#offers.union(offersOf(answer));
    this.#id = session;
    this.#revision = revisionOf(answer);
    this.#offers = offersOf(answer);
    this.generation++;
    note('the hub had forgotten the session, as after a restart; a new one was opened in its place');
    for (const id of this.asked) output.write(cancelled(id));
    this.asked.clear();
    for (const list of lists) if (offered.has(list)) output.write(changed(list));
    this.onReopened();
  }
}

function headersOf(id: string | null, revision: string | null): Record<string, string> {
  return {
    ...(id !== null && { 'mcp-session-id': id }),
    ...(revision !== null && { 'mcp-protocol-version': revision }),
  };
}

function revisionOf(answer: Message): string | null {
  const span = answer.result === null ? null : memberAt(answer.text, answer.result, 'protocolVersion');
  const value = span === null ? null : answer.scalarAt(span);
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : null;
}

/** The lists whose changes the server said it would tell of. */
function offersOf(answer: Message): ReadonlySet<string> {
  const span = answer.result === null ? null : memberAt(answer.text, answer.result, 'capabilities');
  const capabilities = (span === null ? null : answer.valueAt(span)) as Record<string, unknown> | null;
  return new Set(
    lists.filter((list) => (capabilities?.[list] as { listChanged?: unknown } | undefined)?.listChanged === true),
  );
}

function underId({ raw, idSpan }: Message, id: string): Buffer {
  if (idSpan === null) return raw;
  return Buffer.concat([raw.subarray(0, idSpan.start), Buffer.from(id), raw.subarray(idSpan.end)]);
}

function changed(list: string): Buffer {
  return Buffer.from(`{"jsonrpc":"2.0","method":"notifications/${list}/list_changed"}`);
}

function cancelled(id: string): Buffer {
  const reason = '"the hub was restarted"';
  return Buffer.from(
    `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":${id},"reason":${reason}}}`,
  );
}
