// What work left lying around is given back once a hub has nothing to do. While it works, looking for garbage costs its calls
// time; at rest it costs nobody anything, and without being asked the engine does not look then.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export interface RestDeps {
  /** Milliseconds of processor time that the process has used so far. */
  used(): number;
  /** Gives back what can be given back; takes a moment. */
  giveBack(): void;
}

const lookEvery = 5_000;
/** Shares of a processor. Between them, nothing is said of it. */
const working = 0.2;
const resting = 0.06;
/** Looks in a row. */
const restedFor = 3;

/** Call it every `milliseconds`: gives back once after each time of work. */
export function createRest({ used, giveBack }: RestDeps): (milliseconds: number) => void {
  let before = used();
  let worked = true;
  let rested = 0;
  return (milliseconds) => {
    const now = used();
    const share = (now - before) / milliseconds;
    before = now;
    rested = share < resting ? rested + 1 : 0;
    if (share > working) worked = true;
    if (!worked || rested < restedFor) return;
    worked = false;
    giveBack();
    before = used();
  };
}

/** For a whole process; does not keep it alive. */
export function giveBackAtRest(): void {
  const collect = collector();
  const used = (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  const look = createRest({ used, giveBack: () => collect({ type: 'major', flavor: 'last-resort' }) });
  setInterval(() => look(lookEvery), lookEvery).unref();
}

type Collect = (how: { readonly type: 'major'; readonly flavor: 'last-resort' }) => void;

/** The engine's own, which only new contexts get to see, and only while the flag is set. */
function collector(): Collect {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as Collect;
  setFlagsFromString('--no-expose-gc');
  return collect;
}
