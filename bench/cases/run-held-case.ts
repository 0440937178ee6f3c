import { setTimeout as sleep } from 'node:timers/promises';
import { EchoCall } from '../load/echo-call.ts';
import { closedLoop } from '../load/closed-loop.ts';
import { endSessions, openSessions } from '../load/sessions.ts';
import type { RunningHub } from '../hub/start-hub.ts';
import type { HeldCase } from './case.ts';
import type { Result } from './result.ts';
import type { Stage } from './stage.ts';

/** No member has more than so many, as the hub's settings have it. */
const sessionsPerMember = 500;
const settleMs = 5_000;
const idleSeconds = 5;

/** A hub of its own holds sessions of many members that do nothing. Their clients let idle connections go. */
export async function runHeldCase(it: HeldCase, stage: Stage): Promise<Result> {
  const members = Math.ceil(it.sessions / sessionsPerMember) + 1;
  await using hub = await stage.startHub({ members });
  await warm(hub);
  await sleep(settleMs);
  const before = hub.tree.memory();
  let errors = 0;
  const sessions = await openSessions(
    it.sessions,
    (at) => hub.endpoint('http', hub.tokens[1 + (at % (members - 1))]),
    async (session) => {
      session.connection.close();
      if (it.streams && (await session.listen()) !== 200) errors++;
    },
  );
  await sleep(settleMs);
  const after = hub.tree.memory();
  const idle = await idleShare(hub);
  await endSessions(sessions);
  return {
    kind: 'held',
    name: it.name,
    sessions: it.sessions,
    streams: it.streams,
    mainEach: (after.main - before.main) / it.sessions,
    wholeEach: (after.whole - before.whole) / it.sessions,
    idle,
    errors,
  };
}

/** So that what the hub needs for working at all is there before. */
async function warm(hub: RunningHub): Promise<void> {
  const sessions = await openSessions(16, () => hub.endpoint('http'));
  await closedLoop(
    sessions.map((session, at) => new EchoCall(session, 'echo', at, 100)),
    3,
  );
  await endSessions(sessions);
}

async function idleShare({ tree }: RunningHub): Promise<number> {
  const before = tree.usage();
  await sleep(idleSeconds * 1000);
  const after = tree.usage();
  return (after.main.cpu + after.database.cpu - before.main.cpu - before.database.cpu) / (idleSeconds * 1000);
}
