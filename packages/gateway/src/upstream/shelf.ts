import type { Failure } from '@mcpvault/domain/failure';
import type { Pending } from './duplex-link.ts';
import { Pendings } from './pendings.ts';
import type { Wire, WireEvents } from './wire.ts';

/** Milliseconds that a connection is kept for the next message. */
const keptFor = 30_000;
const mostKept = 8;

/** Connections between two uses, so that messages which belong to no session need not open one each. */
export class Shelf {
  readonly #wires = new Map<string, ShelvedWire[]>();

  /** One that lies here under this key, else a new one; closing it lays it back. */
  take(key: string, open: (events: WireEvents) => Wire): ShelvedWire {
    return this.#wires.get(key)?.pop() ?? new ShelvedWire(open, (wire) => this.#layBack(key, wire));
  }

  close(): void {
    for (const wires of this.#wires.values()) for (const wire of wires) wire.end();
    this.#wires.clear();
  }

  /** False when it is not wanted. */
  #layBack(key: string, wire: ShelvedWire): boolean {
    const wires = this.#wires.get(key) ?? [];
    if (wires.length >= mostKept) return false;
    wires.push(wire);
    this.#wires.set(key, wires);
    wire.leaving = () => {
      const left = (this.#wires.get(key) ?? []).filter((each) => each !== wire);
      if (left.length === 0) this.#wires.delete(key);
      else this.#wires.set(key, left);
    };
    return true;
  }
}

export class ShelvedWire implements Wire, WireEvents {
  readonly pendings = new Pendings<Pending>();
  readonly #wire: Wire;
  readonly #layBack: (wire: ShelvedWire) => boolean;
  #user: WireEvents | null = null;
  #gone = false;
  #timer: NodeJS.Timeout | null = null;
  leaving: (() => void) | null = null;

  constructor(open: (events: WireEvents) => Wire, layBack: (wire: ShelvedWire) => boolean) {
    this.#layBack = layBack;
    this.#wire = open(this);
  }

  /** Serves this link until it closes. */
  serve(user: WireEvents): this {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#user = user;
    return this;
  }

  send(...message: Parameters<Wire['send']>): void {
    this.#wire.send(...message);
  }

  pause(): void {
    this.#wire.pause();
  }

  resume(): void {
    this.#wire.resume();
  }

  close(): void {
    this.#user = null;
    this.#wire.resume();
    if (this.#gone || !this.#layBack(this)) return this.end();
    this.#timer = setTimeout(() => this.end(), keptFor);
    this.#timer.unref();
  }

  end(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.leaving?.();
    this.#wire.close();
  }

  message(bytes: Buffer): void {
    this.#user?.message(bytes);
  }

  lost(failure: Failure): void {
    this.#gone = true;
    this.leaving?.();
    this.#user?.lost(failure);
  }
}
