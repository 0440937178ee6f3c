import { type Endpoint, McpSession } from './mcp-session.ts';

const atOnce = 16;

/** Opens so many sessions, a few at a time; session i on the endpoint that `endpointOf(i)` answers. */
export async function openSessions(
  count: number,
  endpointOf: (at: number) => Endpoint,
  opened: (session: McpSession) => void | Promise<void> = () => {},
): Promise<McpSession[]> {
  const sessions: McpSession[] = [];
  await eachOf(count, async (at) => {
    const session = new McpSession(endpointOf(at));
    await session.open();
    await opened(session);
    sessions.push(session);
  });
  return sessions;
}

export async function endSessions(sessions: readonly { end(): Promise<void> }[]): Promise<void> {
  await eachOf(sessions.length, async (at) => sessions[at]?.end());
}

async function eachOf(count: number, work: (at: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker));
}
