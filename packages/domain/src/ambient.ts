// What a pure function may not reach for by itself: time, ids, randomness. Hosts pass them in.

export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Microseconds of a clock that never goes back; only differences mean something. */
  micros(): number;
}

export interface Ids {
  /** A new id such as `srv_01k…`: the prefix, then 26 characters that sort by time of making. */
  next<Prefix extends string>(prefix: Prefix): `${Prefix}_${string}`;
}

export interface Random {
  /** Cryptographically strong random bytes. */
  bytes(length: number): Uint8Array;
}

export interface Ambient {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
}
