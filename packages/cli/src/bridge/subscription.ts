import { memberAt, type Message } from '@mcpvault/protocol/jsonrpc/message';
import type { ClientOutput } from './client-output.ts';

const changes = {
  toolsListChanged: 'notifications/tools/list_changed',
  promptsListChanged: 'notifications/prompts/list_changed',
  resourcesListChanged: 'notifications/resources/list_changed',
} as const;

/** A modern client's `subscriptions/listen`, which outlives the hub's restarts: what changed meanwhile is not known. */
export class Subscription {
  readonly #request: Message;
  readonly #output: ClientOutput;
  #acknowledged = false;

  constructor(request: Message, output: ClientOutput) {
    this.#request = request;
    this.#output = output;
  }

  /** True for what the client knows already; then it hears in its place that lists may have changed. */
  swallows(message: Message): boolean {
    if (message.method !== 'notifications/subscriptions/acknowledged') return false;
    const isFirst = !this.#acknowledged;
    this.#acknowledged = true;
    if (isFirst) return false;
    const honoured = filterOf(message);
    for (const [wanted, method] of Object.entries(changes)) {
      if (honoured[wanted] === true) this.#output.write(this.#changed(method));
    }
    return true;
  }

  #changed(method: string): Buffer {
    const id = this.#request.idSpan === null ? 'null' : this.#request.textAt(this.#request.idSpan);
    const meta = `{"io.modelcontextprotocol/subscriptionId":${id}}`;
    return Buffer.from(`{"jsonrpc":"2.0","method":"${method}","params":{"_meta":${meta}}}`);
  }
}

function filterOf(message: Message): Readonly<Record<string, unknown>> {
  const span = message.params === null ? null : memberAt(message.text, message.params, 'notifications');
  const filter = span === null ? null : message.valueAt(span);
  return typeof filter === 'object' && filter !== null ? (filter as Record<string, unknown>) : {};
}
