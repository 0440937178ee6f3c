import { EchoCall, type Load } from '../load/echo-call.ts';
import type { Endpoint, McpSession } from '../load/mcp-session.ts';
import { endSessions, openSessions } from '../load/sessions.ts';
import type { RunningHub } from '../hub/start-hub.ts';
import { compare, type Contender, type Pace } from '../measure/compare.ts';
import type { HubCase } from './case.ts';
import type { Result } from './result.ts';
import type { Stage } from './stage.ts';

const underway = 32;
const tokens = 200;

/** The hub against itself: with one token and with many, with the record and without. */
export async function runHubCase(it: HubCase, stage: Stage, hub: RunningHub, pace: Pace): Promise<Result> {
  await using other = it.kind === 'record' ? await stage.startHub({ recording: false }) : null;
  const sessions: McpSession[] = [];
  const contender = async (name: string, of: RunningHub, count: number, endpoint: (at: number) => Endpoint) => {
    const own = await openSessions(count, endpoint);
    sessions.push(...own);
    return { name, tree: of.tree, loads: turns(own, it.bytes) };
  };
  try {
    const contenders: Contender[] = [];
    if (other === null) {
      const one = hub.endpoint('http');
      contenders.push(await contender('one token', hub, tokens, () => one));
      const many = (at: number): Endpoint => hub.endpoint('http', hub.tokens[at % hub.tokens.length]);
      contenders.push(await contender(`${tokens} tokens`, hub, tokens, many));
    } else {
      contenders.push(await contender('record off', other, underway, () => other.endpoint('http')));
      contenders.push(await contender('record on', hub, underway, () => hub.endpoint('http')));
    }
    const slices = await compare(contenders, pace);
    const measured = [...slices].map(([name, all]) => ({ name, slices: all }));
    return { kind: 'compared', name: it.name, contenders: measured, loopDelay: null };
  } finally {
    await endSessions(sessions);
  }
}

/** So many loads as are under way at once, each going round among sessions of its own. */
function turns(sessions: readonly McpSession[], bytes: number): Load[] {
  const calls = sessions.map((session, at) => new EchoCall(session, 'echo', at, bytes));
  return Array.from({ length: underway }, (_, first) => {
    const own = calls.filter((_call, at) => at % underway === first);
    let next = 0;
    return { run: (done) => own[next++ % own.length]?.run(done) };
  });
}
