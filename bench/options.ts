import { parseArgs } from 'node:util';
import type { Pace } from './measure/compare.ts';

export interface Options {
  readonly help: boolean;
  /** Names of cases, or beginnings of them with a `*`; none means all. */
  readonly only: readonly string[];
  readonly drift: boolean;
  /** Where everything that was measured is written to; null for nowhere. */
  readonly json: string | null;
  readonly pace: Pace;
  readonly quick: boolean;
  /** Of load, for the case `drift`. */
  readonly minutes: number;
  /** Held at most by the cases that hold sessions. */
  readonly sessions: number;
}

export const usage = `npm run bench -- [options]

Measures what MCPVault adds to calls, against the same calls made directly and through references, in one session.

  --quick        fewer and shorter rounds, fewer sessions, one minute of drift: a first look
  --only A,B*    only these cases
  --drift        also ten minutes of load, watching memory
  --rounds N     rounds of each case
  --seconds N    seconds of each round
  --sessions N   sessions that are held at most
  --minutes N    minutes of drift
  --json FILE    write everything that was measured to FILE
`;

/** Throws an Error whose message says what is wrong. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      drift: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      sessions: { type: 'string' },
      minutes: { type: 'string' },
      json: { type: 'string' },
    },
  });
  const pace = values.quick ? quick : thorough;
  return {
    help: values.help,
    only: values.only.flatMap((list) => list.split(',')).filter((name) => name !== ''),
    drift: values.drift,
    json: values.json ?? null,
    quick: values.quick,
    pace: {
      rounds: number('rounds', values.rounds, pace.rounds, 100),
      seconds: number('seconds', values.seconds, pace.seconds, 60),
      warmSeconds: pace.warmSeconds,
    },
    minutes: number('minutes', values.minutes, values.quick ? 1 : 10, 600),
    sessions: number('sessions', values.sessions, values.quick ? 2_000 : 10_000, 100_000),
  };
}

const thorough: Pace = { rounds: 9, seconds: 2, warmSeconds: 6 };
const quick: Pace = { rounds: 3, seconds: 1.5, warmSeconds: 5 };

function number(name: string, text: string | undefined, preset: number, most: number): number {
  if (text === undefined) return preset;
  const value = Number(text);
  if (Number.isFinite(value) && value > 0 && value <= most) return value;
  throw new Error(`--${name} takes a number up to ${most}`);
}
