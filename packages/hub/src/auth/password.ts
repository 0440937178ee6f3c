// Passwords: argon2id, 19 MiB, two passes (the OWASP minimum for a server that answers many).
import { hash, verify } from '@node-rs/argon2';
import { Failure } from '@mcpvault/domain/failure';

export interface Passwords {
  hash(password: string): Promise<string>;
  /** With no hash to compare it still takes as long, so that the time says nothing about who exists. */
  matches(password: string, hash: string | null): Promise<boolean>;
}

// `Algorithm.Argon2id`; its enum does not exist at run time.
const argon2id = 2;
const usual: PasswordCost = { memoryCost: 19_456, timeCost: 2 };
/** Each hash takes 19 MiB and a thread; more at once would starve everything else. */
const atOnce = 2;
const waitingAtMost = 100;

/** What a hash takes: kibibytes, and passes over them. */
export interface PasswordCost {
  readonly memoryCost: number;
  readonly timeCost: number;
}

/** `nobody` is any text that no one uses as a password; less than the usual cost is for tests. */
export async function createPasswords(nobody: string, cost: PasswordCost = usual): Promise<Passwords> {
  const options = { algorithm: argon2id, parallelism: 1, ...cost };
  const turn = createTurns();
  const dummy = await hash(nobody, options);
  return {
    hash: (password) => turn(() => hash(password, options)),
    matches: (password, stored) =>
      turn(async () => {
        const same = await verify(stored ?? dummy, password, options);
        return same && stored !== null;
      }),
  };
}

function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let free = atOnce;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free--;
    else if (waiting.length < waitingAtMost) await new Promise<void>((resolve) => waiting.push(resolve));
    else throw new Failure('busy', 'Too many sign-ins at once; try again in a moment.', { retryAfter: 2 });
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      // Whoever waits longest gets the turn itself, so that nobody slips in between.
      if (next) next();
      else free++;
    }
  };
}
