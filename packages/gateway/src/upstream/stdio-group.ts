// The processes of one server that the same conversations share, one or a pool of them: each call goes to the one with the
// fewest, waits its turn where all are busy, and finds another process when one has ended. What has to stay with a process,
// stays: subscriptions, tasks, and everything of a process that belongs to a single session.
import type { Clock } from '@mcpvault/domain/ambient';
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import { Failure } from '@mcpvault/domain/failure';
import { type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import type { GatewaySettings, Log } from '../ports.ts';
import { answerLater, refuseLater } from './answer-later.ts';
import { FairQueue } from './fair-queue.ts';
import type { Call, CallSink, Listener, Outbound } from './link.ts';
import { ownTasksOnly } from './own-tasks.ts';
import type { ServerProcess } from './process/server-process.ts';
import { declaresContext } from './session-context.ts';
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
  gone: boolean;
}

/** With fewer calls under way than this, another process would not be worth its start. */
const growAt = 8;
/** Microseconds that a process may owe answers in silence before calls go elsewhere, where they can. */
const unwell = 15_000_000;
/** Microseconds that a process has to show that it is there. */
const wellWithin = 2_000_000;
const stopGrace = 2_000;

export class StdioGroup implements StdioHop, Crowd {
  readonly #deps: StdioGroupDeps;
  readonly #most: number;
  readonly #atOnce: number;
  /** Those that may get calls. */
  #ready: StdioMux[] = [];
  /** All that run, by the place that each has in the pool. */
  readonly #muxes = new Map<StdioMux, number>();
  #starting = 0;
  readonly links = new Set<StdioLink>();
  readonly #byConversation = new Map<string, StdioLink>();
  readonly #queue = new FairQueue<Waiting>();
  readonly #subscribed = new Map<string, StdioMux>();
  readonly #tasks = new TaskOwners<StdioMux>();
  /** Processes that were asked whether they are there, and when. */
  readonly #askedWell = new Map<StdioMux, number>();
  /** Microseconds: no further process is started before. */
  #growAfter = 0;
  /** A newer version of the server is in use: this one only finishes what it has begun. */
  #outdated: Failure | null = null;
  /** Of a process that its client opened: the server understands the session context. */
  #declares = false;

