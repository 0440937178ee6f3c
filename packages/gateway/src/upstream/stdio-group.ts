// The processes of one server that the same conversations share, one or a pool of them: each call goes to the one with the
// fewest, waits its turn where all are busy, and finds another process when one has ended. What has to stay with a process,
// stays: subscriptions, tasks, and everything of a process that belongs to a single session.
import type { Clock } from '@mcpvault/domain/ambient';
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import { Failure } from '@mcpvault/domain/failure';
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import type { GatewaySettings, Log } from '../ports.ts';
import { answerLater, refuseLater } from './answer-later.ts';
import { FairQueue } from './fair-queue.ts';
import type { Call, CallSink, Listener, Outbound } from './link.ts';
import { MuxPool } from './mux-pool.ts';
import { deaf, ownRequest } from './own-request.ts';
import { ownTasksOnly } from './own-tasks.ts';
import type { ServerProcess } from './process/server-process.ts';
import { declaresContext } from './session-context.ts';
import { SharedSubscriptions } from './shared-subscriptions.ts';
import { type LinkOwner, type StdioHop, StdioLink } from './stdio-link.ts';
import { type Crowd, StdioMux } from './stdio-mux.ts';
import { TaskOwners } from './task-owners.ts';

export interface StdioGroupDeps {
  readonly server: ServerEntry;
  readonly serves: StdioHop['serves'];
  readonly oneMember: boolean;
  /** Nobody else will ever ask for its process, which ends with the link. */
  readonly single: boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: GatewaySettings;
  /** Starts a process, or finds it; `idleSince` tells since when nobody needs it, in microseconds, or null. */
  acquire(place: number, idleSince: () => number | null): ServerProcess;
  release(process: ServerProcess): void;
  /** Nobody uses the group any more, and nothing runs in it. */
  onEmpty(): void;
}

interface Waiting {
  readonly link: StdioLink;
  readonly request: Outbound;
  readonly sink: CallSink;
  /** Microseconds: after this it waits no longer. */
  readonly until: number;
  call: Call | null;
}

/** Microseconds that a process has to show that it is there. */
const wellWithin = 2_000_000;
const stopGrace = 2_000;

export class StdioGroup implements StdioHop, Crowd {
  readonly #deps: StdioGroupDeps;
  readonly #pool: MuxPool;
  readonly links = new Set<StdioLink>();
  readonly #byConversation = new Map<string, StdioLink>();
  readonly #queue = new FairQueue<Waiting>();
  readonly #subscriptions = new SharedSubscriptions(this.links);
  readonly #tasks = new TaskOwners<StdioMux>();
  /** Processes that were asked whether they are there, and when. */
  readonly #askedWell = new Map<StdioMux, number>();
  /** A newer version of the server is in use: this one only finishes what it has begun, until then, in microseconds. */
  #outdated: { readonly failure: Failure; readonly until: number } | null = null;
  /** Of a process that its client opened: the server understands the session context. */
  #declares = false;

