import type { Clock } from '@mcpvault/domain/ambient';
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import { Failure } from '@mcpvault/domain/failure';
import type { Log } from '../ports.ts';
import type { StdioHop } from './stdio-link.ts';
import type { StdioMux } from './stdio-mux.ts';

export interface MuxPoolDeps {
  readonly server: ServerEntry;
  readonly serves: StdioHop['serves'];
  readonly clock: Clock;
  readonly log: Log;
  /** Starts a process, or finds it, by its place among the others. Throws a `Failure` when it cannot be had. */
  make(place: number): StdioMux;
  /** One more may get calls. */
  onReady(): void;
  /** One could not be started or opened, and there is none that could take the calls. */
  onTrouble(failure: Failure): void;
}

/** With fewer calls under way than this, another process would not be worth its start. */
const growAt = 8;
/** Microseconds that a process may owe answers in silence before calls go elsewhere, where they can. */
const unwell = 15_000_000;

/** The processes of one group: as many as its calls need, and no more than it may have. */
export class MuxPool {
  readonly #deps: MuxPoolDeps;
  readonly most: number;
  readonly #atOnce: number;
  /** Those that may get calls. */
  #ready: StdioMux[] = [];
  /** All that run, by the place that each has. */
  readonly #muxes = new Map<StdioMux, number>();
  #starting = 0;
  /** Microseconds: no further process is started before. */
  #growAfter = 0;
  /** Why no process is started any more. */
  closed: Failure | null = null;

  constructor(deps: MuxPoolDeps) {
    this.#deps = deps;
    const { isolation, processes } = deps.server;
    this.most = isolation === 'shared' && deps.serves !== 'session' ? processes.connections : 1;
    this.#atOnce = deps.serves === 'session' ? Number.POSITIVE_INFINITY : processes.callsPerConnection;
  }

  /** All that run, in the order in which they were started. */
  all(): readonly StdioMux[] {
    return [...this.#muxes.keys()];
  }

  get size(): number {
    return this.#muxes.size;
  }

  /** How many may get calls. */
  get ready(): number {
    return this.#ready.length;
  }

  /** None may get calls, and none is about to. */
  get isDown(): boolean {
    return this.#ready.length === 0 && this.#starting === 0;
  }

  /** Calls that all processes together get at once. */
  get room(): number {
    return this.#atOnce * this.most;
  }

  /** The process with the fewest calls, if it has room for one more; starts another where that helps. */
  freest(): StdioMux | null {
    const best = this.#fewest();
    if (best !== null) {
      const crowded = best.waiting >= growAt && this.#ready.length < this.most;
      if (crowded && best.isBehind(this.#deps.clock.micros())) this.#grow();
      return best;
    }
    this.#grow();
    return this.#fewest();
  }

  /** Throws a `Failure` when no process can be had. */
  start(): void {
    if (this.closed !== null) throw this.closed;
    const taken = new Set([...this.#muxes].filter(([mux]) => !mux.process.ending).map(([, at]) => at));
    let place = 0;
    while (taken.has(place)) place++;
    const mux = this.#deps.make(place);
    this.#muxes.set(mux, place);
    if (this.#deps.serves !== 'sessions') this.#ready.push(mux);
    else this.#open(mux);
  }

  /** Calls back with a process that is open, which this may start, or with why there is none. */
  whenOpen(ready: (found: StdioMux | Failure) => void): void {
    let mux = this.#usable();
    if (mux === undefined) {
      try {
        this.start();
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        return queueMicrotask(() => ready(error));
      }
      mux = this.#usable();
    }
    const opened = mux;
    opened?.opening.whenSettled((failure) => ready(failure ?? opened));
  }

  /** It gets no further calls. */
  spare(mux: StdioMux): void {
    this.#ready = this.#ready.filter((each) => each !== mux);
  }

  /** It has ended. */
  remove(mux: StdioMux): void {
    this.spare(mux);
    this.#muxes.delete(mux);
  }

  /** A process that stays silent is spared further calls as long as others are there, and gets some again once it speaks. */
  watch(mux: StdioMux, now: number): void {
    if (this.most === 1 || mux.leaving) return;
    const isReady = this.#ready.includes(mux);
    const isWell = mux.silentFor(now) < unwell;
    if (isReady && !isWell) {
      this.spare(mux);
      const fields = { server: this.#deps.server.name, process: mux.process.id };
      this.#deps.log.warn(fields, 'a process owes answers and is silent; calls go to others');
    } else if (!isReady && isWell && (this.#deps.serves !== 'sessions' || mux.opening.isOpen)) this.#ready.push(mux);
  }

  #fewest(): StdioMux | null {
    let best: StdioMux | null = null;
    for (const mux of this.#ready) {
      if (mux.waiting < this.#atOnce && (best === null || mux.waiting < best.waiting) && !mux.process.ending)
        best = mux;
    }
    return best;
  }

  #usable(): StdioMux | undefined {
    const usable = (mux: StdioMux): boolean => !mux.leaving && !mux.process.ending;
    return this.#ready.find(usable) ?? this.all().find(usable);
  }

  #grow(): void {
    if (this.closed !== null || this.#starting > 0) return;
    this.#ready = this.#ready.filter((mux) => !mux.process.ending);
    if (this.#ready.length >= this.most || this.#deps.clock.micros() < this.#growAfter) return;
    try {
      this.start();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.#trouble(error);
    }
  }

  #open(mux: StdioMux): void {
    this.#starting++;
    mux.opening.whenSettled((failure) => {
      this.#starting--;
      if (failure !== null) {
        mux.leaving = true;
        return this.#trouble(failure);
      }
      if (this.#muxes.has(mux) && !mux.leaving) this.#ready.push(mux);
      this.#deps.onReady();
    });
  }

  /** As long as others run, they take the calls; where none does, nobody need wait. */
  #trouble(failure: Failure): void {
    const retry = failure.details?.['retryAfterMs'];
    this.#growAfter = this.#deps.clock.micros() + (typeof retry === 'number' ? retry : 1_000) * 1_000;
    if (!this.isDown) return;
    this.#growAfter = 0;
    this.#deps.onTrouble(failure);
  }
}
