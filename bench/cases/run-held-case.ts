import { setTimeout as sleep } from 'node:timers/promises';
import { EchoCall } from '../load/echo-call.ts';
import { closedLoop } from '../load/closed-loop.ts';
import { endSessions, openSessions } from '../load/sessions.ts';
import { mostOpenFiles } from '../hub/open-files.ts';
import type { RunningHub } from '../hub/start-hub.ts';
import { costOf } from '../measure/compare.ts';
import type { HeldCase } from './case.ts';
import type { Result } from './result.ts';
import type { Stage } from './stage.ts';

/** No member has more than so many, as the hub's settings have it. */
const sessionsPerMember = 500;
const soonMs = 3_000;
/** The engine gives back what it needed for working only after half a minute without work. */
const restMs = 60_000;
/** For a first look, which then shows more than is really held. */
const shortRestMs = 10_000;
const idleSeconds = 5;
/** Of the hub, for all else than streams. */
const otherFiles = 200;

/** A hub of its own holds sessions of many members that do nothing. Their clients let idle connections go. */
export async function runHeldCase(it: HeldCase, stage: Stage, most: number, quick: boolean): Promise<Result> {
  const rest = () => sleep(quick ? shortRestMs : restMs);
  // With a stream, the hub holds two connections: the client's and its own to the server.
  const room = it.streams ? Math.floor((mostOpenFiles() - otherFiles) / 2) : most;
  const count = Math.min(it.sessions, most, Math.floor(room / 100) * 100);
  const members = Math.ceil(count / sessionsPerMember) + 1;
  await using hub = await stage.startHub({ members });
  await warm(hub);
  await rest();
  const before = hub.tree.memory();
  const usedBefore = hub.tree.usage();
  let errors = 0;
  const sessions = await openSessions(
    count,
    (at) => hub.endpoint('http', hub.tokens[1 + (at % (members - 1))]),
    async (session) => {
      session.connection.close();
      if (it.streams && (await session.listen()) !== 200) errors++;
    },
  );
  await sleep(soonMs);
  const opened = hub.tree.memory();
  const cost = costOf(usedBefore, hub.tree.usage(), count);
  await rest();
  const held = hub.tree.memory();
  const idle = await idleShare(hub);
  await endSessions(sessions);
  await rest();
  const left = hub.tree.memory();
  return {
    kind: 'held',
    name: it.name,
    sessions: count,
    streams: it.streams,
    openedEach: (opened.main - before.main) / count,
    mainEach: (held.main - before.main) / count,
    wholeEach: (held.whole - before.whole) / count,
    leftEach: (left.main - before.main) / count,
    cost,
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