  constructor(deps: StdioGroupDeps) {
    this.#deps = deps;
    this.#pool = new MuxPool({
      ...deps,
      make: (place) => this.#make(place),
      onReady: () => this.#serve(),
      onTrouble: (failure) => this.#failQueue(failure),
    });
  }

  get serves(): StdioHop['serves'] {
    return this.#deps.serves;
  }

  get oneMember(): boolean {
    return this.#deps.oneMember;
  }

  /** Requests that were not answered yet. */
  get waiting(): number {
    let waiting = this.#queue.size;
    for (const mux of this.#pool.all()) waiting += mux.waiting;
    return waiting;
  }

  get isEmpty(): boolean {
    return this.links.size === 0 && this.#pool.size === 0;
  }

  /** The one that runs in this process, for those who look at it. */
  muxOf(process: ServerProcess): StdioMux | null {
    return this.#pool.all().find((mux) => mux.process === process) ?? null;
  }

  /** Throws a `Failure` when no process can be had. */
  link(listener: Listener, owner: LinkOwner, onClose: () => void): StdioLink {
    if (this.#pool.isDown) this.#pool.start();
    const link = new StdioLink(this, listener, owner, () => {
      this.links.delete(link);
      if (this.#byConversation.get(owner.conversation) === link) this.#byConversation.delete(owner.conversation);
      onClose();
      if (this.#deps.single) for (const mux of this.#pool.all()) this.#end(mux, 'its session ended');
      this.#settle();
    });
    this.links.add(link);
    this.#byConversation.set(owner.conversation, link);
    return link;
  }

  unlink(link: StdioLink): void {
    for (const mux of this.#pool.all()) mux.leave(link);
    this.#queue.takeAll((waiting) => waiting.link === link);
    for (const uri of link.subscriptions ?? []) {
      const teller = this.#subscriptions.unwanted(uri, link);
      teller?.call(null, ownRequest('resources/unsubscribe', { uri }), deaf);
    }
  }

  call(link: StdioLink, request: Outbound, sink: CallSink): Call {
    const { method } = request.message;
    if (method?.startsWith('tasks/') === true && this.serves !== 'session' && !this.oneMember) {
      return this.#aboutTask(link, request, sink);
    }
    const mux = this.#queue.size === 0 ? this.#pool.freest() : null;
    return mux === null ? this.#wait(link, request, sink) : mux.call(link, request, sink);
  }

  greet(_link: StdioLink, request: Message, sink: CallSink): Call {
    let cancelled = false;
    this.#pool.whenOpen((found) => {
      if (cancelled) return;
      if (found instanceof Failure) sink.fail(found);
      else answerLater(request, found.opening.resultFor(request), sink);
    });
    return {
      cancel() {
        cancelled = true;
      },
    };
  }

  /** Whoever else wants the same updates gets them from the same process. */
  subscribe(link: StdioLink, request: Outbound, uri: string, sink: CallSink): Call {
    link.subscriptions ??= new Set();
    link.subscriptions.add(uri);
    const mux = this.#subscriptions.tellerOf(uri) ?? this.#pool.freest();
    if (mux === null) return this.#wait(link, request, sink);
    this.#subscriptions.told(uri, mux);
    return mux.call(link, request, sink);
  }

  unsubscribe(link: StdioLink, request: Outbound, uri: string, sink: CallSink): Call {
    link.subscriptions?.delete(uri);
    const teller = this.#subscriptions.unwanted(uri, link);
    return teller === null ? answerLater(request.message, '{}', sink) : teller.call(link, request, sink);
  }

  tell(_link: StdioLink, bytes: Buffer): void {
    for (const mux of this.#pool.all()) mux.send(bytes);
  }

  answer(link: StdioLink, answer: Outbound): void {
    for (const mux of this.#pool.all()) if (mux.answer(link, answer)) return;
  }

  linkOf(conversation: string): StdioLink | null {
    return this.#byConversation.get(conversation) ?? null;
  }

  sendsContext(mux: StdioMux): boolean {
    const { sessionContext } = this.#deps.server.processes;
    return (
      sessionContext === 'always' || (sessionContext === 'declared' && (this.#declares || mux.opening.declaresContext))
    );
  }

  taskOwner(task: string): string | null {
    return this.#tasks.get(task, this.#deps.clock.now())?.conversation ?? null;
  }

  answered(mux: StdioMux, link: StdioLink, request: Message, answer: Message): void {
    if (this.serves === 'session') {
      if (request.method === 'initialize') this.#declares = declaresContext(answer);
      return;
    }
    if (request.method !== 'tools/call') return;
    const { member, conversation } = link.owner;
    this.#tasks.note(answer, { member, conversation, place: mux }, this.#deps.clock.now());
  }

  freed(mux: StdioMux): void {
    if (this.#queue.size > 0) this.#serve();
    if (this.#outdated !== null) this.#finish();
    else if (mux.leaving) this.#stopIfDone(mux);
  }

  ended(mux: StdioMux, failure: Failure): void {
    this.#pool.remove(mux);
    this.#tasks.forget(mux);
    this.#askedWell.delete(mux);
    if (this.serves === 'session') for (const link of [...this.links]) link.lose(failure, true);
    else {
      this.#subscriptions.forget(mux);
      this.#subscribeAgain(failure);
    }
    if (this.#queue.size > 0) this.#serve();
    this.#settle();
  }

  /** A newer version is in use: nothing new begins here, and what is under way is finished. */
  replace(failure: Failure): void {
    if (this.#outdated !== null) return;
    this.#pool.closed = failure;
    this.#outdated = { failure, until: this.#deps.clock.micros() + this.#deps.settings.callTimeout * 1_000 };
    this.#finish();
  }

  /** Called about once a second. */
  sweep(now: number): void {
    const { limits } = this.#deps.server.processes;
    for (const waiting of this.#queue.takeAll((each) => each.until <= now)) {
      waiting.sink.fail(this.#tooBusy('waited too long for its turn'));
    }
    for (const mux of this.#pool.all()) {
      mux.sweep(now);
      if (limits.callSeconds !== null) this.#endOverdue(mux, limits.callSeconds, now);
      const age = (this.#deps.clock.now() - mux.process.startedAt) / 1000;
      if (limits.lifeSeconds !== null && age > limits.lifeSeconds && !mux.leaving) this.#retire(mux);
      this.#pool.watch(mux, now);
    }
    if (this.#queue.size > 0) this.#serve();
    if (this.#outdated !== null) this.#finish();
    if (this.#outdated !== null && this.#outdated.until <= now) {
      for (const mux of this.#pool.all()) this.#end(mux, 'a newer version took its place');
    }
  }

  #make(place: number): StdioMux {
    let mux: StdioMux | null = null;
    const process = this.#deps.acquire(place, () => (mux === null ? null : this.#idleSince(mux)));
    const { clock, log, settings, server } = this.#deps;
    mux = new StdioMux({ process, crowd: this, clock, log, settings });
    mux.timesCalls = server.processes.limits.callSeconds !== null;
    return mux;
  }

  #wait(link: StdioLink, request: Outbound, sink: CallSink): Call {
    const { queue, queueSeconds } = this.#deps.server.processes;
    const opening = this.#pool.ready === 0 ? this.#pool.room : 0;
    if (this.#queue.size >= queue + opening) {
      const failure = this.#outdated?.failure ?? this.#tooBusy('would have been one too many to wait');
      queueMicrotask(() => sink.fail(failure));
      return { cancel() {} };
    }
    const until =
      this.#deps.clock.micros() +
      queueSeconds * 1_000_000 +
      (opening > 0 ? this.#deps.settings.connectTimeout * 1_000 : 0);
    const waiting: Waiting = { link, request, sink, until, call: null };
    this.#queue.add(link.owner.member, waiting);
    this.#serve();
    return {
      cancel: (reason) => {
        if (waiting.call === null) this.#queue.takeAll((each) => each === waiting);
        else waiting.call.cancel(reason);
      },
    };
  }

  /** Gives those that wait to whoever has room. */
  #serve(): void {
    while (this.#queue.size > 0) {
      const mux = this.#pool.freest();
      const waiting = mux === null ? null : this.#queue.take();
      if (mux === null || waiting === null) break;
      const { link, request, sink } = waiting;
      const { method, target } = request.message;
      if (method === 'resources/subscribe' && target !== null) this.#subscriptions.told(target, mux);
      waiting.call = mux.call(link, request, sink);
    }
    if (this.#queue.size > 0 && this.#pool.isDown) this.#startOrFail();
  }

  /** Nobody runs, and nobody is being started: what hinders it is said to those who wait. */
  #startOrFail(): void {
    try {
      this.#pool.start();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return this.#failQueue(error);
    }
    if (this.#pool.ready > 0) this.#serve();
  }

  #failQueue(failure: Failure): void {
    for (const { sink } of this.#queue.takeAll()) queueMicrotask(() => sink.fail(failure));
  }

  #tooBusy(what: string): Failure {
    const { name, processes } = this.#deps.server;
    const all = this.#pool.most === 1 ? 'the process' : `all ${this.#pool.ready} processes`;
    const { queue, queueSeconds } = processes;
    const bounds = `${queue} calls may wait, for ${queueSeconds} s each`;
    const text = `${all} of the server "${name}" have as many calls as they get at once, and this one ${what} (${bounds}); try again in a moment`;
    return new Failure('busy', text, { retryAfterMs: 1_000 });
  }

  #aboutTask(link: StdioLink, request: Outbound, sink: CallSink): Call {
    const { message } = request;
    const { member } = link.owner;
    if (message.method === 'tasks/list') {
      const place = [...this.#tasks.placesOf(member)].at(-1);
      if (place === undefined) return answerLater(message, '{"tasks":[]}', sink);
      const isOwn = (task: string) => this.#tasks.get(task, this.#deps.clock.now())?.member === member;
      return place.call(link, request, ownTasksOnly(sink, isOwn));
    }
    const task = this.#tasks.get(message.target, this.#deps.clock.now());
    // What belongs to another member and what does not exist read the same.
    if (task === null || task.member !== member) return refuseLater(message, -32602, 'there is no such task', sink);
    return task.place.call(link, request, sink);
  }

  /** What was subscribed with a process that ended is subscribed with the next one, which this starts. */
  #subscribeAgain(failure: Failure): void {
    if (this.#subscriptions.untold().size === 0) return;
    if (this.#outdated !== null) return this.#forget(failure);
    this.#pool.whenOpen((found) => {
      if (!(found instanceof Failure)) return this.#subscribeWith(found);
      const retry = found.details?.['retryAfterMs'];
      if (typeof retry !== 'number') return this.#forget(found);
      setTimeout(() => this.#subscribeAgain(found), retry + 1).unref();
    });
  }

  #subscribeWith(mux: StdioMux): void {
    for (const uri of this.#subscriptions.untold()) {
      this.#subscriptions.told(uri, mux);
      mux.call(null, ownRequest('resources/subscribe', { uri }), deaf);
    }
  }

  /** Conversations that would wait for news in vain. */
  #forget(failure: Failure): void {
    for (const link of this.#subscriptions.deaf()) link.lose(failure, true);
  }

  /** Whoever made calls wait too long is asked whether it is there at all; without any answer it is ended. */
  #endOverdue(mux: StdioMux, seconds: number, now: number): void {
    const { name } = this.#deps.server;
    const text = `the call took longer than the ${seconds} s that calls of the server "${name}" may take`;
    const failed = mux.failOlderThan(seconds * 1_000_000, now, new Failure('upstream_timeout', text));
    const asked = this.#askedWell.get(mux);
    if (asked !== undefined && now - asked > wellWithin) {
      this.#askedWell.delete(mux);
      this.#end(mux, 'it did not answer within the time that a call may take');
    } else if (asked === undefined && failed > 0) {
      this.#askedWell.set(mux, now);
      const well = (): void => void this.#askedWell.delete(mux);
      mux.call(null, ownRequest('ping'), { ...deaf, answer: well, fail: well });
    }
  }

  #retire(mux: StdioMux): void {
    mux.leaving = true;
    this.#pool.spare(mux);
    this.#stopIfDone(mux);
  }

  #stopIfDone(mux: StdioMux): void {
    const runsTasks = this.#tasks.runsAt(mux, this.#deps.clock.now());
    if (mux.waiting > 0 || mux.hasQuestions || (runsTasks && this.#outdated === null)) return;
    this.#end(mux, this.#outdated === null ? 'it has lived as long as it may' : 'a newer version took its place');
  }

  #end(mux: StdioMux, why: string): void {
    mux.leaving = true;
    this.#pool.spare(mux);
    void mux.process.stop({ grace: stopGrace, why });
    this.#deps.release(mux.process);
  }

  /**
   * Conversations leave an outdated group once their calls are answered, and it ends with the last of them. With the newer
   * version they go on where nothing of theirs is lost with these processes, and begin anew where something is.
   */
  #finish(): void {
    if (this.#outdated === null) return;
    const { failure } = this.#outdated;
    for (const link of [...this.links]) {
      if (this.#isUsedBy(link)) continue;
      link.lose(failure, this.serves === 'session' || (link.subscriptions?.size ?? 0) > 0);
    }
    if (this.links.size === 0) for (const mux of this.#pool.all()) this.#retire(mux);
  }

  #isUsedBy(link: StdioLink): boolean {
    if (this.#queue.some((waiting) => waiting.link === link)) return true;
    return this.#pool.all().some((mux) => mux.isUsedBy(link));
  }

  #idleSince(mux: StdioMux): number | null {
    if (this.serves === 'session' && this.links.size > 0) return null;
    if (mux.waiting > 0 || mux.hasQuestions || this.#tasks.runsAt(mux, this.#deps.clock.now())) return null;
    return this.#subscriptions.isTeller(mux) ? null : mux.usedAt;
  }

  #settle(): void {
    if (this.isEmpty) this.#deps.onEmpty();
  }
}
