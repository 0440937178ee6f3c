import { EchoCall } from '../load/echo-call.ts';
import { fixedRate } from '../load/fixed-rate.ts';
import { endSessions, openSessions } from '../load/sessions.ts';
import { costOf } from '../measure/compare.ts';
import type { DriftCase } from './case.ts';
import type { Result } from './result.ts';
import type { Stage } from './stage.ts';

const sampleSeconds = 10;
const warmSeconds = 60;
const sessionsAtOnce = 64;
/** Well below what a hub can do, so that its record keeps up and what grows, grows by itself. */
const callsPerSecond = 2_000;

/** Memory of a hub of its own under load, for long. The first minute does not count: then it still fills its caches. */
export async function runDriftCase(it: DriftCase, stage: Stage, minutes: number): Promise<Result> {
  await using hub = await stage.startHub();
  const sessions = await openSessions(sessionsAtOnce, () => hub.endpoint('http'));
  const loads = sessions.map((session, at) => new EchoCall(session, 'echo', at, 1000));
  const main: number[] = [];
  const whole: number[] = [];
  let calls = 0;
  let { errors } = await fixedRate(loads, callsPerSecond, warmSeconds);
  const before = hub.tree.usage();
  for (let seconds = 0; seconds < minutes * 60; seconds += sampleSeconds) {
    const loaded = await fixedRate(loads, callsPerSecond, sampleSeconds);
    calls += loaded.calls;
    errors += loaded.errors;
    const memory = hub.tree.memory();
    main.push(memory.main);
    whole.push(memory.whole);
  }
  const cost = costOf(before, hub.tree.usage(), calls);
  await endSessions(sessions);
  return { kind: 'drift', name: it.name, minutes, calls, errors, cost, main, whole };
}
