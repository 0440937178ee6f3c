import { closedLoop } from '../load/closed-loop.ts';
import { EchoCall } from '../load/echo-call.ts';
import { endSessions, openSessions } from '../load/sessions.ts';
import type { DriftCase } from './case.ts';
import type { Result } from './result.ts';
import type { Stage } from './stage.ts';

const sampleSeconds = 10;
const warmSeconds = 60;
const sessionsAtOnce = 32;

/** Memory of a hub of its own under load, for long. The first minute does not count: then it still fills its caches. */
export async function runDriftCase(it: DriftCase, stage: Stage): Promise<Result> {
  await using hub = await stage.startHub();
  const sessions = await openSessions(sessionsAtOnce, () => hub.endpoint('http'));
  const loads = sessions.map((session, at) => new EchoCall(session, 'echo', at, 1000));
  const main: number[] = [];
  const whole: number[] = [];
  let calls = 0;
  let { errors } = await closedLoop(loads, warmSeconds);
  for (let seconds = 0; seconds < it.minutes * 60; seconds += sampleSeconds) {
    const loaded = await closedLoop(loads, sampleSeconds);
    calls += loaded.calls;
    errors += loaded.errors;
    const memory = hub.tree.memory();
    main.push(memory.main);
    whole.push(memory.whole);
  }
  await endSessions(sessions);
  return { kind: 'drift', name: it.name, minutes: it.minutes, calls, errors, main, whole };
}
