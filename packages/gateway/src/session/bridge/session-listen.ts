// A modern client's `subscriptions/listen` on a legacy server: what the server says unasked, for those who asked for it.
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import { ObjectText } from '@mcpvault/protocol/jsonrpc/object-text';
import { metaKeys } from '@mcpvault/protocol/mcp/revision';
import type { Call, CallSink } from '../../upstream/link.ts';
import type { LegacySession } from './legacy-session.ts';
import { decorated } from './results.ts';
import { detailsOf } from './session-tasks.ts';
import { notificationOf, paramsOf, resultOf } from './words.ts';

/** Notifications by the member of the filter that asks for them, and the capability by which a server promises them. */
const lists = [
  ['toolsListChanged', 'tools', 'notifications/tools/list_changed'],
  ['promptsListChanged', 'prompts', 'notifications/prompts/list_changed'],
  ['resourcesListChanged', 'resources', 'notifications/resources/list_changed'],
] as const;
/** Resources, or tasks, that one subscription may watch. */
const mostUris = 1_000;

export class SessionListen implements Call {
  readonly #session: LegacySession;
  /** JSON text of the id of the client's request, which is the name of the subscription. */
  readonly #id: string;
  readonly #sink: CallSink;
  readonly #methods = new Set<string>();
  readonly #uris = new Set<string>();
  readonly #tasks = new Set<string>();
  #done = false;

  constructor(session: LegacySession, id: string, sink: CallSink) {
    this.#session = session;
    this.#id = id;
    this.#sink = sink;
  }

  /** Subscribes to what the server can honour, and says to the client what that is. */
  async begin(wanted: ObjectText): Promise<void> {
    if (this.#done) return;
    const { capabilities } = this.#session;
    const honoured = ObjectText.of(null);
    for (const [member, capability, method] of lists) {
      if (wanted.get(member) !== 'true' || capabilities.inner(capability).get('listChanged') !== 'true') continue;
      honoured.set(member, 'true');
      this.#methods.add(method);
    }
    await this.#session.hear(this);
    const uris =
      capabilities.inner('resources').get('subscribe') === 'true' ? stringsIn(wanted, 'resourceSubscriptions') : [];
    await Promise.all(uris.map((uri) => this.#watch(uri)));
    if (this.#session.offersTasks) for (const task of stringsIn(wanted, 'taskIds')) this.#tasks.add(task);
    if (this.#tasks.size > 0) honoured.set('taskIds', JSON.stringify([...this.#tasks]));
    if (this.#uris.size > 0) honoured.set('resourceSubscriptions', JSON.stringify([...this.#uris]));
    if (this.#done) return this.#release();
    const params = ObjectText.of(null).set('notifications', honoured.toString());
    this.#sink.related(this.#marked('notifications/subscriptions/acknowledged', params));
  }

  heard(message: Message): void {
    const { method, target } = message;
    if (this.#done || method === null) return;
    if (method === 'notifications/tasks/status') return this.#taskChanged(message);
    const wanted =
      method === 'notifications/resources/updated'
        ? target !== null && this.#uris.has(target)
        : this.#methods.has(method);
    if (wanted) this.#sink.related(this.#marked(method, paramsOf(message)));
  }

  cancel(): void {
    if (this.#done) return;
    this.#done = true;
    this.#release();
  }

  /** The server has no more to say: the client may listen anew. */
  end(): void {
    if (this.#done) return;
    this.cancel();
    const result = decorated('subscriptions/listen', ObjectText.of(null), this.#session.serverInfo);
    const meta = result.inner('_meta').set(metaKeys.subscriptionId, this.#id);
    this.#sink.answer(resultOf(this.#id, result.set('_meta', meta.toString())), 200);
  }

  async #watch(uri: string): Promise<void> {
    if ((await this.#session.watch(uri)) === null) this.#uris.add(uri);
  }

  /** A notification says all that an answer would say. */
  #taskChanged(message: Message): void {
    const core = paramsOf(message);
    const task = core.string('taskId');
    if (task === null || !this.#tasks.has(task)) return;
    detailsOf(this.#session, task, core).then(
      (detailed) => {
        if (!this.#done) this.#sink.related(this.#marked('notifications/tasks', detailed));
      },
      // Who asks for its state learns why it cannot be told.
      () => undefined,
    );
  }

  #release(): void {
    this.#session.unhear(this);
    for (const uri of this.#uris) this.#session.unwatch(uri);
    this.#uris.clear();
  }

  #marked(method: string, params: ObjectText): Message {
    const meta = params.inner('_meta').set(metaKeys.subscriptionId, this.#id);
    return notificationOf(method, params.set('_meta', meta.toString()));
  }
}

function stringsIn(wanted: ObjectText, member: string): readonly string[] {
  const said = wanted.value(member);
  return Array.isArray(said)
    ? [...new Set(said.filter((each): each is string => typeof each === 'string'))].slice(0, mostUris)
    : [];
}