  constructor(deps: StdioGroupDeps) {
    this.#deps = deps;
    const { isolation, processes } = deps.server;
    const isPool = isolation === 'shared' && deps.serves !== 'session';
    this.#most = isPool ? processes.connections : 1;
    this.#atOnce = deps.serves === 'session' ? Number.POSITIVE_INFINITY : processes.callsPerConnection;
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
    for (const mux of this.#muxes.keys()) waiting += mux.waiting;
    return waiting;
  }

  get isEmpty(): boolean {
    return this.links.size === 0 && this.#muxes.size === 0;
  }

  /** The one that runs in this process, for those who look at it. */
  muxOf(process: ServerProcess): StdioMux | null {
    for (const mux of this.#muxes.keys()) if (mux.process === process) return mux;
    return null;
  }

  /** Throws a `Failure` when no process can be had. */
  link(listener: Listener, owner: LinkOwner, onClose: () => void): StdioLink {
    if (this.#ready.length === 0 && this.#starting === 0) this.#start();
    const link = new StdioLink(this, listener, owner, () => {
      this.links.delete(link);
      if (this.#byConversation.get(owner.conversation) === link) this.#byConversation.delete(owner.conversation);
      onClose();
      if (this.#deps.single) for (const mux of this.#muxes.keys()) this.#end(mux, 'its session ended');
      this.#settle();
    });
    this.links.add(link);
    this.#byConversation.set(owner.conversation, link);
    return link;
  }

  unlink(link: StdioLink): void {
    for (const mux of this.#muxes.keys()) mux.leave(link);
    this.#queue.takeAll((waiting) => waiting.link === link);
    for (const uri of link.subscriptions ?? []) this.#unwanted(uri, link);
  }

  call(link: StdioLink, request: Outbound, sink: CallSink): Call {
    const { method } = request.message;
    if (method?.startsWith('tasks/') === true && this.serves !== 'session' && !this.oneMember) {
      return this.#aboutTask(link, request, sink);
    }
    const mux = this.#queue.size === 0 ? this.#freest() : null;
    return mux === null ? this.#wait(link, request, sink) : mux.call(link, request, sink);
  }

  greet(_link: StdioLink, request: Message, sink: CallSink): Call {
    let cancelled = false;
    this.#whenOpen((failure, mux) => {
      if (cancelled) return;
      if (failure !== null) sink.fail(failure);
      else answerLater(request, mux.opening.resultFor(request), sink);
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
    const mux = this.#subscribed.get(uri) ?? this.#freest();
    if (mux === null) return this.#wait(link, request, sink);
    this.#subscribed.set(uri, mux);
    return mux.call(link, request, sink);
  }

  unsubscribe(link: StdioLink, request: Outbound, uri: string, sink: CallSink): Call {
    link.subscriptions?.delete(uri);
    const mux = this.#subscribed.get(uri);
    if (mux === undefined || this.#subscribedElsewhere(uri, link)) return answerLater(request.message, '{}', sink);
    this.#subscribed.delete(uri);
    return mux.call(link, request, sink);
  }

  tell(_link: StdioLink, bytes: Buffer): void {
    for (const mux of this.#muxes.keys()) mux.send(bytes);
  }

  answer(link: StdioLink, answer: Outbound): void {
    for (const mux of this.#muxes.keys()) if (mux.answer(link, answer)) return;
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
    this.#muxes.delete(mux);
    this.#ready = this.#ready.filter((each) => each !== mux);
    this.#tasks.forget(mux);
    this.#askedWell.delete(mux);
    if (this.serves === 'session') for (const link of [...this.links]) link.lose(failure, true);
    else {
      for (const [uri, at] of this.#subscribed) if (at === mux) this.#subscribed.delete(uri);
      this.#subscribeAgain(failure);
    }
    if (this.#queue.size > 0) this.#serve();
    this.#settle();
  }

  /** A newer version is in use: nothing new begins here, and what is under way is finished. */
  replace(failure: Failure): void {
    this.#outdated = failure;
    this.#finish();
  }

  /** Called about once a second. */
  sweep(now: number): void {
    const { limits } = this.#deps.server.processes;
    for (const waiting of this.#queue.takeAll((each) => each.until <= now)) {
      if (!waiting.gone) waiting.sink.fail(this.#tooBusy('waited too long for its turn'));
    }
    for (const mux of [...this.#muxes.keys()]) {
      mux.sweep(now);
      if (limits.callSeconds !== null) this.#endOverdue(mux, limits.callSeconds, now);
      const age = (this.#deps.clock.now() - mux.process.startedAt) / 1000;
      if (limits.lifeSeconds !== null && age > limits.lifeSeconds && !mux.leaving) this.#retire(mux);
      this.#watch(mux, now);
    }
    if (this.#queue.size > 0) this.#serve();
    if (this.#outdated !== null) this.#finish();
  }

  /** The process with the fewest calls, if it has room for one more; starts another where that helps. */
  #freest(): StdioMux | null {
    const best = this.#fewest();
    if (best !== null) {
      const crowded = best.waiting >= growAt && this.#ready.length < this.#most;
      if (crowded && best.isBehind(this.#deps.clock.micros())) this.#grow();
      return best;
    }
    this.#grow();
    return this.#fewest();
  }

  #fewest(): StdioMux | null {
    let best: StdioMux | null = null;
    for (const mux of this.#ready) {
      if (mux.waiting < this.#atOnce && (best === null || mux.waiting < best.waiting)) best = mux;
    }
    return best;
  }

  #grow(): void {
    const room = this.#ready.length + this.#starting < this.#most;
    if (!room || this.#starting > 0 || this.#outdated !== null || this.#deps.clock.micros() < this.#growAfter) return;
    try {
      this.#start();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.#notStarted(error);
    }
  }

  #start(): void {
    if (this.#outdated !== null) throw this.#outdated;
    const taken = new Set([...this.#muxes].filter(([mux]) => !mux.process.ending).map(([, at]) => at));
    let place = 0;
    while (taken.has(place)) place++;
    let mux: StdioMux | null = null;
    const process = this.#deps.acquire(place, () => (mux === null ? null : this.#idleSince(mux)));
    const { clock, log, settings } = this.#deps;
    mux = new StdioMux({ process, crowd: this, clock, log, settings });
    mux.timesCalls = this.#deps.server.processes.limits.callSeconds !== null;
    this.#muxes.set(mux, place);
    if (this.serves !== 'sessions') this.#ready.push(mux);
    else this.#open(mux);
  }

  #open(mux: StdioMux): void {
    this.#starting++;
    mux.opening.whenSettled((failure) => {
      this.#starting--;
      if (failure !== null) {
        mux.leaving = true;
        return this.#notStarted(failure);
      }
      if (this.#muxes.has(mux) && !mux.leaving) this.#ready.push(mux);
      this.#serve();
    });
  }

  /** As long as others run, they take the calls; where none does, nobody need wait. */
  #notStarted(failure: Failure): void {
    const retry = failure.details?.['retryAfterMs'];
    this.#growAfter = this.#deps.clock.micros() + (typeof retry === 'number' ? retry : 1_000) * 1_000;
    if (this.#ready.length > 0 || this.#starting > 0) return;
    this.#growAfter = 0;
    for (const { sink, gone } of this.#queue.takeAll()) if (!gone) queueMicrotask(() => sink.fail(failure));
  }

  #wait(link: StdioLink, request: Outbound, sink: CallSink): Call {
    const { queue, queueSeconds } = this.#deps.server.processes;
    const opening = this.#ready.length === 0 ? this.#atOnce * this.#most : 0;
    if (this.#queue.size >= queue + opening) {
      const failure = this.#outdated ?? this.#tooBusy('would have been one too many to wait');
      queueMicrotask(() => sink.fail(failure));
      return { cancel() {} };
    }
    const until =
      this.#deps.clock.micros() +
      queueSeconds * 1_000_000 +
      (opening > 0 ? this.#deps.settings.connectTimeout * 1_000 : 0);
    const waiting: Waiting = { link, request, sink, until, call: null, gone: false };
    this.#queue.add(link.owner.member, waiting);
    this.#serve();
    return {
      cancel(reason) {
        waiting.gone = true;
        waiting.call?.cancel(reason);
      },
    };
  }

  /** Gives those that wait to whoever has room. */
  #serve(): void {
    while (this.#queue.size > 0) {
      const mux = this.#freest();
      if (mux === null) break;
      const waiting = this.#queue.take();
      if (waiting === null || waiting.gone) continue;
      const { link, request, sink } = waiting;
      const { method, target } = request.message;
      if (method === 'resources/subscribe' && target !== null) this.#subscribed.set(target, mux);
      waiting.call = mux.call(link, request, sink);
    }
    if (this.#queue.size > 0 && this.#ready.length === 0 && this.#starting === 0) this.#giveUp();
  }

  /** Nobody runs, and nobody is being started: what hindered it is said to those who wait. */
  #giveUp(): void {
    try {
      this.#start();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      for (const { sink, gone } of this.#queue.takeAll()) if (!gone) queueMicrotask(() => sink.fail(error));
      return;
    }
    if (this.#ready.length > 0) this.#serve();
  }

  #tooBusy(what: string): Failure {
    const { name, processes } = this.#deps.server;
    const all = this.#most === 1 ? 'the process' : `all ${this.#ready.length} processes`;
    const { queue, queueSeconds } = processes;
    const bounds = `${queue} calls may wait, for ${queueSeconds} s each`;
    const text = `${all} of the server "${name}" have as many calls as they get at once, and this one ${what} (${bounds}); try again in a moment`;
    return new Failure('busy', text, { retryAfterMs: 1_000 });
  }

  #whenOpen(ready: (failure: Failure | null, mux: StdioMux) => void): void {
    const find = (): StdioMux | undefined => this.#ready[0] ?? [...this.#muxes.keys()].find((each) => !each.leaving);
    let mux = find();
    if (mux === undefined) {
      try {
        this.#start();
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        return queueMicrotask(() => ready(error, undefined as never));
      }
      mux = find();
    }
    if (mux !== undefined) mux.opening.whenSettled((failure) => ready(failure, mux));
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

  #subscribedElsewhere(uri: string, than: StdioLink): boolean {
    for (const link of this.links) if (link !== than && link.subscriptions?.has(uri) === true) return true;
    return false;
  }

  /** Nobody hears of the resource any more, unless somebody else does. */
  #unwanted(uri: string, link: StdioLink): void {
    const mux = this.#subscribed.get(uri);
    if (mux === undefined || this.#subscribedElsewhere(uri, link)) return;
    this.#subscribed.delete(uri);
    this.#ask(mux, 'resources/unsubscribe', uri);
  }

  /** What was subscribed with a process that ended is subscribed with the next one, which this starts. */
  #subscribeAgain(failure: Failure): void {
    if (this.#unheard().size === 0) return;
    if (this.#outdated !== null) return this.#forget(failure);
    this.#whenOpen((trouble, mux) => {
      if (trouble === null) return this.#subscribeWith(mux);
      const retry = trouble.details?.['retryAfterMs'];
      if (typeof retry !== 'number') return this.#forget(trouble);
      setTimeout(() => this.#subscribeAgain(trouble), retry + 1).unref();
    });
  }

  #subscribeWith(mux: StdioMux): void {
    for (const uri of this.#unheard()) {
      this.#subscribed.set(uri, mux);
      this.#ask(mux, 'resources/subscribe', uri);
    }
  }

  /** What conversations want to hear of, and no process tells. */
  #unheard(): ReadonlySet<string> {
    const unheard = new Set<string>();
    for (const { subscriptions } of this.links) {
      for (const uri of subscriptions ?? []) if (!this.#subscribed.has(uri)) unheard.add(uri);
    }
    return unheard;
  }

  /** Conversations that would wait for news in vain. */
  #forget(failure: Failure): void {
    const unheard = this.#unheard();
    for (const link of [...this.links]) {
      if ([...(link.subscriptions ?? [])].some((uri) => unheard.has(uri))) link.lose(failure, true);
    }
  }

  #ask(mux: StdioMux, method: string, uri: string): void {
    mux.call(null, ownRequest(method, { uri }), deaf);
  }

  /** A process that stays silent is spared further calls as long as others are there, and gets some again once it speaks. */
  #watch(mux: StdioMux, now: number): void {
    if (this.#most === 1 || mux.leaving) return;
    const isReady = this.#ready.includes(mux);
    const isWell = mux.silentFor(now) < unwell;
    if (isReady && !isWell) {
      this.#ready = this.#ready.filter((each) => each !== mux);
      const { name } = this.#deps.server;
      this.#deps.log.warn(
        { server: name, process: mux.process.id },
        'a process owes answers and is silent; calls go to others',
      );
    } else if (!isReady && isWell && (this.serves !== 'sessions' || mux.opening.isOpen)) this.#ready.push(mux);
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
    this.#ready = this.#ready.filter((each) => each !== mux);
    this.#stopIfDone(mux);
  }

  #stopIfDone(mux: StdioMux): void {
    const runsTasks = this.#tasks.runsAt(mux, this.#deps.clock.now());
    if (mux.waiting > 0 || mux.hasQuestions || (runsTasks && this.#outdated === null)) return;
    this.#end(mux, this.#outdated === null ? 'it has lived as long as it may' : 'a newer version took its place');
  }

  #end(mux: StdioMux, why: string): void {
    mux.leaving = true;
    void mux.process.stop({ grace: stopGrace, why });
    this.#deps.release(mux.process);
  }

  /**
   * Conversations leave an outdated group once their calls are answered, and it ends with the last of them. With the newer
   * version they go on where nothing of theirs is lost with these processes, and begin anew where something is.
   */
  #finish(): void {
    const failure = this.#outdated;
    if (failure === null) return;
    for (const link of [...this.links]) {
      if (this.#isUsedBy(link)) continue;
      link.lose(failure, this.serves === 'session' || (link.subscriptions?.size ?? 0) > 0);
    }
    if (this.links.size === 0) for (const mux of [...this.#muxes.keys()]) this.#retire(mux);
  }

  #isUsedBy(link: StdioLink): boolean {
    if (this.#queue.some((waiting) => waiting.link === link)) return true;
    return [...this.#muxes.keys()].some((mux) => mux.isUsedBy(link));
  }

  #idleSince(mux: StdioMux): number | null {
    if (this.serves === 'session' && this.links.size > 0) return null;
    if (mux.waiting > 0 || mux.hasQuestions || this.#tasks.runsAt(mux, this.#deps.clock.now())) return null;
    for (const at of this.#subscribed.values()) if (at === mux) return null;
    return mux.usedAt;
  }

  #settle(): void {
    if (this.isEmpty) this.#deps.onEmpty();
  }
}

function ownRequest(method: string, params: object = {}): Outbound {
  const raw = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 0, method, params }));
  return { message: parseMessage(raw, { maxDepth: 10, check: 'structure' }), edits: [] };
}

const deaf: CallSink = { related() {}, answer() {}, fail() {}, hasRoom: () => true, onRoom() {} };
